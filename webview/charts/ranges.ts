import type { ChartLine } from "../../src/shared/chart";
import type { DrawnLine } from "./chartLines";

export type Range = readonly [number, number];

/** All the lines' own extent on the x axis; on a log axis only what lies above 0. */
export function xRangeOf(lines: readonly DrawnLine[], logX: boolean): Range | null {
	let range: Range | null = null;
	for (const { line } of lines) {
		if (!line.xExtent) continue;
		const [low, high] = line.xExtent;
		const from = logX && low <= 0 ? leastPositive(line.x) : low;
		if (from !== null && high >= from) range = union(range, [from, high]);
	}
	if (!range) return null;
	return range[0] === range[1] ? widened(range[0], logX) : range;
}

/**
 * The y axis that shows these lines in this part of the x axis. Without outliers it is the inner 95 % of each line's
 * values. While an answer for a new part of x is awaited, `within` cuts what the old one has to that part.
 */
export function yRangeOf(
	lines: readonly DrawnLine[],
	options: { logY: boolean; ignoreOutliers: boolean; within: Range | null },
): Range | null {
	let range: Range | null = null;
	for (const { line } of lines) range = union(range, lineRange(line, options));
	if (!range) return null;
	const [low, high] = range;
	if (low === high) return widened(low, options.logY);
	if (options.logY) {
		const pad = (high / low) ** 0.04;
		return [low / pad, high * pad];
	}
	const pad = (high - low) * 0.05;
	return [low - pad, high + pad];
}

function lineRange(
	line: ChartLine,
	{ logY, ignoreOutliers, within }: { logY: boolean; ignoreOutliers: boolean; within: Range | null },
): Range | null {
	const extent = ignoreOutliers ? line.yInner : line.yExtent;
	if (!logY && within === null && extent) return union(extent, line.low && bandRange(line));
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	const take = (values: Float64Array) => {
		for (let i = 0; i < values.length; i++) {
			const x = line.x[i] ?? Number.NaN;
			if (within && (x < within[0] || x > within[1])) continue;
			let y = values[i] ?? Number.NaN;
			if (logY && !(y > 0)) continue;
			// `yInner` is of all points asked for; what lies outside stays outside on a log axis too.
			if (ignoreOutliers && line.yInner && within === null) y = Math.min(Math.max(y, line.yInner[0]), line.yInner[1]);
			if (logY && !(y > 0)) continue;
			if (y < low) low = y;
			if (y > high) high = y;
		}
	};
	take(line.y);
	if (line.high) take(line.high);
	// A lower edge near 0 would stretch a log axis over decades of nothing: it may reach a third below the values.
	const floor = logY ? low / 3 : Number.NEGATIVE_INFINITY;
	if (line.low) take(line.low.map((value) => Math.max(value, floor)));
	return low <= high ? [low, high] : null;
}

function bandRange(line: ChartLine): Range | null {
	let range: Range | null = null;
	for (const values of [line.low, line.high]) {
		for (const value of values ?? []) if (Number.isFinite(value)) range = union(range, [value, value]);
	}
	return range;
}

export function union(a: Range | null, b: Range | null): Range | null {
	if (!a || !b) return a ?? b;
	return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

function widened(value: number, isLog: boolean): Range {
	if (isLog) return [value / 2, value * 2];
	const pad = value === 0 ? 1 : Math.abs(value) * 0.1;
	return [value - pad, value + pad];
}

function leastPositive(values: Float64Array): number | null {
	let least = Number.POSITIVE_INFINITY;
	for (const value of values) if (value > 0 && value < least) least = value;
	return Number.isFinite(least) ? least : null;
}

/** How many drawn points a log scale cannot show: y ≤ 0, finite. */
export function countNotPositive(lines: readonly DrawnLine[]): number {
	let count = 0;
	for (const { line } of lines) for (const y of line.y) if (y <= 0) count++;
	return count;
}

/**
 * The range with its ends moved outward to round places, `parts` of them in the range: while a run is live its axes then
 * change once in a while instead of with every point, which is calmer to look at and spares laying them out anew.
 */
export function steadied([low, high]: Range, parts: number, ends: "both" | "high"): Range {
	const step = 10 ** Math.floor(Math.log10(high - low)) / parts;
	if (!(step > 0) || !Number.isFinite(step)) return [low, high];
	return [ends === "both" ? Math.floor(low / step) * step : low, Math.ceil(high / step) * step];
}

/** A range moved or scaled about a place on the axis; on a log axis in its logarithm. `factor` < 1 zooms in. */
export function zoomed([low, high]: Range, at: number, factor: number, isLog: boolean): Range {
	if (!isLog) return [at - (at - low) * factor, at + (high - at) * factor];
	const [l, h, a] = [Math.log10(low), Math.log10(high), Math.log10(at)];
	return [10 ** (a - (a - l) * factor), 10 ** (a + (h - a) * factor)];
}

/** Moved by a fraction of its own width, to the right for a positive one. */
export function panned([low, high]: Range, fraction: number, isLog: boolean): Range {
	if (!isLog) {
		const shift = (high - low) * fraction;
		return [low + shift, high + shift];
	}
	const ratio = (high / low) ** fraction;
	return [low * ratio, high * ratio];
}
