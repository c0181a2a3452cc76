/** The value at rank ⌊q·(n−1)⌋ of `values`, which are finite and at least one. Reorders them. Expected O(n) (Hoare's quickselect). */
export function quantile(values: Float64Array, q: number): number {
	return selectRank(values, Math.floor(q * (values.length - 1)), 0, values.length - 1);
}

/** The value of a rank within `[low, high]`; on return everything left of the rank is ≤ and everything right of it is ≥. */
export function selectRank(values: Float64Array, rank: number, low: number, high: number): number {
	let left = low;
	let right = high;
	// A hostile order could make the halves ever so uneven: sort what is left then.
	for (let round = 0; left < right; round++) {
		if (round > 64) {
			values.subarray(left, right + 1).sort();
			break;
		}
		const pivot = medianOfThree(values[left] ?? 0, values[(left + right) >>> 1] ?? 0, values[right] ?? 0);
		let i = left;
		let j = right;
		while (i <= j) {
			while ((values[i] ?? 0) < pivot) i++;
			while ((values[j] ?? 0) > pivot) j--;
			if (i <= j) {
				const swapped = values[i] ?? 0;
				values[i] = values[j] ?? 0;
				values[j] = swapped;
				i++;
				j--;
			}
		}
		if (rank <= j) right = j;
		else if (rank >= i) left = i;
		else break;
	}
	return values[rank] ?? Number.NaN;
}

function medianOfThree(a: number, b: number, c: number): number {
	return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
