import type { Extent } from "./extents";

/**
 * The left edge of each pixel column, and Infinity after the last: column c holds `edges[c] ≤ x < edges[c + 1]`.
 * Columns are equally wide in x, or in log x. The first column takes everything further left.
 */
export function pixelColumns([low, high]: Extent, pixels: number, logX: boolean): Float64Array {
	// A width that is no number counts as one column.
	const count = high > low && pixels >= 1 ? Math.min(mostColumns, Math.floor(pixels)) : 1;
	const edges = new Float64Array(count + 1);
	const ratio = logX && low > 0 ? Math.log(high / low) : 0;
	for (let c = 0; c < count; c++) {
		edges[c] = ratio > 0 ? low * Math.exp((ratio * c) / count) : low + (high - low) * (c / count);
	}
	edges[0] = Number.NEGATIVE_INFINITY;
	edges[count] = Number.POSITIVE_INFINITY;
	return edges;
}

/** More than any screen has. */
const mostColumns = 16_384;
