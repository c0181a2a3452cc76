import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import { localParts } from "./localParts";
import { walkArtifacts } from "./walkArtifacts";
import { writeDownload } from "./writeDownload";

export interface FolderDownload {
	readonly library: RunLibrary;
	readonly key: RunKey;
	/** The artifact folder; empty for all artifacts of the run. */
	readonly path: string;
	readonly signal: AbortSignal;
	/** Called as bytes are written; `files` and `bytes` are sums so far. */
	onProgress(progress: { files: number; bytes: number; path: string }): void;
	readonly platform?: NodeJS.Platform;
}

export interface FolderDownloaded {
	readonly folder: string;
	readonly files: number;
	readonly bytes: number;
	/** Why some artifacts were not written: their names, or what happened to them while they were read. */
	readonly skipped: readonly string[];
}

/**
 * Writes a folder of artifacts into a new folder `name` in `into` (`name (2)` where there is one): new, so that nothing
 * that lies there already, a link least of all, is written through. One bad artifact costs itself only.
 */
export async function downloadFolder(download: FolderDownload, into: string, name: string): Promise<FolderDownloaded> {
	const { library, key, path, signal, platform = process.platform } = download;
	const folder = await newFolder(into, name);
	const written = new Set<string>();
	const skipped: string[] = [];
	let files = 0;
	let bytes = 0;
	for await (const entry of walkArtifacts(library, key, path, signal)) {
		try {
			const parts = localParts(path === "" ? entry.path : entry.path.slice(path.length + 1), platform);
			const place = platform === "linux" ? parts.join("/") : parts.join("/").normalize("NFC").toLowerCase();
			if (written.has(place))
				throw new GammaError(
					"artifact.outside",
					`${entry.path} differs from another only in case, so it was not written.`,
				);
			written.add(place);
			await writeDownload({
				read: (range, reading) => library.readArtifact(key, entry.path, range, reading),
				target: join(folder, ...parts),
				signal,
				onProgress: (more) => {
					bytes += more;
					download.onProgress({ files, bytes, path: entry.path });
				},
			});
			files++;
		} catch (error) {
			if (signal.aborted || !GammaError.is(error, "artifact.outside", "artifact.unreadable", "artifact.missing"))
				throw error;
			skipped.push(error.message);
		}
	}
	return { folder, files, bytes, skipped };
}

async function newFolder(into: string, name: string): Promise<string> {
	for (let count = 1; count < 1000; count++) {
		const folder = join(into, count === 1 ? name : `${name} (${count})`);
		try {
			await mkdir(folder);
			return folder;
		} catch (error) {
			if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
		}
	}
	throw new GammaError("unexpected", `${into} holds too many folders named ${name}: choose another.`);
}
