import type { RunLibrary } from "../../core/stores/runLibrary";
import type { ChartLine } from "../../shared/chart";
import { toFailure } from "../../shared/errors";
import type { Extreme, MetricSummary } from "../../shared/panels/runPanel";
import type { RunKey } from "../../shared/run";

/** Width of a curve on the page. Each pixel column keeps its minimum and maximum, so the extremes are the history's own. */
const pixels = 120;
const atOnce = 4;

/** Extremes and curves of some metrics of a run, in the order asked. A metric that cannot be read costs itself only. */
export async function summarise(
	library: RunLibrary,
	key: RunKey,
	names: readonly string[],
	signal: AbortSignal,
): Promise<readonly MetricSummary[]> {
	const summaries = new Map<string, MetricSummary>();
	const waiting = [...names];
	const work = async () => {
		for (let name = waiting.shift(); name !== undefined && !signal.aborted; name = waiting.shift()) {
			summaries.set(name, await summaryOf(library, key, name, signal));
		}
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return names.flatMap((name) => summaries.get(name) ?? []);
}

async function summaryOf(
	library: RunLibrary,
	key: RunKey,
	metric: string,
	signal: AbortSignal,
): Promise<MetricSummary> {
	try {
		const lines = [{ id: "run", runKeys: [key] }];
		const asked = { metric, lines, xAxis: "step", xRange: null, logX: false, pixels, smoothing: 0 } as const;
		const [line] = (await library.chart({ ...asked, lines: [...lines] }, signal)).lines;
		return line ? toSummary(metric, line) : unread(metric, "This metric has no history.");
	} catch (error) {
		return unread(metric, toFailure(error).message);
	}
}

export function toSummary(name: string, line: ChartLine): MetricSummary {
	let min: Extreme | null = null;
	let max: Extreme | null = null;
	for (const [i, value] of line.y.entries()) {
		if (!Number.isFinite(value)) continue;
		const step = line.steps[i] ?? 0;
		if (min === null || value < min.value) min = { value, step };
		if (max === null || value > max.value) max = { value, step };
	}
	const { x, y, breaks, totalPoints: points, problem } = line;
	return { name, min, max, points, x, y, breaks, problem };
}

function unread(name: string, problem: string): MetricSummary {
	return { name, min: null, max: null, points: 0, x: new Float64Array(), y: new Float64Array(), breaks: [], problem };
}
