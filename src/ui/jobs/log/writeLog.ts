import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

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
