import type { ChartQuery } from "../../src/shared/chart";
import type { Series } from "../../src/shared/run";

/** A history of `[step, value]` points, one second apart unless times are given. */
export function seriesOf(points: readonly (readonly [number, number])[], timesMs?: readonly number[]): Series {
	return {
		steps: Float64Array.from(points, ([step]) => step),
		values: Float64Array.from(points, ([, value]) => value),
		timestampsMs: Float64Array.from(points, (_, i) => timesMs?.[i] ?? 1_000 * i),
	};
}

export function queryOf(change: Partial<ChartQuery> = {}): ChartQuery {
	return { metric: "loss", lines: [], xAxis: "step", xRange: null, logX: false, pixels: 400, smoothing: 0, ...change };
}
