import type { Series } from "../../shared/run";
import { metricDirection } from "../table/metricDirection";

/** What a detector found in one history: the step where it shows, and a sentence with the numbers. */
export interface Finding {
	readonly step: number;
	readonly sentence: string;
}

/** Fewer points say nothing of a trend. */
const fewest = 20;
/** Of the points of a history, the part that "lately" means. */
const latelyShare = 0.2;

/** The first NaN or infinity. Histories are in the order of their steps. */
export function findNotFinite(metric: string, { steps, values }: Series): Finding | null {
	const at = values.findIndex((value) => !Number.isFinite(value));
	if (at < 0) return null;
	const [step, value] = [steps[at] ?? 0, values[at] ?? Number.NaN];
	return { step, sentence: `${metric} is ${Number.isNaN(value) ? "NaN" : value} since step ${step}.` };
}

/**
 * A metric that should fall has left its least value by far: its mean of lately is above the least smoothed value by more than
 * half of what it had come down, and by more than four times its noise. Null for metrics that should rise.
 */
export function findDivergence(metric: string, series: Series): Finding | null {
	if (metricDirection(metric) === "higher" || series.values.length < fewest) return null;
	const level = smoothed(series.values);
	const best = indexOfLeast(level);
	const last = level.at(-1) ?? 0;
	const came = (level[0] ?? 0) - (level[best] ?? 0);
	const left = last - (level[best] ?? 0);
	const noise = spread(differences(series.values)) / Math.SQRT2;
	const isFar = left > Math.max(came * 0.5, Math.abs(level[best] ?? 0) * 0.05) && left > 4 * noise;
	if (best >= level.length - 3 || !isFar) return null;
	const step = series.steps[best] ?? 0;
	return { step, sentence: `${metric} rises since step ${step}: from about ${show(level[best])} to ${show(last)}.` };
}

/**
 * Nothing has come of the last fifth of the steps: the best smoothed value of it is no better than the best before by more
 * than the noise, and there was progress before.
 */
export function findPlateau(metric: string, series: Series): Finding | null {
	if (series.values.length < 2 * fewest) return null;
	const sign = metricDirection(metric) === "higher" ? -1 : 1;
	const level = smoothed(series.values).map((value) => sign * value);
	const from = Math.floor(level.length * (1 - latelyShare));
	const before = Math.min(...level.slice(0, from));
	const lately = Math.min(...level.slice(from));
	// The first mean is of one point only.
	const progress = (level[window(level.length) - 1] ?? 0) - before;
	const noise = spread(differences(series.values)) / Math.SQRT2 / Math.sqrt(window(series.values.length));
	if (progress < 8 * noise || before - lately > Math.max(noise, progress * 0.01)) return null;
	const at = level.indexOf(before);
	const steps = (series.steps.at(-1) ?? 0) - (series.steps[at] ?? 0);
	return {
		step: series.steps[at] ?? 0,
		sentence: `${metric} has not improved for ${steps} steps (best about ${show(sign * before)}).`,
	};
}

/**
 * The validation's loss rises while the training's falls: both by more than their noise over the last third, as means of its
 * halves. Both histories should count their steps alike.
 */
export function findOverfitting(train: Series, validation: Series): Finding | null {
	if (train.values.length < fewest || validation.values.length < fewest / 2) return null;
	const [fall, rise] = [trendOf(train), trendOf(validation)];
	if (fall.change >= -fall.noise || rise.change <= rise.noise) return null;
	const best = indexOfLeast(smoothed(validation.values));
	const step = validation.steps[best] ?? 0;
	return {
		step,
		sentence: `The validation loss rises since step ${step} while the training loss goes on falling: it learns the training set by heart.`,
	};
}

/** A band of a baseline: at each step the mean and the standard deviation of `count` runs. */
export interface Band {
	readonly steps: readonly number[];
	readonly means: readonly number[];
	readonly deviations: readonly number[];
	readonly count: number;
}

/** Worse than the baseline's band at the same step, now and at each of the last few points. A band of one run has no width: 5 % then. */
export function findWorseThanBaseline(metric: string, series: Series, band: Band): Finding | null {
	const points = 5;
	if (series.values.length < points || band.steps.length === 0) return null;
	const sign = metricDirection(metric) === "higher" ? -1 : 1;
	let finding: Finding | null = null;
	for (let back = points; back >= 1; back--) {
		const at = series.values.length - back;
		const step = series.steps[at] ?? 0;
		const place = nearest(band.steps, step);
		const [mean = 0, deviation = 0] = [band.means[place], band.deviations[place]];
		const width = band.count > 1 ? 2 * deviation : Math.abs(mean) * 0.05;
		const value = series.values[at] ?? Number.NaN;
		if (!(sign * (value - mean) > width)) return null;
		finding = {
			step,
			sentence: `${metric} is ${show(value)} at step ${step}, the baseline ${show(mean)} ± ${show(width)} there (n = ${band.count}).`,
		};
	}
	return finding;
}

