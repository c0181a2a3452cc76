import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ArtifactPlace, PlaceStat } from "../../core/artifacts/artifactPlace";
import { GammaError } from "../../shared/errors";
import { checksumFits } from "./checksumFits";
import { toWriteProblem } from "./toWriteProblem";

/** Few round trips, little memory, and a cancel that takes at most one of them. */
export const rangeBytes = 8 * 2 ** 20;

export interface ResumableDownload {
	readonly place: Pick<ArtifactPlace, "id" | "stat" | "read">;
	readonly path: string;
	/** Absolute path of the file to be. */
	readonly target: string;
	readonly signal: AbortSignal;
	/** Bytes of the file that are here now, and of how many; null where the place does not say. */
	onProgress(bytes: number, totalBytes: number | null): void;
	/** The file is another than the one that was begun with: it is begun anew. */
	onRestart?(): void;
	/** How long before each further attempt when the network fails; counts anew with every part that came. */
	readonly retryAfterMs?: readonly number[];
}

export interface Downloaded {
	readonly sizeBytes: number;
	/** Bytes that came this time: less than the size where an earlier attempt had begun. */
	readonly movedBytes: number;
	/** Whether its bytes came to what the place says they must. */
	readonly isVerified: boolean;
}

/** A file that changes more often is being written: who waits gets it whole. */
const mostRestarts = 2;
const defaultRetriesMs = [500, 2_000, 5_000, 10_000, 20_000];

/**
 * Writes one version of a file, part by part, into a file beside the target, which takes the target's place when it is whole
 * and its checksum fits. After a loss that file stays, named by what it is the beginning of: the next attempt goes on after its
 * last whole part, so that no byte comes twice beyond one part. After a cancel, or on a disk that is full, nothing stays.
 * A file that changes meanwhile is begun anew. Rejects with `artifact.changed` where it goes on to change, `artifact.unreadable`
 * where it is not what its checksum says, `artifact.unwritable`, and as the place does.
 */
export async function resumeDownload(download: ResumableDownload): Promise<Downloaded> {
	for (let restarts = 0; ; restarts++) {
		try {
			return await downloadOnce(download);
		} catch (error) {
			const mayRestart = restarts < mostRestarts && !download.signal.aborted;
			if (!mayRestart || !GammaError.is(error, "artifact.changed")) throw toWriteProblem(error, download.target);
			download.onRestart?.();
		}
	}
}

async function downloadOnce(download: ResumableDownload): Promise<Downloaded> {
	const { place, path, target, signal, onProgress } = download;
	const version = await place.stat(path, signal);
	await mkdir(dirname(target), { recursive: true });
	const part = join(dirname(target), `.gamma-${identityOf(download, version)}.part`);
	const file = await openPart(part);
	try {
		const begun = await wholeParts(file, version);
		await file.truncate(begun);
		onProgress(begun, version.sizeBytes);
		const sizeBytes = await fetchRest(download, version, file, begun);
		await file.sync();
		const isVerified = await verify(file, version, sizeBytes, target);
		await file.close();
		await rename(part, target);
		return { sizeBytes, movedBytes: sizeBytes - begun, isVerified };
	} catch (error) {
		await file.close().catch(() => {});
		const problem = toWriteProblem(error, target);
		const isLost = GammaError.is(
			problem,
			"artifact.unreadable",
			"artifact.changed",
			"artifact.missing",
			"artifact.outside",
			"artifact.unwritable",
		);
		// Without a version nobody could say that the rest belongs to what is here.
		if (signal.aborted || isLost || version.version === null) await rm(part, { force: true });
		if (signal.aborted) throw new GammaError("call.cancelled", "The download was cancelled.", { cause: error });
		throw error;
	}
}

function identityOf({ place, path, target }: ResumableDownload, version: PlaceStat): string {
	const what = JSON.stringify([place.id, path, target, version.version ?? Math.random(), version.sizeBytes]);
	return createHash("sha256").update(what).digest("hex").slice(0, 24);
}

/** Neither a link nor anything else that somebody put there is written through. */
async function openPart(part: string): Promise<FileHandle> {
	const { O_RDWR, O_CREAT, O_NOFOLLOW = 0 } = constants;
	const file = await open(part, O_RDWR | O_CREAT | O_NOFOLLOW, 0o644);
	if ((await file.stat()).isFile()) return file;
	await file.close();
	throw new GammaError("artifact.unreadable", `${part} is no file: move it away and try again.`);
}

async function wholeParts(file: FileHandle, { sizeBytes }: PlaceStat): Promise<number> {
	const { size } = await file.stat();
	if (sizeBytes !== null && size >= sizeBytes) return size === sizeBytes ? size : 0;
	return size - (size % rangeBytes);
}

/** The size of the whole file. */
async function fetchRest(
	download: ResumableDownload,
	{ version, sizeBytes }: PlaceStat,
	file: FileHandle,
	begun: number,
): Promise<number> {
	let offset = begun;
	while (sizeBytes === null || offset < sizeBytes) {
		const length = sizeBytes === null ? rangeBytes : Math.min(rangeBytes, sizeBytes - offset);
		const bytes = await readPart(download, offset, length, version, sizeBytes);
		await writeAll(file, bytes, offset);
		offset += bytes.length;
		download.onProgress(offset, sizeBytes);
		if (bytes.length < length) break;
	}
	return offset;
}

/** A disk that fills up takes a part of what it is given, and says so only when it is given the rest. */
async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
	for (let done = 0; done < bytes.length; ) {
		done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
	}
}

async function readPart(
	{ place, path, signal, retryAfterMs = defaultRetriesMs }: ResumableDownload,
	offset: number,
	length: number,
	version: string | null,
	sizeBytes: number | null,
): Promise<Uint8Array> {
	for (let attempt = 0; ; attempt++) {
		signal.throwIfAborted();
		try {
			const { bytes, totalBytes } = await place.read(path, { offset, length }, version, signal);
			if (sizeBytes !== null && totalBytes !== null && totalBytes !== sizeBytes) throw changed(path);
			if (sizeBytes === null || bytes.length === length) return bytes;
			throw new GammaError("store.unreachable", `Only a part of ${shown(path)} came: try again.`);
		} catch (error) {
			const waitMs = retryAfterMs[attempt];
			const isPassing = GammaError.is(
				error,
				"aws.unreachable",
				"store.unreachable",
				"relay.unreachable",
				"call.timeout",
			);
			if (!isPassing || waitMs === undefined || signal.aborted) throw error;
			await wait(waitMs, undefined, { signal });
		}
	}
}

async function verify(file: FileHandle, version: PlaceStat, sizeBytes: number, target: string): Promise<boolean> {
	if (version.checksum === null) return false;
	const fits = await checksumFits(file, version.checksum, sizeBytes);
	if (fits !== false) return fits === true;
	throw new GammaError(
		"artifact.unreadable",
		`What came for ${target} is not what its checksum says, so it was thrown away: download it again.`,
	);
}

function changed(path: string): GammaError {
	return new GammaError("artifact.changed", `${shown(path)} changed while it was downloaded: download it again.`);
}

function shown(path: string): string {
	return JSON.stringify(path.slice(0, 200));
}
