/**
 * What was recorded of a simulation: rows of numbers, one row for each moment, as one array each (row after row).
 * Moment 0 is the start; `ctrl` and `reward` of a moment are those of the step that led from it, so their last row may be missing
 * in a file and is then zero.
 */
export interface Rollout {
	readonly nq: number;
	readonly nv: number;
	readonly nu: number;
	/** Moments. */
	readonly length: number;
	/** Seconds from one moment to the next. */
	readonly dt: number;
	/** length × nq. */
	readonly qpos: Float64Array;
	/** length × nv. */
	readonly qvel: Float64Array | null;
	/** length × nu. */
	readonly ctrl: Float64Array | null;
	/** length. */
	readonly reward: Float64Array | null;
	/** length, seconds; null: moment × dt. */
	readonly time: Float64Array | null;
}

/** The moment that is shown at a time, in seconds from the start. */
export function momentAt({ time, dt, length }: Rollout, seconds: number): number {
	if (time === null) return Math.max(0, Math.min(length - 1, Math.floor(seconds / dt + 1e-9)));
	let low = 0;
	let high = length - 1;
	const wanted = seconds + (time[0] ?? 0) + 1e-9;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((time[middle] ?? 0) <= wanted) low = middle;
		else high = middle - 1;
	}
	return low;
}
