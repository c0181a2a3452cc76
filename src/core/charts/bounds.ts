/** First index in `[from, to)` of a rising array whose value is ≥ `value`; `to` when there is none. */
export function lowerBound(rising: Float64Array, value: number, from = 0, to = rising.length): number {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((rising[middle] ?? 0) < value) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** First index in `[from, to)` of a rising array whose value is > `value`; `to` when there is none. */
export function upperBound(rising: Float64Array, value: number, from = 0, to = rising.length): number {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((rising[middle] ?? 0) <= value) low = middle + 1;
		else high = middle;
	}
	return low;
}
