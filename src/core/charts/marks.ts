import type { ChartLine } from "../../shared/chart";
import type { RangeWindow } from "./rangeWindow";
import type { Trace } from "./trace";

export type ChartMark = ChartLine["marks"][number];

/** Where a value inside the range is NaN or ±Infinity: at most one mark of each kind per pixel column, left to right. */
export function nonFiniteMarks(
	trace: Trace,
	windows: readonly RangeWindow[],
	edges: Float64Array,
): readonly ChartMark[] {
	const marks: ChartMark[] = [];
	const seen = new Set<string>();
	for (const { from, to } of windows) {
		let column = 0;
		for (let i = from; i < to; i++) {
			const value = trace.y[i] ?? Number.NaN;
			if (value - value === 0) continue;
			const x = trace.x[i] ?? 0;
			while (x >= (edges[column + 1] ?? Number.POSITIVE_INFINITY)) column++;
			const kind = Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
			const place = `${column} ${kind}`;
			if (seen.has(place)) continue;
			seen.add(place);
			marks.push({ x, kind });
		}
	}
	return marks.sort((a, b) => a.x - b.x);
}
