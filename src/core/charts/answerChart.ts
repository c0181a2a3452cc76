import type { ChartAnswer, ChartQuery } from "../../shared/chart";
import { chartLine } from "./chartLine";
import { type Extent, unionExtent } from "./extents";
import { type ChartSource, prepareLine } from "./preparedLine";

/**
 * One chart: every line placed on the same axis, cut to the same range, thinned to the same pixel columns. Without a
 * range asked, the range is what all lines together span.
 */
export function answerChart(query: ChartQuery, sources: readonly ChartSource[]): ChartAnswer {
	const lines = sources.map((source) => prepareLine(source, query));
	const whole = lines.map((line) => line.xExtent).reduce(unionExtent, null);
	const range: Extent = query.xRange ?? whole ?? [0, 1];
	const frame = {
		range,
		pixels: query.pixels,
		logX: query.logX,
		smoothing: query.smoothing,
		span: whole ? whole[1] - whole[0] : 0,
	};
	return { metric: query.metric, lines: lines.map((line) => chartLine(line, frame)) };
}
