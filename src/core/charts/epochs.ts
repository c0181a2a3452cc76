import type { Series } from "../../shared/run";
import { upperBound } from "./bounds";

/** The metric that counts epochs: `epoch`, else the shortest name whose last part is `epoch` (`train/epoch`); null without one. */
export function epochMetric(metrics: Iterable<string>): string | null {
	let best: string | null = null;
	for (const name of metrics) {
		if (name.slice(name.lastIndexOf("/") + 1).toLowerCase() !== "epoch") continue;
		const closer = best === null || name.length < best.length || (name.length === best.length && name < best);
		if (name === "epoch") return name;
		if (closer) best = name;
	}
	return best;
}

/**
 * The epoch at each step: the epoch metric's value at that step or the nearest earlier one, the latest written where a
 * step was logged twice. NaN before the first.
 */
export function epochsAt(steps: Float64Array, epochs: Series): Float64Array {
	const { at, values } = byStep(epochs);
	const result = new Float64Array(steps.length);
	let cursor = 0;
	for (let i = 0; i < steps.length; i++) {
		const step = steps[i] ?? Number.NaN;
		// Steps mostly rise: walk on from where the last one was found, search only after a jump back.
		if (cursor > 0 && (at[cursor - 1] ?? 0) > step) cursor = upperBound(at, step, 0, cursor);
		while (cursor < at.length && (at[cursor] ?? Number.NaN) <= step) cursor++;
		result[i] = cursor === 0 ? Number.NaN : (values[cursor - 1] ?? Number.NaN);
	}
	return result;
}

/** The finite epochs by rising step; most histories are in that order as they are. */
function byStep({ steps, values }: Series): { readonly at: Float64Array; readonly values: Float64Array } {
	const isSound = values.every(
		(value, i) => value - value === 0 && (i === 0 || (steps[i] ?? 0) >= (steps[i - 1] ?? 0)),
	);
	if (isSound) return { at: steps, values };
	const order = Array.from(steps.keys())
		.filter((i) => Number.isFinite(values[i]))
		.sort((a, b) => (steps[a] ?? 0) - (steps[b] ?? 0) || a - b);
	return {
		at: Float64Array.from(order, (i) => steps[i] ?? 0),
		values: Float64Array.from(order, (i) => values[i] ?? Number.NaN),
	};
}
