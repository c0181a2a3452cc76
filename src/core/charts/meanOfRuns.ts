import type { SettledRun } from "./settledRun";
import { unionOfX } from "./unionOfX";

/** Several runs as one line. All arrays have equal length; x rises without repeats. */
export interface MeanOfRuns {
	readonly x: Float64Array;
	readonly mean: Float64Array;
	/** Sample standard deviation (n − 1); 0 where only one run has a value. */
	readonly deviation: Float64Array;
	/** How many runs have a value at each x. */
	readonly counts: Float64Array;
}

/**
 * Mean and standard deviation at every x that any run has. A run without a value exactly there counts with the straight
 * line between its neighbours, inside its own extent only: nothing is ever extrapolated. Welford's update, so that
 * close values of large size keep their spread.
 */
export function meanOfRuns(runs: readonly SettledRun[]): MeanOfRuns {
	const x = unionOfX(runs.map((run) => run.x));
	const mean = new Float64Array(x.length);
	const squares = new Float64Array(x.length);
	const counts = new Float64Array(x.length);
	for (const run of runs) {
		const last = run.x.length - 1;
		let right = 0;
		for (let i = 0; i < x.length && right <= last; i++) {
			const at = x[i] ?? 0;
			while (right <= last && (run.x[right] ?? 0) < at) right++;
			if (right > last) break;
			const exact = run.x[right] === at;
			if (!exact && right === 0) continue;
			const value = exact ? (run.y[right] ?? 0) : between(run, right, at);
			const count = (counts[i] ?? 0) + 1;
			const distance = value - (mean[i] ?? 0);
			counts[i] = count;
			mean[i] = (mean[i] ?? 0) + distance / count;
			squares[i] = (squares[i] ?? 0) + distance * (value - (mean[i] ?? 0));
		}
	}
	const deviation = squares.map((sum, i) => {
		const count = counts[i] ?? 0;
		return count > 1 ? Math.sqrt(sum / (count - 1)) : 0;
	});
	return { x, mean, deviation, counts };
}

function between({ x, y }: SettledRun, right: number, at: number): number {
	const leftX = x[right - 1] ?? 0;
	const leftY = y[right - 1] ?? 0;
	const share = (at - leftX) / ((x[right] ?? 0) - leftX);
	return leftY + ((y[right] ?? 0) - leftY) * share;
}
