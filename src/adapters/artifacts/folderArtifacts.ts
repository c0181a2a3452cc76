import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { link, lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArtifactPath } from "../../core/artifactPath";
import type {
	ArtifactPlace,
	PlaceChanges,
	PlacePage,
	PlaceStat,
	PlaceUpload,
} from "../../core/artifacts/artifactPlace";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { LocalArtifacts } from "./localArtifacts";

const pageEntries = 500;

/** A folder of this machine. Nothing outside it is read or written, whatever links lie in it. */
export class FolderArtifacts implements ArtifactPlace {
	readonly id: string;
	readonly sign = null;
	readonly #files: LocalArtifacts;
	readonly changes: PlaceChanges = {
		upload: (upload) => this.#copy(upload),
		delete: (path) => this.#delete(path),
	};

	constructor(private readonly root: string) {
		this.id = `folder:${resolve(root)}`;
		this.#files = new LocalArtifacts(root);
	}

	async list(folder: string, cursor: string | null, signal?: AbortSignal): Promise<PlacePage> {
		const entries = await this.#files.list(folder, signal);
		const from = cursor === null ? 0 : Number(cursor);
		const page = await Promise.all(
			entries.slice(from, from + pageEntries).map(async (entry) => ({
				...entry,
				modifiedMs: (await lstat(this.#path(entry.path)).catch(() => null))?.mtimeMs ?? null,
				storageClass: null,
			})),
		);
		return { entries: page, next: from + pageEntries < entries.length ? String(from + pageEntries) : null };
	}

	async stat(path: string, signal?: AbortSignal): Promise<PlaceStat> {
		const { totalBytes } = await this.#files.read(path, { offset: 0, length: 0 }, signal);
		return { sizeBytes: totalBytes, version: await this.#version(path), checksum: null };
	}

	async read(path: string, range: ByteRange, version: string | null, signal?: AbortSignal): Promise<ArtifactBytes> {
		const part = await this.#files.read(path, range, signal);
		if (version !== null && (await this.#version(path)) !== version) {
			throw new GammaError("artifact.changed", `${this.#path(path)} changed meanwhile: refresh and begin again.`);
		}
		return part;
	}

	s3Uri(): null {
		return null;
	}

	async #version(path: string): Promise<string> {
		const { mtimeMs, size, ino } = await stat(this.#path(path));
		return `${mtimeMs}:${size}:${ino}`;
	}

	async #copy({ filePath, path, replaces, signal, onProgress }: PlaceUpload & { replaces: boolean }): Promise<void> {
		const target = this.#path(path);
		// What is listed as a folder of this place is no link out of it.
		await this.#files.list(parseArtifactPath(path).slice(0, -1).join("/"), signal);
		await mkdir(dirname(target), { recursive: true });
		const part = join(dirname(target), `.gamma-${randomBytes(8).toString("hex")}.part`);
		const counted = new Transform({
			transform: (chunk: Buffer, _encoding, done) => {
				onProgress(chunk.length);
				done(null, chunk);
			},
		});
		try {
			await pipeline(createReadStream(filePath), counted, createWriteStream(part, { flags: "wx" }), { signal });
			if (replaces) await rename(part, target);
			else await link(part, target);
		} catch (error) {
			if (signal.aborted) throw new GammaError("call.cancelled", "The upload was cancelled.", { cause: error });
			const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
			const why = isThere ? "is there already: it was not replaced" : "could not be written";
			throw new GammaError("artifact.outside", `${target} ${why}.`, { cause: error });
		} finally {
			await rm(part, { force: true });
		}
	}

	async #delete(path: string): Promise<number> {
		const parts = parseArtifactPath(path);
		if (parts.length === 0) throw new GammaError("artifact.outside", "The whole place is never deleted.");
		await this.#files.list(parts.slice(0, -1).join("/"));
		const target = this.#path(path);
		const inside = (await lstat(target)).isDirectory()
			? await readdir(target, { recursive: true, withFileTypes: true })
			: null;
		await rm(target, { recursive: true });
		return inside === null ? 1 : inside.filter((entry) => !entry.isDirectory()).length;
	}

	#path(path: string): string {
		return join(this.root, ...parseArtifactPath(path));
	}
}
