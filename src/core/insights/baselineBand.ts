import type { Series } from "../../shared/run";
import { summarise } from "../table/metricDirection";
import type { Band } from "./detectors";

/** At each step of the first history the mean and the spread of all that reach it, between two of their points by a straight line. Null without a point. */
export function baselineBand(histories: readonly Series[]): Band | null {
	const [first] = histories;
	if (!first || first.steps.length === 0) return null;
	const steps: number[] = [];
	const means: number[] = [];
	const deviations: number[] = [];
	for (const step of first.steps) {
		const values = histories.map((history) => valueAt(history, step)).filter((value) => Number.isFinite(value));
		const summary = summarise(values);
		if (!summary || step === steps.at(-1)) continue;
		steps.push(step);
		means.push(summary.mean);
		deviations.push(summary.deviation ?? 0);
	}
	return steps.length === 0 ? null : { steps, means, deviations, count: histories.length };
}

/** NaN outside of the history. Steps are in order. */
function valueAt({ steps, values }: Series, step: number): number {
	let [low, high] = [0, steps.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((steps[middle] ?? 0) < step) low = middle + 1;
		else high = middle;
	}
	const [at = Number.NaN, value = Number.NaN] = [steps[low], values[low]];
	if (at === step) return value;
	const [before, from = Number.NaN] = [steps[low - 1], values[low - 1]];
	if (before === undefined || step > at) return Number.NaN;
	return from + ((value - from) * (step - before)) / (at - before);
}
