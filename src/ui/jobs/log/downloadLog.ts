import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as vscode from "vscode";
import type { LogReaders } from "../../../core/jobs/logReaders";
import type { TrackedJob } from "../../../core/jobs/trackedJob";
import { jobLogUri } from "./jobLogUri";

/** `gamma.downloadJobLog`: the whole log as it was printed, also where its tab shows the end only, into a file that the person names. */
export async function downloadLog(readers: LogReaders, { job }: TrackedJob): Promise<void> {
	const name = (jobLogUri(job).path.split("/").at(-1) ?? "job.log").replace(/\.job\.log$/, ".log");
	const chosen = await vscode.window.showSaveDialog({
		defaultUri: vscode.Uri.file(join(homedir(), name)),
		saveLabel: vscode.l10n.t("Download"),
		title: vscode.l10n.t("Download the whole log"),
		filters: { Log: ["log", "txt"] },
	});
	if (!chosen) return;
	const location = vscode.ProgressLocation.Notification;
	const title = vscode.l10n.t("Downloading {0}", name);
	const isDone = await vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
		const controller = new AbortController();
		const listening = token.onCancellationRequested(() => controller.abort());
		try {
			await writeLog(readers.whole(job.id, controller.signal), chosen.fsPath, controller.signal, (sizeBytes) =>
				progress.report({ message: `${(sizeBytes / 1e6).toFixed(1)} MB` }),
			);
			return true;
		} catch (error) {
			if (controller.signal.aborted) return false;
			throw error;
		} finally {
			listening.dispose();
		}
	});
	if (!isDone) return;
	const open = vscode.l10n.t("Open");
	const answer = await vscode.window.showInformationMessage(vscode.l10n.t("Downloaded {0}.", name), open);
	if (answer === open) await vscode.commands.executeCommand("vscode.open", chosen);
}

/** Writes beside the target first: a download that was cancelled or failed leaves nothing, and what was there. */
export async function writeLog(
	pieces: AsyncIterable<Uint8Array>,
	target: string,
	signal: AbortSignal,
	onProgress: (sizeBytes: number) => void,
): Promise<void> {
	const part = `${target}.part`;
	let sizeBytes = 0;
	try {
		const counted = Readable.from(pieces).on("data", (piece: Uint8Array) => {
			sizeBytes += piece.length;
			onProgress(sizeBytes);
		});
		await pipeline(counted, createWriteStream(part), { signal });
		await rename(part, target);
	} catch (error) {
		await rm(part, { force: true });
		throw error;
	}
}
