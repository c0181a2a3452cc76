import { quantile } from "./quantile";

/** A pause this many times the median interval is not training: the job was stopped and resumed. */
const pauseFactor = 20;

/** Seconds of each point since `originMs`. */
export function relativeSeconds(timestampsMs: Float64Array, originMs: number): Float64Array {
	return timestampsMs.map((time) => (time - originMs) / 1000);
}

/**
 * Seconds since `originMs` without the gaps between attempts: an interval in which the step goes back, or longer than
 * 20 times the median interval, counts as one median interval at most. Never falls, never exceeds the relative time.
 */
export function processSeconds(timestampsMs: Float64Array, steps: Float64Array, originMs: number): Float64Array {
	const median = medianInterval(timestampsMs);
	const seconds = new Float64Array(timestampsMs.length);
	let cutMs = 0;
	for (let i = 0; i < timestampsMs.length; i++) {
		const time = timestampsMs[i] ?? 0;
		if (i > 0) {
			const interval = time - (timestampsMs[i - 1] ?? 0);
			const wentBack = (steps[i] ?? 0) < (steps[i - 1] ?? 0);
			if (interval > median && (wentBack || interval > pauseFactor * median)) cutMs += interval - median;
		}
		seconds[i] = (time - originMs - cutMs) / 1000;
	}
	return seconds;
}

/** Of the intervals that are not zero: points logged in one batch share a timestamp and say nothing about the pace. */
function medianInterval(timestampsMs: Float64Array): number {
	const intervals = new Float64Array(Math.max(0, timestampsMs.length - 1));
	let count = 0;
	for (let i = 1; i < timestampsMs.length; i++) {
		const interval = (timestampsMs[i] ?? 0) - (timestampsMs[i - 1] ?? 0);
		if (interval > 0) intervals[count++] = interval;
	}
	return count === 0 ? 0 : quantile(intervals.subarray(0, count), 0.5);
}
