import { selectRank } from "./quantile";

export type Extent = readonly [number, number];

/** Smallest and greatest finite value of `[from, to)`; null without one. */
export function finiteExtent(values: Float64Array, from = 0, to = values.length): Extent | null {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	for (let i = from; i < to; i++) {
		const value = values[i] ?? Number.NaN;
		if (value - value !== 0) continue;
		if (value < low) low = value;
		if (value > high) high = value;
	}
	return low <= high ? [low, high] : null;
}

/** The smallest extent that holds both. */
export function unionExtent(a: Extent | null, b: Extent | null): Extent | null {
	if (!a || !b) return a ?? b;
	return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** How much of the values at either end counts as outliers. */
const outerShare = 0.025;

/** Extent without the outermost 2.5 % (rounded down) of the values at either end. `values` are finite; reorders them. */
export function innerExtent(values: Float64Array): Extent | null {
	const last = values.length - 1;
	if (last < 0) return null;
	const skipped = Math.floor(values.length * outerShare);
	if (skipped === 0) return finiteExtent(values);
	const low = selectRank(values, skipped, 0, last);
	const high = selectRank(values, last - skipped, skipped, last);
	return [low, high];
}
