export { locateArtifacts } from "./locateArtifacts";

import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { parseArtifactPath } from "../../core/artifactPath";
import { compareByCodePoint } from "../../core/codePoints";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry } from "../../shared/run";

/** Above this an artifact is read in ranges only. */
const maxWholeBytes = 1 << 30;

/** MLflow writes an artifact under such a name first and does not list it. */
const unfinishedPrefix = ".artifact.uploading.";

/** The artifacts in one folder of this machine. Nothing outside the folder is ever opened, whatever links lie in it. */
export class LocalArtifacts {
	/** `root` null: the run's artifacts are not on this machine. */
	constructor(private readonly root: string | null) {}

	/** One folder, sorted by path. Rejects with `artifact.missing`, `artifact.outside`. */
	async list(path: string, signal?: AbortSignal): Promise<ArtifactEntry[]> {
		const parts = parseArtifactPath(path);
		if (parts.length === 0 && (this.root === null || (await realpathOrNull(this.root)) === null)) return [];
		const folder = await this.#resolve(path, parts);
		const entries = await readdir(folder, { withFileTypes: true }).catch(translated(path));
		const listed: ArtifactEntry[] = [];
		for (const entry of entries) {
			signal?.throwIfAborted();
			if (entry.name.startsWith(unfinishedPrefix)) continue;
			listed.push(await this.#entry([...parts, entry.name].join("/"), [...parts, entry.name]));
		}
		return listed.sort((a, b) => compareByCodePoint(a.path, b.path));
	}

	/** Rejects with `artifact.missing`, `artifact.outside`, `artifact.unreadable`. */
	async read(path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		const file = await this.#resolve(path, parseArtifactPath(path));
		signal?.throwIfAborted();
		// The path holds no link any more: one put there in between is refused. Not blocking: a pipe must not hang us.
		const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
		const handle = await open(file, flags).catch(translated(path));
		try {
			return await readRange(handle, path, range, signal);
		} finally {
			await handle.close();
		}
	}

	async #entry(path: string, parts: readonly string[]): Promise<ArtifactEntry> {
		try {
			const stats = await stat(await this.#resolve(path, parts));
			return stats.isDirectory()
				? { path, isDir: true, sizeBytes: null }
				: { path, isDir: false, sizeBytes: stats.size };
		} catch {
			// A link out of the folder, or to nothing: it is named, but says nothing of what it points at.
			return { path, isDir: false, sizeBytes: null };
		}
	}

	/** The real path, free of links, inside the real root. */
	async #resolve(path: string, parts: readonly string[]): Promise<string> {
		const root = this.root === null ? null : await realpathOrNull(this.root);
		if (root === null) throw missing(path);
		const real = await realpath(join(root, ...parts)).catch(translated(path));
		if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
			throw new GammaError(
				"artifact.outside",
				`The artifact ${JSON.stringify(path)} is a link out of the run's folder.`,
			);
		}
		return real;
	}
}

async function readRange(
	handle: FileHandle,
	path: string,
	range: ByteRange | undefined,
	signal: AbortSignal | undefined,
): Promise<ArtifactBytes> {
	const stats = await handle.stat();
	if (stats.isDirectory())
		throw new GammaError("artifact.missing", `The artifact ${JSON.stringify(path)} is a folder.`);
	if (!stats.isFile()) throw new GammaError("artifact.unreadable", `The artifact ${JSON.stringify(path)} is no file.`);
	const offset = Math.min(Math.max(0, range?.offset ?? 0), stats.size);
	const length = Math.min(Math.max(0, range?.length ?? stats.size), stats.size - offset);
	if (length > maxWholeBytes) {
		throw new GammaError("artifact.unreadable", `The artifact ${JSON.stringify(path)} is too large to read at once.`);
	}
	const bytes = new Uint8Array(length);
	let filled = 0;
	while (filled < length) {
		signal?.throwIfAborted();
		const { bytesRead } = await handle.read(bytes, filled, Math.min(length - filled, 1 << 24), offset + filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return { bytes: bytes.subarray(0, filled), totalBytes: stats.size };
}

async function realpathOrNull(path: string): Promise<string | null> {
	return realpath(path).catch(() => null);
}

function missing(path: string): GammaError {
	return new GammaError("artifact.missing", `There is no artifact ${JSON.stringify(path)} on this machine.`);
}

function translated(path: string): (error: NodeJS.ErrnoException) => never {
	return (error) => {
		if (error.code === "ENOENT") throw missing(path);
		if (error.code === "ENOTDIR") {
			throw new GammaError("artifact.missing", `The artifact ${JSON.stringify(path)} is no folder.`, { cause: error });
		}
		throw new GammaError(
			"artifact.unreadable",
			`The artifact ${JSON.stringify(path)} cannot be read (${error.code}).`,
			{
				cause: error,
			},
		);
	};
}
