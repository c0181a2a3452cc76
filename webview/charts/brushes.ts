import type { Quantity } from "./quantities";

export type Brush = readonly [number, number];

/** Is the run within every brushed axis that is shown? Without a value on one, it is not. */
export function isInBrushes(
	key: string,
	columns: readonly Quantity[],
	brushes: Readonly<Record<string, Brush>>,
): boolean {
	return columns.every((column) => {
		const brush = brushes[column.id];
		if (!brush) return true;
		const place = column.place(key);
		return place !== null && place >= brush[0] - 1e-9 && place <= brush[1] + 1e-9;
	});
}

/** How far one press of an arrow goes. */
const keyStep = 0.05;
/** A drag shorter than this part of the axis clears its brush. */
const leastBrush = 0.01;

/** Arrows move the range, with Shift they move its lower edge; Escape clears it. */
export function brushByKey(event: KeyboardEvent, brush: Brush | null, set: (brush: Brush | null) => void): void {
	const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
	if (event.key === "Escape" && brush) set(null);
	else if (direction === undefined) return;
	else set(event.shiftKey ? grown(brush ?? [0, 1], direction) : moved(brush ?? [0, 1], direction));
	event.preventDefault();
	event.stopPropagation();
}

/** A whole axis has no room to move: the first press takes its half on that side. */
export function moved([low, high]: Brush, direction: number): Brush {
	if (high - low >= 1) return direction > 0 ? [0.5, 1] : [0, 0.5];
	const by = direction > 0 ? Math.min(keyStep, 1 - high) : Math.max(-keyStep, -low);
	return [low + by, high + by];
}

export function grown([low, high]: Brush, direction: number): Brush {
	return [Math.min(high - keyStep, Math.max(0, low - direction * keyStep)), high];
}

export function brushFromDrag(
	event: PointerEvent,
	top: number,
	height: number,
	set: (brush: Brush | null) => void,
): void {
	const { currentTarget } = event;
	if (!(currentTarget instanceof Element) || event.button !== 0) return;
	const frame = currentTarget.closest("svg");
	if (!frame) return;
	const placeOf = (pointer: PointerEvent) =>
		Math.min(1, Math.max(0, 1 - (pointer.clientY - frame.getBoundingClientRect().top - top) / height));
	const from = placeOf(event);
	const move = (pointer: PointerEvent) => {
		const to = placeOf(pointer);
		set(Math.abs(to - from) < leastBrush ? null : [Math.min(from, to), Math.max(from, to)]);
	};
	const up = (pointer: PointerEvent) => {
		move(pointer);
		window.removeEventListener("pointermove", move);
		window.removeEventListener("pointerup", up);
	};
	window.addEventListener("pointermove", move);
	window.addEventListener("pointerup", up);
}
