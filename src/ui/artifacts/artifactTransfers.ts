import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { sizeText } from "../../core/artifacts/checkpointText";
import { toNoticeText } from "../../core/plainText";
import { GammaError } from "../../shared/errors";
import { downloadPlace } from "../downloads/downloadPlace";
import { folderName } from "../downloads/folderName";
import { localParts } from "../downloads/localParts";
import { newFolder } from "../downloads/newFolder";
import { resumeDownload } from "../downloads/resumeDownload";
import { inProgress, type Report } from "../inProgress";

/** What comes home from a place and goes up to it, with progress that can be cancelled and losses that can be resumed. */
export class ArtifactTransfers {
	/** Where the last download went: the next one is offered the same folder. */
	#folder = homedir();

	/** One file, to where the person says. */
	async downloadFile(place: ArtifactPlace, { path }: Pick<PlaceEntry, "path">): Promise<void> {
		const name = localParts(path.slice(path.lastIndexOf("/") + 1), process.platform).at(-1) ?? "artifact";
		const chosen = await vscode.window.showSaveDialog({
			defaultUri: vscode.Uri.file(join(this.#folder, name)),
			saveLabel: vscode.l10n.t("Download"),
			title: vscode.l10n.t("Download {0}", name),
		});
		if (!chosen) return;
		const target = onDisk(chosen);
		this.#folder = dirname(target);
		let isAnew = false;
		const done = await untilDone(vscode.l10n.t("Downloading {0}", name), (report, signal) => {
			let shown = 0;
			return resumeDownload({
				...{ place, path, target, signal },
				onRestart: () => {
					isAnew = true;
				},
				onProgress: (bytes, total) => {
					const increment = total ? { increment: (100 * (bytes - shown)) / total } : {};
					shown = bytes;
					report({ message: total ? `${sizeText(bytes)} of ${sizeText(total)}` : sizeText(bytes), ...increment });
				},
			});
		});
		if (!done) return;
		const checked = done.isVerified ? vscode.l10n.t(", its checksum fits") : "";
		const said = vscode.l10n.t("Downloaded {0} ({1}{2}).", name, sizeText(done.sizeBytes), checked);
		const anew = isAnew ? ` ${vscode.l10n.t("It changed meanwhile, so it was begun anew.")}` : "";
		await offer(said + anew, target, true);
	}

	/** Files and folders, into a new folder of this name in the one that the person chooses. */
	async downloadInto(
		place: ArtifactPlace,
		entries: readonly Pick<PlaceEntry, "path" | "isDir">[],
		name: string,
	): Promise<void> {
		const label = folderName(name);
		const chosen = await vscode.window.showOpenDialog({
			...{ canSelectFiles: false, canSelectFolders: true },
			defaultUri: vscode.Uri.file(this.#folder),
			openLabel: vscode.l10n.t("Download Here"),
			title: vscode.l10n.t("Download {0}", label),
		});
		if (!chosen?.[0]) return;
		this.#folder = onDisk(chosen[0]);
		const into = await newFolder(this.#folder, label);
		const finished = new Set<string>();
		const done = await untilDone(vscode.l10n.t("Downloading {0}", label), (report, signal) =>
			downloadPlace({
				...{ place, entries, into, signal, done: finished },
				onProgress: ({ files, bytes, path }) =>
					report({ message: `${counted(files)}, ${sizeText(bytes)} · ${basename(path)}` }),
			}),
		);
		if (!done) return;
		const left = done.skipped.length > 0 ? ` ${done.skipped.length} left out: ${done.skipped[0]}` : "";
		const said = vscode.l10n.t("Downloaded {0} to {1}.", counted(finished.size), into);
		await offer(said + left, into, false);
	}

	/** How many files went up. */
	async upload(place: ArtifactPlace, folder: string): Promise<number> {
		const { changes } = place;
		if (changes === null)
			throw new GammaError("platform.unsupported", "What a run logged is only read: add its bucket.");
		const chosen = await vscode.window.showOpenDialog({
			...{ canSelectMany: true, canSelectFiles: true, canSelectFolders: false },
			openLabel: vscode.l10n.t("Upload"),
			title: vscode.l10n.t("Upload Files Here"),
		});
		let count = 0;
		for (const uri of chosen ?? []) {
			const filePath = onDisk(uri);
			const path = folder === "" ? basename(filePath) : `${folder}/${basename(filePath)}`;
			const send = (replaces: boolean) =>
				untilDone(vscode.l10n.t("Uploading {0}", basename(filePath)), async (report, signal) => {
					let sent = 0;
					await changes.upload({
						...{ filePath, path, replaces, signal },
						onProgress: (bytes) => {
							sent += bytes;
							report({ message: sizeText(sent) });
						},
					});
					return true;
				});
			const replaces = (await isThere(place, path)) ? await askReplace(basename(filePath)) : false;
			if (replaces === undefined) continue;
			if (await send(replaces)) count++;
		}
		return count;
	}
}

async function isThere(place: ArtifactPlace, path: string): Promise<boolean> {
	try {
		await place.stat(path);
		return true;
	} catch (error) {
		if (GammaError.is(error, "artifact.missing")) return false;
		throw error;
	}
}

async function askReplace(name: string): Promise<true | undefined> {
	const replace = vscode.l10n.t("Replace");
	const detail = vscode.l10n.t("What is there now is lost, unless the bucket keeps versions.");
	const said = vscode.l10n.t("{0} is there already. Replace it?", name);
	return (await vscode.window.showWarningMessage(said, { modal: true, detail }, replace)) === replace
		? true
		: undefined;
}

/** Undefined when the person cancelled, or left a loss as it is. */
async function untilDone<T>(
	title: string,
	work: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
	for (;;) {
		try {
			return await inProgress(title, work);
		} catch (error) {
			if (!GammaError.is(error, "aws.unreachable", "store.unreachable", "aws.expiredToken")) throw error;
			const resume = vscode.l10n.t("Resume");
			if ((await vscode.window.showErrorMessage(toNoticeText(error.message, 400), resume)) !== resume) return undefined;
		}
	}
}

function counted(files: number): string {
	return files === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", files);
}

async function offer(sentence: string, path: string, isFile: boolean): Promise<void> {
	const [open, reveal] = [vscode.l10n.t("Open"), vscode.l10n.t("Reveal")];
	const buttons = isFile ? [open, reveal] : [reveal];
	const answer = await vscode.window.showInformationMessage(toNoticeText(sentence, 500), ...buttons);
	if (answer === open) await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path));
	if (answer === reveal) await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(path));
}

function onDisk(uri: vscode.Uri): string {
	if (uri.scheme === "file") return uri.fsPath;
	throw new GammaError("platform.unsupported", "Files go to and come from folders on disk only: choose one.");
}
