import { attemptsOf, type Trace } from "./trace";

/** The x extent counts as this many units of decay, so that the same weight looks the same whatever the axis's unit. */
const unitsPerSpan = 1000;
const strongest = 0.999;

/**
 * Time-weighted exponential moving average: the decay between two points grows with their distance on the x axis, so
 * that densely and sparsely logged lines are smoothed alike; a debiasing weight keeps the start from leaning to zero.
 * Restarts at each attempt. A value that is not finite is skipped: NaN there, and the average goes on behind it.
 *
 * As W&B describes it: https://docs.wandb.ai/models/app/features/panels/line-plot/smoothing (TWEMA).
 * @param smoothing 0 (none) to 1
 * @param span the x extent of the whole chart, in the axis's unit
 */
export function smooth(trace: Trace, smoothing: number, span: number): Float64Array {
	const weight = Math.min(Math.sqrt(Math.max(0, smoothing)), strongest);
	const scale = span > 0 ? unitsPerSpan / span : 0;
	const { x, y } = trace;
	const smoothed = new Float64Array(y.length);
	for (const [from, to] of attemptsOf(trace)) {
		let sum = 0;
		let total = 0;
		let lastX = Number.NaN;
		let lastDistance = Number.NaN;
		let decay = 0;
		for (let i = from; i < to; i++) {
			const value = y[i] ?? Number.NaN;
			if (value - value !== 0) {
				smoothed[i] = Number.NaN;
				continue;
			}
			const position = x[i] ?? 0;
			if (total > 0) {
				const distance = position - lastX;
				// Most histories are evenly spaced; a power is the dearest step of this loop.
				if (distance !== lastDistance) {
					lastDistance = distance;
					decay = weight ** (distance * scale);
				}
			}
			lastX = position;
			sum = sum * decay + value;
			total = total * decay + 1;
			smoothed[i] = sum / total;
		}
	}
	return smoothed;
}
