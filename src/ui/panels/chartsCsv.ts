import { open, rename, rm } from "node:fs/promises";
import * as vscode from "vscode";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { csvHeader, csvParts } from "./csvParts";

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
