import type { Run, Series } from "../../shared/run";

export const csvHeader = "run,run_id,step,timestamp_ms,value\n";

/** Rows at a time: bounds what is held as text at once to about 1 MB. */
const rowsPerPart = 16_384;

/** One run's history as CSV (RFC 4180), in parts; non-finite values are `NaN`, `Infinity` and `-Infinity`. */
export function* csvParts(run: Pick<Run, "name" | "id">, series: Series): Generator<string> {
	const head = `${csvField(run.name)},${csvField(run.id)},`;
	for (let from = 0; from < series.steps.length; from += rowsPerPart) {
		let part = "";
		const to = Math.min(series.steps.length, from + rowsPerPart);
		for (let i = from; i < to; i++) {
			part += `${head}${series.steps[i]},${series.timestampsMs[i]},${series.values[i]}\n`;
		}
		yield part;
	}
}

export function csvField(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
