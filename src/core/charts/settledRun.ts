import { attemptsOf, type Trace } from "./trace";

/** One run as a function of x: rising x without repeats, finite y. */
export interface SettledRun {
	readonly x: Float64Array;
	readonly y: Float64Array;
}

/**
 * What a run ended up with at each x: where it was restarted, the later attempt counts from its first point on; several
 * values at one x become their mean; values that are not finite are left out.
 */
export function settledRun(trace: Trace): SettledRun {
	const x = new Float64Array(trace.x.length);
	const y = new Float64Array(trace.x.length);
	let length = 0;
	for (const [from, to] of attemptsOf(trace)) {
		const restart = trace.x[from] ?? 0;
		while (length > 0 && (x[length - 1] ?? 0) >= restart) length--;
		let repeats = 0;
		for (let i = from; i < to; i++) {
			const value = trace.y[i] ?? Number.NaN;
			const position = trace.x[i] ?? 0;
			if (value - value !== 0) continue;
			if (length > 0 && x[length - 1] === position) {
				repeats++;
				y[length - 1] = (y[length - 1] ?? 0) + (value - (y[length - 1] ?? 0)) / (repeats + 1);
			} else {
				repeats = 0;
				x[length] = position;
				y[length] = value;
				length++;
			}
		}
	}
	return { x: x.subarray(0, length), y: y.subarray(0, length) };
}
