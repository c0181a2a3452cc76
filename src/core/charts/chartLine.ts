import type { ChartLine } from "../../shared/chart";
import { type Extent, finiteExtent, innerExtent, unionExtent } from "./extents";
import { nonFiniteMarks } from "./marks";
import type { MeanOfRuns } from "./meanOfRuns";
import { pixelColumns } from "./pixelColumns";
import type { PreparedLine } from "./preparedLine";
import { type RangeWindow, rangeWindows } from "./rangeWindow";
import { smooth } from "./smooth";
import { thin } from "./thin";
import type { Trace } from "./trace";

/** What all lines of one chart share. */
export interface ChartFrame {
	/** The visible x, in the axis's unit. */
	readonly range: Extent;
	readonly pixels: number;
	readonly logX: boolean;
	/** 0: none; towards 1: smoother. */
	readonly smoothing: number;
	/** The whole chart's x extent: what smoothing measures distance by, so that a zoom does not change the line. */
	readonly span: number;
}

/** Cuts a line to the visible range, thins it to the panel's pixels, and measures it. Every array of the answer is its own. */
export function chartLine(
	{ id, trace, band, runTraces, xExtent, problem }: PreparedLine,
	frame: ChartFrame,
): ChartLine {
	const windows = rangeWindows(trace, frame.range);
	const edges = pixelColumns(frame.range, frame.pixels, frame.logX);
	const { kept, breaks, drawn } = thin(trace, windows, edges);
	const pick = (values: Float64Array) => picked(values, kept);
	const y = picked(trace.y, kept);
	for (let i = 0; i < y.length; i++) if (!Number.isFinite(y[i])) y[i] = Number.NaN;
	const marks = runTraces.flatMap((run) => nonFiniteMarks(run, rangeWindows(run, frame.range), edges));
	const total = windows.reduce((sum, { from, to }) => sum + to - from, 0);
	return {
		id,
		x: pick(trace.x),
		y,
		steps: pick(trace.steps),
		smoothed: frame.smoothing > 0 ? pick(smooth(trace, frame.smoothing, frame.span)) : null,
		low: band ? pick(band.mean.map((mean, i) => mean - (band.deviation[i] ?? 0))) : null,
		high: band ? pick(band.mean.map((mean, i) => mean + (band.deviation[i] ?? 0))) : null,
		counts: band ? pick(band.counts) : null,
		breaks,
		marks,
		totalPoints: total,
		drawnPoints: band ? drawn : Math.min(total, drawn + marks.length),
		xExtent,
		...yExtents(trace, band, windows),
		problem,
	};
}

function picked(values: Float64Array, indices: Int32Array): Float64Array {
	const result = new Float64Array(indices.length);
	for (let i = 0; i < indices.length; i++) result[i] = values[indices[i] ?? 0] ?? Number.NaN;
	return result;
}

/** Of the finite values inside the range; of a mean, with its band. */
function yExtents(
	trace: Trace,
	band: MeanOfRuns | null,
	windows: readonly RangeWindow[],
): Pick<ChartLine, "yExtent" | "yInner" | "yLeastPositive"> {
	const total = windows.reduce((sum, { from, to }) => sum + to - from, 0);
	const finite = new Float64Array(total);
	let length = 0;
	let leastPositive = Number.POSITIVE_INFINITY;
	for (const { from, to } of windows) {
		for (let i = from; i < to; i++) {
			const value = trace.y[i] ?? Number.NaN;
			if (value - value !== 0) continue;
			finite[length++] = value;
			if (value > 0 && value < leastPositive) leastPositive = value;
		}
	}
	const values = finite.subarray(0, length);
	let yExtent = finiteExtent(values);
	const inner = innerExtent(values);
	let yInner = inner;
	for (const { from, to } of band ? windows : []) {
		for (let i = from; i < to; i++) {
			const mean = band?.mean[i] ?? 0;
			const deviation = band?.deviation[i] ?? 0;
			yExtent = unionExtent(yExtent, [mean - deviation, mean + deviation]);
			const isInner = inner && mean >= inner[0] && mean <= inner[1];
			if (isInner) yInner = unionExtent(yInner, [mean - deviation, mean + deviation]);
		}
	}
	return { yExtent, yInner, yLeastPositive: Number.isFinite(leastPositive) ? leastPositive : null };
}
