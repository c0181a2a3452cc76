import * as three from "three";
import { Push } from "./push";
import type { Viewing } from "./viewing";
import { orbit, pan, zoom } from "./viewpoint";

/** Pixels that a press may move and still be a click. */
const clickPx = 4;
const wheelFactor = 1.0015;

type Drag = "orbit" | "pan" | "push";

/** The pointer over the picture: drag turns, shift or the right button moves, ctrl pulls a body, a click picks one. */
export function followPointer(canvas: HTMLCanvasElement, viewing: Viewing): void {
	let drag: Drag | null = null;
	let last = { x: 0, y: 0 };
	let wayPx = 0;
	let plane: three.Plane | null = null;

	const at = (event: PointerEvent) => {
		const { left, top, width, height } = canvas.getBoundingClientRect();
		const share = viewing.stage?.splits === true ? 2 : 1;
		const x = ((event.clientX - left) / width) * 2 * share - 1;
		return { x, y: 1 - ((event.clientY - top) / height) * 2 };
	};

	canvas.addEventListener("pointerdown", (event) => {
		canvas.focus();
		canvas.setPointerCapture(event.pointerId);
		last = { x: event.clientX, y: event.clientY };
		wayPx = 0;
		drag = event.ctrlKey || event.metaKey ? "push" : event.button !== 0 || event.shiftKey ? "pan" : "orbit";
		if (drag !== "push") return;
		const { x, y } = at(event);
		const found = viewing.stage?.pick(x, y);
		const { state, stage } = viewing;
		if (!found || !state || !stage || found.body === 0) {
			drag = null;
			return;
		}
		viewing.picked = found.body;
		viewing.push = new Push(state, found.body, [found.point.x, found.point.y, found.point.z]);
		plane = new three.Plane().setFromNormalAndCoplanarPoint(stage.forward, found.point);
		viewing.changed();
	});

	canvas.addEventListener("pointermove", (event) => {
		if (drag === null) return;
		const height = canvas.clientHeight;
		const [x, y] = [(event.clientX - last.x) / height, (event.clientY - last.y) / height];
		wayPx += Math.abs(event.clientX - last.x) + Math.abs(event.clientY - last.y);
		last = { x: event.clientX, y: event.clientY };
		if (drag === "orbit" && wayPx > clickPx) viewing.look((viewpoint) => orbit(viewpoint, x, y));
		if (drag === "pan") {
			viewing.tracked = null;
			viewing.look((viewpoint) => pan(viewpoint, x, y, viewing.stage?.fovy ?? 45));
		}
		if (drag === "push" && viewing.push && plane && viewing.stage) {
			const place = at(event);
			const point = viewing.stage.ray(place.x, place.y).ray.intersectPlane(plane, new three.Vector3());
			if (point) viewing.push.target = [point.x, point.y, point.z];
			viewing.invalidate();
		}
	});

	const end = (event: PointerEvent) => {
		if (drag === "orbit" && wayPx <= clickPx) {
			const { x, y } = at(event);
			viewing.picked = viewing.stage?.pick(x, y)?.body ?? null;
			viewing.changed();
		}
		release(viewing);
		drag = null;
	};
	canvas.addEventListener("pointerup", end);
	canvas.addEventListener("pointercancel", end);
	canvas.addEventListener("contextmenu", (event) => event.preventDefault());
	canvas.addEventListener(
		"wheel",
		(event) => {
			event.preventDefault();
			const extent = viewing.physics?.extent ?? 1;
			viewing.look((viewpoint) => zoom(viewpoint, wheelFactor ** event.deltaY, extent));
		},
		{ passive: false },
	);
}

export function release(viewing: Viewing): void {
	viewing.push?.release();
	viewing.push = null;
	viewing.invalidate();
}
