/** One line's points placed on an x axis, in drawing order: what every later step of the chart mathematics reads. */
export interface Trace {
	/** In the axis's unit, finite, never falling within an attempt. */
	readonly x: Float64Array;
	/** NaN and ±Infinity included. */
	readonly y: Float64Array;
	readonly steps: Float64Array;
	/** Index of the first point of each attempt; the first is 0. Empty for an empty trace. */
	readonly starts: readonly number[];
	/** Points that have no place on this axis (before the first epoch, x ≤ 0 on a logarithmic axis). */
	readonly lost: number;
}

export const emptyTrace: Trace = {
	x: new Float64Array(),
	y: new Float64Array(),
	steps: new Float64Array(),
	starts: [],
	lost: 0,
};

/** The attempts as `[from, to)` pairs of indices. */
export function attemptsOf(trace: Trace): readonly (readonly [number, number])[] {
	return trace.starts.map((from, i) => [from, trace.starts[i + 1] ?? trace.x.length] as const);
}
