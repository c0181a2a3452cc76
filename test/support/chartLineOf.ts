import type { ChartLine } from "../../src/shared/chart";
import type { DrawnLine } from "../../webview/charts/chartLines";

/** A line as the host answers it, from its points; y not finite becomes a gap. */
export function chartLineOf(x: readonly number[], y: readonly number[], change: Partial<ChartLine> = {}): ChartLine {
	const finite = y.filter(Number.isFinite);
	const extent = finite.length > 0 ? ([Math.min(...finite), Math.max(...finite)] as const) : null;
	return {
		id: "s/a",
		x: Float64Array.from(x),
		y: Float64Array.from(y),
		steps: Float64Array.from(x),
		smoothed: null,
		low: null,
		high: null,
		counts: null,
		breaks: [],
		marks: [],
		totalPoints: x.length,
		drawnPoints: x.length,
		xExtent: x.length > 0 ? [Math.min(...x), Math.max(...x)] : null,
		yExtent: extent,
		yInner: extent,
		yLeastPositive: null,
		problem: null,
		...change,
	};
}

export function drawnLineOf(line: ChartLine, change: Partial<DrawnLine> = {}): DrawnLine {
	return { id: line.id, runKeys: [line.id], name: "warm-fox-12", slot: 0, kind: "run", line, ...change };
}
