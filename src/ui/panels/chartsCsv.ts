import { open, rename, rm } from "node:fs/promises";
import * as vscode from "vscode";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
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

/**
 * Writes every point of the metric of these runs to a file: part by part where the file lies on this machine's disk,
 * else at once, as VS Code's file systems take whole files only. Throws `metric.missing` when no run has the metric.
 */
export async function writeCsv(
	target: vscode.Uri,
	metric: string,
	runs: readonly Run[],
	library: RunLibrary,
	signal: AbortSignal,
): Promise<void> {
	const holding = runs.filter((run) => Object.hasOwn(run.metrics, metric));
	if (holding.length === 0) throw new GammaError("metric.missing", `None of the runs on the charts has ${metric}.`);
	const parts = async function* () {
		yield csvHeader;
		for (const run of holding) yield* csvParts(run, await library.history(run.key, metric, signal));
	};
	if (target.scheme === "file") {
		// A cancelled or failed export leaves what was there before.
		const unfinished = `${target.fsPath}.part`;
		const file = await open(unfinished, "w");
		try {
			for await (const part of parts()) await file.write(part);
			await file.close();
			await rename(unfinished, target.fsPath);
		} catch (error) {
			await file.close();
			await rm(unfinished, { force: true });
			throw error;
		}
		return;
	}
	const encoded: Uint8Array[] = [];
	for await (const part of parts()) encoded.push(Buffer.from(part));
	await vscode.workspace.fs.writeFile(target, Buffer.concat(encoded));
}
