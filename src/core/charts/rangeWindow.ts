import { lowerBound, upperBound } from "./bounds";
import type { Extent } from "./extents";
import { attemptsOf, type Trace } from "./trace";

/** The part of one attempt that a range shows: `[from, to)` inside it, and the neighbours that carry the line to the edge. */
export interface RangeWindow {
	readonly from: number;
	readonly to: number;
	/** Index of the point just before and just after the range; null at the attempt's own end. */
	readonly before: number | null;
	readonly after: number | null;
}

/** One window per attempt, found by binary search; attempts that the range shows nothing of are left out. */
export function rangeWindows(trace: Trace, range: Extent): readonly RangeWindow[] {
	const windows: RangeWindow[] = [];
	for (const [start, end] of attemptsOf(trace)) {
		const from = lowerBound(trace.x, range[0], start, end);
		const to = upperBound(trace.x, range[1], from, end);
		const before = from > start ? from - 1 : null;
		const after = to < end ? to : null;
		if (from < to || (before !== null && after !== null)) windows.push({ from, to, before, after });
	}
	return windows;
}
