/**
 * A training that restarts from a checkpoint goes back a few times; a history that goes back more often than this was
 * written by several processes at once, and cutting it there would leave nothing but splinters.
 */
export const mostAttempts = 64;

/**
 * Where a new attempt begins: each index at which the step or x goes back, as TensorBoard's
 * "Partition non-monotonic X axis" does. Points of the older attempt beyond the restart stay.
 * Empty for no points; `null` when it goes back more than 64 times (interleaved writers, no restarts).
 */
export function attemptStarts(steps: Float64Array, x: Float64Array): readonly number[] | null {
	if (steps.length === 0) return [];
	const starts = [0];
	let step = steps[0] ?? 0;
	let position = x[0] ?? 0;
	for (let i = 1; i < steps.length; i++) {
		const nextStep = steps[i] ?? 0;
		const nextX = x[i] ?? 0;
		if (nextStep < step || nextX < position) {
			if (starts.length === mostAttempts) return null;
			starts.push(i);
		}
		step = nextStep;
		position = nextX;
	}
	return starts;
}
