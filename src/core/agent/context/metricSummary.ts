import type { Series } from "../../../shared/run";
import { metricDirection } from "../../table/metricDirection";

/** Points of a window that a model is given: never a whole history. */
export const mostPoints = 200;

/** The points between two steps, inclusive, thinned to at most `most`: first and last, and of each stretch the least and the greatest. */
export function windowOf(
	series: Series,
	fromStep: number | null,
	toStep: number | null,
	most = mostPoints,
): { readonly points: readonly (readonly [step: number, value: number])[]; readonly total: number } {
	const points: (readonly [number, number])[] = [];
	for (let at = 0; at < series.steps.length; at++) {
		const step = series.steps[at] ?? 0;
		if ((fromStep === null || step >= fromStep) && (toStep === null || step <= toStep)) {
			points.push([step, series.values[at] ?? Number.NaN]);
		}
	}
	points.sort(([a], [b]) => a - b);
	if (points.length <= most) return { points, total: points.length };
	const kept = new Set([0, points.length - 1]);
	const stretches = Math.max(1, Math.floor((most - 2) / 2));
	for (let stretch = 0; stretch < stretches; stretch++) {
		const from = Math.floor((stretch * points.length) / stretches);
		const to = Math.floor(((stretch + 1) * points.length) / stretches);
		let [low, high] = [from, from];
		for (let at = from; at < to; at++) {
			// What is no number is what somebody looks for.
			if (!Number.isFinite(points[at]?.[1])) low = at;
			if ((points[at]?.[1] ?? 0) < (points[low]?.[1] ?? 0)) low = at;
			if ((points[at]?.[1] ?? 0) > (points[high]?.[1] ?? 0)) high = at;
		}
		kept.add(low).add(high);
	}
	const chosen = new Set([...kept].sort((a, b) => a - b).slice(0, most));
	return { points: points.filter((_, at) => chosen.has(at)), total: points.length };
}

/** A history in a few lines: its shape, best, last, where its level changed, and what stands out. */
export function metricSummary(metric: string, series: Series, fromStep: number | null, toStep: number | null): string {
	const { points, total } = windowOf(series, fromStep, toStep, Number.POSITIVE_INFINITY);
	const [first, last] = [points[0], points.at(-1)];
	if (!first || !last) return `${metric}: no points between these steps`;
	const finite = points.filter(([, value]) => Number.isFinite(value));
	const broken = points.filter(([, value]) => !Number.isFinite(value));
	const lines = [`${metric}: ${total} points, steps ${first[0]} to ${last[0]}`];
	if (finite.length > 0) {
		const isLess = metricDirection(metric) !== "higher";
		const best = finite.reduce((a, b) => ((isLess ? b[1] < a[1] : b[1] > a[1]) ? b : a));
		lines.push(
			`first ${show(first[1])}, last ${show(last[1])}, ${isLess ? "least" : "greatest"} ${show(best[1])} at step ${best[0]}, shape: ${shapeOf(finite)}`,
		);
		const changes = changePoints(finite);
		if (changes.length > 0) {
			lines.push(
				`level changes: ${changes.map(([step, a, b]) => `step ${step} from about ${show(a)} to ${show(b)}`).join("; ")}`,
			);
		}
		const spikes = outliers(finite);
		if (spikes.length > 0)
			lines.push(`stands out: ${spikes.map(([step, value]) => `${show(value)} at step ${step}`).join("; ")}`);
	}
	if (broken.length > 0) {
		lines.push(
			`not finite: ${broken.length} points, the first ${show(broken[0]?.[1] ?? Number.NaN)} at step ${broken[0]?.[0]}`,
		);
	}
	return lines.join("\n");
}

function shapeOf(points: readonly (readonly [number, number])[]): string {
	const levels = levelsOf(points, 8);
	const [first = 0, last = 0] = [levels[0], levels.at(-1)];
	const spread = Math.max(...levels) - Math.min(...levels);
	if (spread <= Math.abs(first) * 0.01) return "flat";
	const end = levels.slice(-3);
	const isFlatAtEnd = Math.max(...end) - Math.min(...end) < spread * 0.05;
	const low = levels.indexOf(Math.min(...levels));
	const high = levels.indexOf(Math.max(...levels));
	if (low > 0 && low < levels.length - 1 && last - Math.min(...levels) > spread * 0.2) return "falls, then rises";
	if (high > 0 && high < levels.length - 1 && Math.max(...levels) - last > spread * 0.2) return "rises, then falls";
	return `${last < first ? "falls" : "rises"}${isFlatAtEnd ? ", flat at the end" : ""}`;
}

/** Means of equal stretches. */
function levelsOf(points: readonly (readonly [number, number])[], count: number): number[] {
	const stretches = Math.min(count, points.length);
	return Array.from({ length: stretches }, (_, at) => {
		const part = points.slice(
			Math.floor((at * points.length) / stretches),
			Math.floor(((at + 1) * points.length) / stretches),
		);
		return part.reduce((sum, [, value]) => sum + value, 0) / part.length;
	});
}

/** Steps at which the mean of what follows differs from what was before by far more than the noise; three at most. */
function changePoints(points: readonly (readonly [number, number])[]): [number, number, number][] {
	const width = Math.max(4, Math.floor(points.length / 40));
	if (points.length < 4 * width) return [];
	// Sums up to each point, so that every window costs the same.
	const sums = new Float64Array(points.length + 1);
	const squares = new Float64Array(points.length + 1);
	for (const [at, [, value]] of points.entries()) {
		sums[at + 1] = (sums[at] ?? 0) + value;
		squares[at + 1] = (squares[at] ?? 0) + value * value;
	}
	const between = (all: Float64Array, from: number, to: number) => ((all[to] ?? 0) - (all[from] ?? 0)) / (to - from);
	const spread = (from: number, to: number) =>
		Math.sqrt(Math.max(0, between(squares, from, to) - between(sums, from, to) ** 2));
	const found: { at: number; score: number; before: number; after: number }[] = [];
	for (let at = width; at + width <= points.length; at++) {
		const [before, after] = [between(sums, at - width, at), between(sums, at, at + width)];
		const noise = Math.max(spread(at - width, at), spread(at, at + width), Math.abs(before) * 1e-6, 1e-12);
		const score = Math.abs(after - before) / noise;
		if (score > 6) found.push({ at, score, before, after });
	}
	found.sort((a, b) => b.score - a.score);
	const kept: typeof found = [];
	for (const one of found) {
		if (kept.length < 3 && kept.every(({ at }) => Math.abs(at - one.at) > 2 * width)) kept.push(one);
	}
	return kept.sort((a, b) => a.at - b.at).map(({ at, before, after }) => [points[at]?.[0] ?? 0, before, after]);
}

/** Points far from both neighbours; five at most, the farthest first. */
function outliers(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
	const jumps = points.map(([, value], at) => {
		const [before, after] = [points[at - 1]?.[1] ?? value, points[at + 1]?.[1] ?? value];
		return at === 0 || at === points.length - 1 ? 0 : Math.min(Math.abs(value - before), Math.abs(value - after));
	});
	const usual = [...jumps].sort((a, b) => a - b)[Math.floor(jumps.length / 2)] ?? 0;
	return points
		.map((point, at) => ({ point, jump: jumps[at] ?? 0 }))
		.filter(({ jump }) => usual > 0 && jump > 12 * usual)
		.sort((a, b) => b.jump - a.jump)
		.slice(0, 5)
		.map(({ point }) => point);
}

function show(value: number): string {
	return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : String(value);
}