/** Steps come at less than half the rate of before: medians of the last tenth of the gaps against those of the run before it. */
export function findSlower({ steps, timestampsMs }: Series): Finding | null {
	const rates: number[] = [];
	for (let at = 1; at < steps.length; at++) {
		const ms = (timestampsMs[at] ?? 0) - (timestampsMs[at - 1] ?? 0);
		const count = (steps[at] ?? 0) - (steps[at - 1] ?? 0);
		if (ms > 0 && count > 0) rates.push((count / ms) * 1000);
	}
	if (rates.length < 2 * fewest) return null;
	const from = Math.floor(rates.length * 0.9);
	const [before, now] = [median(rates.slice(0, from)), median(rates.slice(from))];
	if (now >= before / 2) return null;
	return { step: steps.at(-1) ?? 0, sentence: `It does ${show(now)} steps a second, ${show(before)} before.` };
}

/** The newest checkpoint is older than three times the usual gap between two, and than ten minutes. Times are milliseconds since 1970. */
export function findOldCheckpoint(
	timestampsMs: readonly number[],
	nowMs: number,
): { readonly sentence: string } | null {
	const sorted = [...timestampsMs].sort((a, b) => a - b);
	const newest = sorted.at(-1);
	if (newest === undefined || sorted.length < 3) return null;
	const gap = median(sorted.slice(1).map((time, at) => time - (sorted[at] ?? 0)));
	const age = nowMs - newest;
	if (age < Math.max(3 * gap, 600_000)) return null;
	return { sentence: `The newest checkpoint is ${minutes(age)} min old; one came every ${minutes(gap)} min before.` };
}

function minutes(ms: number): number {
	return Math.max(1, Math.round(ms / 60_000));
}

function show(value: number | undefined): string {
	return String(Number((value ?? 0).toPrecision(3)));
}

/** Points of a moving mean. */
function window(count: number): number {
	return Math.max(3, Math.floor(count / 20));
}

/** A mean over the points before, as many as there are at the start. What is no number counts as none. */
function smoothed(values: ArrayLike<number>): number[] {
	const width = window(values.length);
	const level: number[] = [];
	let [sum, count] = [0, 0];
	const numberAt = (at: number) => {
		const value = values[at] ?? Number.NaN;
		return Number.isFinite(value) ? value : null;
	};
	for (let at = 0; at < values.length; at++) {
		const [come, gone] = [numberAt(at), at >= width ? numberAt(at - width) : null];
		if (come !== null) [sum, count] = [sum + come, count + 1];
		if (gone !== null) [sum, count] = [sum - gone, count - 1];
		level.push(count > 0 ? sum / count : (level.at(-1) ?? 0));
	}
	return level;
}

/** How the mean of the second half of the last third differs from that of its first half, and what chance alone would do. */
function trendOf({ values }: Series): { readonly change: number; readonly noise: number } {
	const last = [...values].filter(Number.isFinite).slice(-Math.ceil(values.length / 3));
	const half = Math.floor(last.length / 2);
	const change = mean(last.slice(half)) - mean(last.slice(0, half));
	return { change, noise: (spread(differences(last)) / Math.SQRT2) * Math.sqrt(2 / Math.max(1, half)) * 2 };
}

function differences(values: ArrayLike<number>): number[] {
	return Array.from(
		{ length: Math.max(0, values.length - 1) },
		(_, at) => (values[at + 1] ?? 0) - (values[at] ?? 0),
	).filter(Number.isFinite);
}

function mean(values: readonly number[]): number {
	return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
	const middle = mean(values);
	return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function indexOfLeast(values: readonly number[]): number {
	return values.reduce((best, value, at) => (value < (values[best] ?? Number.POSITIVE_INFINITY) ? at : best), 0);
}

/** Index of the step nearest to this one; steps are in order. */
function nearest(steps: readonly number[], step: number): number {
	let [low, high] = [0, steps.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((steps[middle] ?? 0) < step) low = middle + 1;
		else high = middle;
	}
	const before = steps[low - 1];
	return before !== undefined && step - before <= (steps[low] ?? 0) - step ? low - 1 : low;
}
