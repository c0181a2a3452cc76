import { type Plot, valueAtX } from "./plot";
import { panned, type Range, zoomed } from "./ranges";

export interface GestureTarget {
	plot(): Plot | null;
	hover(px: number, py: number): void;
	leave(): void;
	/** The part being dragged over, in pixels; null when the drag is over. */
	select(pixels: Range | null): void;
	/** A new part of the x axis. */
	zoom(range: Range): void;
	reset(): void;
	/** A press that did not move; with Ctrl or ⌘ it goes to what is there. */
	click(px: number, py: number, isGoing: boolean): void;
}

/** A drag shorter than this is a click. */
const leastDragPx = 4;

/** Drag: zoom in x. Shift-drag: pan. Ctrl+wheel (a pinch is that too): zoom about the pointer. Double-click: everything. */
export function listenToGestures(element: HTMLElement, target: GestureTarget): void {
	let drag: { from: number; last: number; isPan: boolean; plot: Plot } | null = null;
	const at = (event: MouseEvent) => {
		const box = element.getBoundingClientRect();
		return { px: event.clientX - box.left, py: event.clientY - box.top };
	};
	const inPlot = (plot: Plot, px: number) => Math.min(plot.right, Math.max(plot.left, px));

	element.addEventListener("pointerdown", (event) => {
		const plot = target.plot();
		if (!plot || event.button !== 0) return;
		const { px } = at(event);
		drag = { from: inPlot(plot, px), last: px, isPan: event.shiftKey, plot };
		element.setPointerCapture(event.pointerId);
	});
	element.addEventListener("pointermove", (event) => {
		const { px, py } = at(event);
		if (!drag) {
			target.hover(px, py);
			return;
		}
		const { plot, from } = drag;
		drag.last = px;
		if (drag.isPan) {
			target.zoom(panned(plot.xRange, (from - px) / (plot.right - plot.left), plot.logX));
		} else {
			const to = inPlot(plot, px);
			target.select(Math.abs(to - from) >= leastDragPx ? [Math.min(from, to), Math.max(from, to)] : null);
		}
	});
	element.addEventListener("pointerup", (event) => {
		const ended = drag;
		drag = null;
		target.select(null);
		if (!ended || ended.isPan) return;
		const { px, py } = at(event);
		const to = inPlot(ended.plot, px);
		if (Math.abs(to - ended.from) < leastDragPx) {
			target.click(px, py, event.ctrlKey || event.metaKey);
			return;
		}
		target.zoom([valueAtX(ended.plot, Math.min(ended.from, to)), valueAtX(ended.plot, Math.max(ended.from, to))]);
	});
	element.addEventListener("pointercancel", () => {
		drag = null;
		target.select(null);
	});
	element.addEventListener("pointerleave", () => {
		if (!drag) target.leave();
	});
	element.addEventListener("dblclick", () => target.reset());
	element.addEventListener(
		"wheel",
		(event) => {
			const plot = target.plot();
			if (!event.ctrlKey || !plot) return;
			event.preventDefault();
			const factor = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * 0.002)));
			target.zoom(zoomed(plot.xRange, valueAtX(plot, inPlot(plot, at(event).px)), factor, plot.logX));
		},
		{ passive: false },
	);
}
