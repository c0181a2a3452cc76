import type { ChartQuery } from "../../shared/chart";
import { binnedRun } from "./binnedRun";
import { type Extent, unionExtent } from "./extents";
import { type MeanOfRuns, meanOfRuns } from "./meanOfRuns";
import { type ChartHistory, placeOnAxis } from "./placeOnAxis";
import { settledRun } from "./settledRun";
import { attemptsOf, emptyTrace, type Trace } from "./trace";

/** What one line of a chart is drawn from. */
export interface ChartSource {
	readonly id: string;
	/** Was the line asked for as a mean (several run keys), even if one history only could be read? */
	readonly isMean: boolean;
	readonly histories: readonly ChartHistory[];
	/** Why histories are missing, as one sentence; null when all were read. */
	readonly problem: string | null;
}

/** A line before it is cut to a range and thinned. */
export interface PreparedLine {
	readonly id: string;
	readonly trace: Trace;
	/** Spread and counts at each point of the trace; null for a single run. */
	readonly band: MeanOfRuns | null;
	/** The runs' own traces: the values that are not finite are marked from these. */
	readonly runTraces: readonly Trace[];
	readonly xExtent: Extent | null;
	readonly problem: string | null;
}

/** A mean of runs on different grids costs (all points) × (runs); beyond this the runs are binned first. */
const mostMeanWork = 8_000_000;
/** Fine enough that a tenth of the extent still fills a wide panel. */
const meanBins = 16_384;

export function prepareLine(source: ChartSource, query: Pick<ChartQuery, "xAxis" | "logX">): PreparedLine {
	const runTraces = source.histories.map((history) => placeOnAxis(history, query.xAxis, query.logX));
	const xExtent = runTraces.map(extentOfX).reduce(unionExtent, null);
	const problem = source.problem ?? axisProblem(source, runTraces, query);
	const { id } = source;
	if (!source.isMean) return { id, trace: runTraces[0] ?? emptyTrace, band: null, runTraces, xExtent, problem };
	let runs = runTraces.map(settledRun);
	const points = runs.reduce((sum, run) => sum + run.x.length, 0);
	const longest = Math.max(0, ...runs.map((run) => run.x.length));
	const mayDiffer = runs.some((run) => run.x.length !== longest || run.x[0] !== runs[0]?.x[0]);
	if (xExtent && mayDiffer && points * runs.length > mostMeanWork) {
		runs = runs.map((run) => binnedRun(run, xExtent, meanBins, query.logX));
	}
	const band = meanOfRuns(runs);
	const steps = query.xAxis === "step" ? band.x : new Float64Array(band.x.length).fill(Number.NaN);
	const starts = band.x.length > 0 ? [0] : [];
	return { id, trace: { x: band.x, y: band.mean, steps, starts, lost: 0 }, band, runTraces, xExtent, problem };
}

/** From the ends of the attempts: x does not fall within one. */
function extentOfX(trace: Trace): Extent | null {
	let extent: Extent | null = null;
	for (const [from, to] of attemptsOf(trace)) {
		if (to > from) extent = unionExtent(extent, [trace.x[from] ?? 0, trace.x[to - 1] ?? 0]);
	}
	return extent;
}

function axisProblem(
	{ histories, isMean }: ChartSource,
	traces: readonly Trace[],
	{ xAxis, logX }: Pick<ChartQuery, "xAxis" | "logX">,
): string | null {
	const runs = isMean ? "Some of these runs have" : "This run has";
	if (xAxis === "epoch" && histories.some((history) => history.epochs === null)) {
		return `${runs} no metric named epoch; choose another x axis.`;
	}
	const lost = traces.reduce((sum, trace) => sum + trace.lost, 0);
	if (lost === 0) return null;
	const points = lost === 1 ? "1 point is" : `${lost} points are`;
	if (logX) return `${points} not drawn: a logarithmic axis shows x above 0 only.`;
	return xAxis === "epoch" ? `${points} not drawn: logged before the first epoch.` : `${points} not drawn.`;
}
