import { release } from "./gestures";
import { Push } from "./push";
import type { ViewerActions } from "./viewerActions";
import type { Viewing } from "./viewing";
import { axesOf, orbit, pan, zoom } from "./viewpoint";

export const keyHelp: readonly (readonly [keys: string, what: string])[] = [
	["Space", "play or pause"],
	[". ,", "one step on, one step back"],
	["R", "reset"],
	["K", "next keyframe"],
	["← → ↑ ↓", "turn the view (Shift: move it)"],
	["+ −", "nearer, farther"],
	["F", "the view that the model begins with"],
	["C", "next camera"],
	["B", "pick the next body (Shift: the one before)"],
	["T", "go along with the picked body"],
	["Ctrl+arrows", "push the picked body"],
	["[ ]", "slower, faster"],
	["P", "picture as PNG"],
	["Escape", "pick nothing"],
	["?", "this list"],
	["Drag", "turn the view (Shift or right button: move it)"],
	["Ctrl+drag", "pull a body by a spring"],
	["Wheel", "nearer, farther"],
];

/** Seconds for which a key pulls, and how far, in extents. */
const pushMs = 150;
const pushExtents = 0.5;

const ways: Readonly<Record<string, readonly [x: number, y: number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

/** The panel's keys. True when the key was one of them. */
export function pressKey(event: KeyboardEvent, viewing: Viewing, actions: ViewerActions): boolean {
	if (event.altKey || isTyping(event.target)) return false;
	const way = ways[event.key];
	if (way && (event.ctrlKey || event.metaKey)) return pushAlong(viewing, way);
	if (event.ctrlKey || event.metaKey) return false;
	if (way) {
		const step = 0.03;
		if (event.shiftKey) viewing.tracked = null;
		viewing.look((viewpoint) =>
			event.shiftKey
				? pan(viewpoint, -way[0] * step, -way[1] * step, viewing.stage?.fovy ?? 45)
				: orbit(viewpoint, -way[0] * step, -way[1] * step),
		);
		return true;
	}
	// A button that is in focus has the space bar for itself.
	if (event.key === " " && event.target instanceof HTMLButtonElement) return false;
	const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
	if (!action) return false;
	action(viewing, actions, event.shiftKey);
	return true;
}

const keys: Readonly<Record<string, (viewing: Viewing, actions: ViewerActions, isShift: boolean) => void>> = {
	" ": (_, actions) => actions.togglePlay(),
	".": (_, actions) => actions.step(),
	",": (_, actions) => actions.stepBack(),
	r: (_, actions) => actions.reset(),
	k: (_, actions) => actions.nextKeyframe(),
	"+": (viewing) => nearer(viewing, 1 / 1.15),
	"=": (viewing) => nearer(viewing, 1 / 1.15),
	"-": (viewing) => nearer(viewing, 1.15),
	f: (viewing) => viewing.resetView(),
	c: (_, actions) => actions.nextCamera(),
	b: (_, actions, isShift) => actions.nextBody(isShift ? -1 : 1),
	t: (_, actions) => actions.track(),
	"[": (_, actions) => actions.changeSpeed(-1),
	"]": (_, actions) => actions.changeSpeed(1),
	p: (_, actions) => void actions.savePicture(),
	Escape: (viewing) => {
		viewing.picked = null;
		viewing.changed();
	},
	"?": (_, actions) => actions.toggleHelp(),
};

function nearer(viewing: Viewing, factor: number): void {
	viewing.look((viewpoint) => zoom(viewpoint, factor, viewing.physics?.extent ?? 1));
}

function pushAlong(viewing: Viewing, [x, y]: readonly [number, number]): boolean {
	const { state, picked, viewpoint, physics } = viewing;
	if (!state || !physics || !viewpoint || picked === null || picked === 0) return false;
	const { right, up } = axesOf(viewpoint);
	const from = state.now.xipos.subarray(picked * 3, picked * 3 + 3);
	const point = [from[0] ?? 0, from[1] ?? 0, from[2] ?? 0] as const;
	const push = new Push(state, picked, point);
	const along = (k: 0 | 1 | 2) => point[k] + physics.extent * pushExtents * (x * right[k] - y * up[k]);
	push.target = [along(0), along(1), along(2)];
	viewing.push = push;
	setTimeout(() => viewing.push === push && release(viewing), pushMs);
	viewing.changed();
	return true;
}

function isTyping(target: EventTarget | null): boolean {
	if (target instanceof HTMLInputElement) return target.type !== "checkbox";
	return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
