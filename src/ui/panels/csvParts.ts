import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
import type { Run, Series } from "../../shared/run";

export const csvHeader = "run,run_id,step,timestamp_ms,value\n";

/** Of a file that holds several metrics. */
export const metricsCsvHeader = "run,run_id,metric,step,timestamp_ms,value\n";

/** Rows at a time: bounds what is held as text at once to about 1 MB. */
const rowsPerPart = 16_384;

/** One run's history as CSV (RFC 4180), in parts; non-finite values are `NaN`, `Infinity` and `-Infinity`. */
export function* csvParts(run: Pick<Run, "name" | "id">, series: Series, metric?: string): Generator<string> {
	const head = `${csvField(run.name)},${csvField(run.id)},${metric === undefined ? "" : `${csvField(metric)},`}`;
	for (let from = 0; from < series.steps.length; from += rowsPerPart) {
		let part = "";
		const to = Math.min(series.steps.length, from + rowsPerPart);
		for (let i = from; i < to; i++) {
			part += `${head}${series.steps[i]},${series.timestampsMs[i]},${series.values[i]}\n`;
		}
		yield part;
	}
}

/** Every point of one metric. Throws `metric.missing` when no run has it. */
export async function* metricCsv(metric: string, runs: readonly Run[], read: ReadHistory): AsyncGenerator<string> {
	const holding = runs.filter((run) => Object.hasOwn(run.metrics, metric));
	if (holding.length === 0) throw new GammaError("metric.missing", `None of the runs on the charts has ${metric}.`);
	yield csvHeader;
	for (const run of holding) yield* csvParts(run, await read(run.key, metric));
}

/** Every point of these metrics, one history in memory at a time. Throws `metric.missing` when no run has any of them. */
export async function* metricsCsv(
	metrics: readonly string[],
	runs: readonly Run[],
	read: ReadHistory,
	/** Called before each metric is read, with its name. */
	onMetric: (metric: string) => void = () => {},
): AsyncGenerator<string> {
	const wanted = metrics.filter((metric) => runs.some((run) => Object.hasOwn(run.metrics, metric)));
	if (wanted.length === 0) throw new GammaError("metric.missing", "None of the runs on the charts has these metrics.");
	yield metricsCsvHeader;
	for (const metric of wanted) {
		onMetric(metric);
		for (const run of runs) {
			if (Object.hasOwn(run.metrics, metric)) yield* csvParts(run, await read(run.key, metric), metric);
		}
	}
}

type ReadHistory = (...of: [key: Run["key"], metric: string]) => ReturnType<RunLibrary["history"]>;

export function csvField(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
