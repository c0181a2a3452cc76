import type { Extent } from "./extents";
import type { SettledRun } from "./settledRun";

/**
 * The run's mean in each of `bins` equal bins of an extent, placed at the bin's middle: brings runs that were logged at
 * different x (wall time, other intervals) onto one grid, so that their mean costs bins × runs.
 */
export function binnedRun(run: SettledRun, [low, high]: Extent, bins: number, logX: boolean): SettledRun {
	const to = logX ? Math.log : (x: number) => x;
	const from = logX ? Math.exp : (x: number) => x;
	const start = to(low);
	const width = (to(high) - start) / bins || 1;
	const x: number[] = [];
	const y: number[] = [];
	let bin = -1;
	let count = 0;
	for (let i = 0; i < run.x.length; i++) {
		const next = Math.min(bins - 1, Math.max(0, Math.floor((to(run.x[i] ?? 0) - start) / width)));
		const value = run.y[i] ?? 0;
		if (next === bin) {
			count++;
			y[y.length - 1] = (y.at(-1) ?? 0) + (value - (y.at(-1) ?? 0)) / count;
		} else {
			bin = next;
			count = 1;
			x.push(from(start + (bin + 0.5) * width));
			y.push(value);
		}
	}
	return { x: Float64Array.from(x), y: Float64Array.from(y) };
}
