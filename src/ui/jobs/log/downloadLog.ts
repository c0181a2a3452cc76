import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { LogReaders } from "../../../core/jobs/logReaders";
import type { TrackedJob } from "../../../core/jobs/trackedJob";
import { jobLogUri } from "./jobLogUri";
import { writeLog } from "./writeLog";

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
