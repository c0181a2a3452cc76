import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import { inProgress } from "../inProgress";
import { downloadFolder } from "./downloadFolder";
import { folderName } from "./folderName";
import { localParts } from "./localParts";
import { writeDownload } from "./writeDownload";

/** Downloads artifacts where the person says, with progress that can be cancelled (for `gamma.downloadArtifact`). */
export class ArtifactDownloads {
	/** Where the last download went: the next one is offered the same place. */
	#folder = homedir();

	constructor(
		private readonly library: RunLibrary,
		private readonly model: RunModel,
	) {}

	/** A file (asks for its name), or a folder (asks where it goes; `path` empty: all artifacts of the run). */
	async download(key: RunKey, path: string, isDir: boolean, sizeBytes: number | null = null): Promise<void> {
		await (isDir ? this.#downloadFolder(key, path) : this.#downloadFile(key, path, sizeBytes));
	}

	async #downloadFile(key: RunKey, path: string, sizeBytes: number | null): Promise<void> {
		const name = localParts(path, process.platform).at(-1) ?? "artifact";
		const chosen = await vscode.window.showSaveDialog({
			defaultUri: vscode.Uri.file(join(this.#folder, name)),
			saveLabel: "Download",
			title: `Download ${name}`,
		});
		if (!chosen) return;
		const target = onDisk(chosen);
		this.#folder = dirname(target);
		const done = await inProgress(`Downloading ${name}`, async (report, signal) => {
			let bytes = 0;
			await writeDownload({
				read: (range, reading) => this.library.readArtifact(key, path, range, reading),
				target,
				signal,
				onProgress: (more) => {
					bytes += more;
					const percent = sizeBytes ? { increment: (100 * more) / sizeBytes } : {};
					report({ message: sizeBytes ? `${toSize(bytes)} of ${toSize(sizeBytes)}` : toSize(bytes), ...percent });
				},
			});
			return target;
		});
		if (done) await offer(`Downloaded ${name}.`, done, true);
	}

	async #downloadFolder(key: RunKey, path: string): Promise<void> {
		const run = this.model.run(key);
		const name = folderName(path === "" ? (run?.name ?? "run") : path);
		const chosen = await vscode.window.showOpenDialog({
			canSelectFiles: false,
			canSelectFolders: true,
			defaultUri: vscode.Uri.file(this.#folder),
			openLabel: "Download Here",
			title: `Download ${name}`,
		});
		if (!chosen?.[0]) return;
		const into = onDisk(chosen[0]);
		this.#folder = into;
		const done = await inProgress(`Downloading ${name}`, (report, signal) =>
			downloadFolder(
				{
					library: this.library,
					key,
					path,
					signal,
					onProgress: ({ files, bytes, path: current }) =>
						report({ message: `${files} files, ${toSize(bytes)} · ${basename(current)}` }),
				},
				into,
				name,
			),
		);
		if (!done) return;
		const skipped = done.skipped.length > 0 ? ` ${done.skipped.length} left out: ${done.skipped[0]}` : "";
		const sentence = `Downloaded ${done.files} ${done.files === 1 ? "file" : "files"} (${toSize(done.bytes)}) to ${done.folder}.`;
		await offer(sentence + skipped, done.folder, false);
	}
}

async function offer(sentence: string, path: string, isFile: boolean): Promise<void> {
	const reveal = "Reveal";
	const open = "Open";
	const answer = await vscode.window.showInformationMessage(sentence, ...(isFile ? [open, reveal] : [reveal]));
	if (answer === open) await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path));
	if (answer === reveal) await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(path));
}

function onDisk(uri: vscode.Uri): string {
	if (uri.scheme === "file") return uri.fsPath;
	throw new GammaError("platform.unsupported", "Artifacts can be downloaded to a folder on disk only: choose one.");
}

function toSize(bytes: number): string {
	const units = ["bytes", "kB", "MB", "GB", "TB"];
	const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
	return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
