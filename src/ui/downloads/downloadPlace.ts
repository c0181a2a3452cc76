import { join } from "node:path";
import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { GammaError } from "../../shared/errors";
import { walkPlace } from "../artifacts/walkPlace";
import { localParts } from "./localParts";
import { resumeDownload } from "./resumeDownload";

const filesAtOnce = 3;

export interface PlaceDownload {
	readonly place: ArtifactPlace;
	/**
	 * Files and folders of the place. What lies in a folder keeps its path below the folder's own name; of one folder alone,
	 * below that folder.
	 */
	readonly entries: readonly Pick<PlaceEntry, "path" | "isDir">[];
	/** An existing folder on disk. */
	readonly into: string;
	readonly signal: AbortSignal;
	onProgress(progress: { readonly files: number; readonly bytes: number; readonly path: string }): void;
	readonly retryAfterMs?: readonly number[];
	/** Files of an earlier attempt that are whole: they are not asked for again. */
	readonly done: Set<string>;
	readonly platform?: NodeJS.Platform;
}

export interface PlaceDownloaded {
	readonly files: number;
	readonly bytes: number;
	/** Files whose bytes came to the checksum that the place has of them. */
	readonly verified: number;
	/** Why some were not written; one bad name costs itself only. */
	readonly skipped: readonly string[];
}

/**
 * Downloads files and folders of a place into a folder, three files at a time, and nowhere else. Rejects with what ended it;
 * called again with the same `done` it goes on where it was.
 */
export async function downloadPlace(download: PlaceDownload): Promise<PlaceDownloaded> {
	const { place, into, signal, done, platform = process.platform } = download;
	const taken = new Map<string, string>();
	const partial = new Map<string, number>();
	const skipped: string[] = [];
	const total = { files: 0, bytes: 0, verified: 0 };
	const files = filesOf(download);

	const one = async ({ name, path }: NamedFile): Promise<void> => {
		const parts = localParts(name, platform);
		const spot = platform === "linux" ? parts.join("/") : parts.join("/").normalize("NFC").toLowerCase();
		const before = taken.get(spot);
		if (before !== undefined && before !== path) {
			throw new GammaError("artifact.outside", `${JSON.stringify(name.slice(0, 200))} has the name of another file.`);
		}
		taken.set(spot, path);
		if (done.has(path)) return;
		const { sizeBytes, isVerified } = await resumeDownload({
			...{ place, path, target: join(into, ...parts), signal },
			...(download.retryAfterMs ? { retryAfterMs: download.retryAfterMs } : {}),
			onProgress: (bytes) => {
				partial.set(path, bytes);
				const running = [...partial.values()].reduce((sum, each) => sum + each, 0);
				download.onProgress({ files: total.files, bytes: total.bytes + running, path });
			},
		});
		partial.delete(path);
		done.add(path);
		total.files++;
		total.bytes += sizeBytes;
		total.verified += Number(isVerified);
	};
	const worker = async () => {
		for (;;) {
			const next = await files.next();
			if (next.done) return;
			try {
				await one(next.value);
			} catch (error) {
				const isItsOwn = GammaError.is(
					error,
					"artifact.outside",
					"artifact.unreadable",
					"artifact.changed",
					"artifact.missing",
				);
				if (signal.aborted || !isItsOwn) throw error;
				skipped.push(error.message);
			}
		}
	};
	const ends = await Promise.allSettled(Array.from({ length: filesAtOnce }, worker));
	for (const end of ends) if (end.status === "rejected") throw end.reason;
	return { ...total, skipped };
}

interface NamedFile {
	/** Below the folder on disk. */
	readonly name: string;
	readonly path: string;
}

async function* filesOf({ place, entries, signal }: PlaceDownload): AsyncGenerator<NamedFile, void> {
	for (const { path, isDir } of entries) {
		const isAlone = isDir && entries.length === 1 && path !== "";
		const above = isAlone ? path.length + 1 : path.lastIndexOf("/") + 1;
		if (!isDir) yield { name: path.slice(above), path };
		else
			for await (const file of walkPlace(place, path, signal)) yield { name: file.path.slice(above), path: file.path };
	}
}
