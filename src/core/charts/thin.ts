import type { RangeWindow } from "./rangeWindow";
import type { Trace } from "./trace";

/** Fewer points per column than this on average are all drawn. */
const plentyPerColumn = 2;

export interface Thinned {
	/** Indices into the trace in drawing order; one that is not finite stands for a gap. */
	readonly kept: Int32Array;
	/** Indices into `kept` where a new attempt begins. */
	readonly breaks: readonly number[];
	/** Finite points kept inside the range. */
	readonly drawn: number;
}

/**
 * Thins a trace to pixel columns: of each column and attempt the first, the least, the greatest and the last finite
 * point, so that every column spans exactly the values it truly spans. Neighbours outside the range are kept.
 * A gap (values that are not finite) between two kept points is kept too, unless both lie in one column, where no eye
 * could see it.
 */
export function thin(trace: Trace, windows: readonly RangeWindow[], edges: Float64Array): Thinned {
	const columns = edges.length - 1;
	const total = windows.reduce((sum, { from, to }) => sum + to - from, 0);
	const everything = total <= columns * plentyPerColumn;
	const perWindow = (window: RangeWindow) =>
		everything ? window.to - window.from : Math.min(window.to - window.from, 8 * columns);
	const kept = new Int32Array(windows.reduce((sum, window) => sum + perWindow(window) + 4, 0));
	const breaks: number[] = [];
	let length = 0;
	let outside = 0;
	let gaps = 0;
	for (const window of windows) {
		const start = length;
		const pen = new Pen(trace, kept, length);
		if (window.before !== null) outside += pen.draw(window.before, -1);
		if (everything) for (let i = window.from; i < window.to; i++) pen.draw(i, i);
		else thinWindow(trace, window, edges, pen);
		if (window.after !== null) outside += pen.draw(window.after, -2);
		length = pen.length;
		gaps += pen.gaps;
		if (start > 0 && length > start) breaks.push(start);
	}
	return { kept: kept.slice(0, length), breaks, drawn: length - outside - gaps };
}

function thinWindow({ x, y }: Trace, { from, to }: RangeWindow, edges: Float64Array, pen: Pen): void {
	let column = 0;
	let i = from;
	while (i < to) {
		const position = x[i] ?? 0;
		while (position >= (edges[column + 1] ?? Number.POSITIVE_INFINITY)) column++;
		const end = edges[column + 1] ?? Number.POSITIVE_INFINITY;
		let first = -1;
		let last = -1;
		let least = -1;
		let greatest = -1;
		let low = Number.POSITIVE_INFINITY;
		let high = Number.NEGATIVE_INFINITY;
		for (; i < to && (x[i] ?? 0) < end; i++) {
			const value = y[i] ?? Number.NaN;
			if (value - value !== 0) {
				pen.lift(i);
				continue;
			}
			if (first < 0) first = i;
			last = i;
			if (value < low) {
				low = value;
				least = i;
			}
			if (value > high) {
				high = value;
				greatest = i;
			}
		}
		if (first < 0) continue;
		pen.draw(first, column);
		pen.draw(Math.min(least, greatest), column);
		pen.draw(Math.max(least, greatest), column);
		pen.draw(last, column);
	}
}

/** Collects kept points in drawing order, and the gaps between them. */
class Pen {
	gaps = 0;
	#last = -1;
	#lastColumn = Number.NaN;
	/** Indices that are not finite, each the first after a finite one, since the last drawn column. */
	#lifts: number[] = [];
	#lastLift = Number.NaN;

	constructor(
		private readonly trace: Trace,
		private readonly kept: Int32Array,
		public length: number,
	) {}

	/** Keeps a point once; one that is not finite lifts the pen. Returns how many points that added. */
	draw(index: number, column: number): 0 | 1 {
		const value = this.trace.y[index] ?? Number.NaN;
		if (value - value !== 0) {
			this.lift(index);
			return 0;
		}
		if (index === this.#last) return 0;
		const gap = this.#lifts.find((lift) => lift > this.#last && lift < index);
		if (gap !== undefined && this.#last >= 0 && column !== this.#lastColumn) {
			this.kept[this.length++] = gap;
			this.gaps++;
		}
		if (column !== this.#lastColumn) this.#lifts = this.#lifts.filter((lift) => lift > index);
		this.kept[this.length++] = index;
		this.#last = index;
		this.#lastColumn = column;
		return 1;
	}

	lift(index: number): void {
		if (this.#lastLift !== index - 1) this.#lifts.push(index);
		this.#lastLift = index;
	}
}
