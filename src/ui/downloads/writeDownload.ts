import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";

/** Few round trips, little memory, and a cancel that takes at most one of them. */
export const rangeBytes = 8 * 1024 * 1024;

export interface Download {
	/** Reads a range of the artifact; fewer bytes than asked only at its end. */
	read(range: ByteRange, signal: AbortSignal): Promise<ArtifactBytes>;
	/** Absolute path of the file to be. */
	readonly target: string;
	readonly signal: AbortSignal;
	/** Bytes written since the last call. */
	onProgress(bytes: number): void;
}

/**
 * Writes an artifact to a file: range by range into `<target>.<random>.part`, which becomes the target when it is whole.
 * After a failure or a cancel nothing is left and an older target is untouched. The bytes written.
 * Rejects with `artifact.unreadable` when it ended early or changed while it was read.
 */
export async function writeDownload({ read, target, signal, onProgress }: Download): Promise<number> {
	await mkdir(dirname(target), { recursive: true });
	const part = `${target}.${randomBytes(4).toString("hex")}.part`;
	// "wx": a file or link that someone put there is not written through.
	const file = await open(part, "wx");
	try {
		let offset = 0;
		let total: number | null = null;
		for (;;) {
			if (signal.aborted) throw new GammaError("call.cancelled", "The download was cancelled.");
			const { bytes, totalBytes } = await read({ offset, length: rangeBytes }, signal);
			if (offset > 0 && totalBytes !== total) throw changed(target);
			total = totalBytes;
			await file.writeFile(bytes);
			offset += bytes.length;
			onProgress(bytes.length);
			if (total === null ? bytes.length < rangeBytes : offset >= total) break;
			if (bytes.length === 0) throw changed(target);
		}
		await file.sync();
		await file.close();
		await rename(part, target);
		return offset;
	} catch (error) {
		await file.close().catch(() => {});
		await rm(part, { force: true });
		throw error;
	}
}

function changed(target: string): GammaError {
	return new GammaError("artifact.unreadable", `The artifact changed while ${target} was written: download it again.`);
}
