import { columnWidths } from "../../src/shared/panels/tableLayout";

export interface HeadActions {
	/** A click, or Enter: with `adds`, beside the sorts there are. Absent where columns have no order. */
	sort?: (column: number, adds: boolean) => void;
	/** While the grip is held; `isDone` when it is let go. -1 is the name. */
	resize(column: number, width: number, isDone: boolean): void;
	/** Before which column the dragged one would land; null: nowhere. */
	dragOver(column: number, before: number | null): void;
	move(column: number, before: number): void;
}

/** Less is a click with an unsteady hand. */
const dragAfterPixels = 5;

/** The width a column gets that was asked to be so wide. */
export function fittingWidth(width: number): number {
	return Math.max(columnWidths.least, Math.min(columnWidths.most, width));
}

/** Resizing by the grip, moving by the heading, sorting by a click: one pointer at a time. */
export function followHeadPointer(event: PointerEvent, actions: HeadActions): void {
	if (event.button !== 0 || !(event.target instanceof HTMLElement)) return;
	const cell = event.target.closest<HTMLElement>("[data-column]");
	if (!cell) return;
	const column = Number(cell.dataset.column);
	if (event.target.closest("[data-part=grip]")) followResize(event, cell, column, actions);
	else followMove(event, column, actions);
}

function followResize(start: PointerEvent, cell: HTMLElement, column: number, actions: HeadActions): void {
	start.preventDefault();
	const width = cell.getBoundingClientRect().width;
	const at = (event: PointerEvent) => fittingWidth(Math.round(width + event.clientX - start.clientX));
	follow(
		(event) => actions.resize(column, at(event), false),
		(event) => actions.resize(column, at(event), true),
	);
}

function followMove(start: PointerEvent, column: number, actions: HeadActions): void {
	let before: number | null = null;
	let isDragging = false;
	follow(
		(event) => {
			isDragging ||= Math.abs(event.clientX - start.clientX) > dragAfterPixels;
			if (!isDragging || column < 0) return;
			before = columnUnder(event.clientX);
			actions.dragOver(column, before);
		},
		(event) => {
			if (!isDragging) actions.sort?.(column, event.shiftKey);
			else if (before !== null) actions.move(column, before);
			actions.dragOver(column, null);
		},
	);
}

/** The column before which a drop at this x would land: the nearest edge of a heading. */
function columnUnder(x: number): number | null {
	let found: number | null = null;
	let nearest = Number.POSITIVE_INFINITY;
	for (const cell of document.querySelectorAll<HTMLElement>("[data-column]")) {
		const column = Number(cell.dataset.column);
		if (column < 0) continue;
		const { left, right } = cell.getBoundingClientRect();
		for (const [edge, before] of [
			[left, column],
			[right, column + 1],
		] as const) {
			if (Math.abs(edge - x) >= nearest) continue;
			nearest = Math.abs(edge - x);
			found = before;
		}
	}
	return found;
}

function follow(onMove: (event: PointerEvent) => void, onEnd: (event: PointerEvent) => void): void {
	const stop = new AbortController();
	const { signal } = stop;
	window.addEventListener("pointermove", onMove, { signal });
	window.addEventListener(
		"pointerup",
		(event) => {
			stop.abort();
			onEnd(event);
		},
		{ signal },
	);
	window.addEventListener("pointercancel", () => stop.abort(), { signal });
}
