import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { PlaceChecksum } from "../../core/artifacts/artifactPlace";

const chunkBytes = 4 * 2 ** 20;

const mebibyte = 2 ** 20;
/** What tools send in, in MiB: AWS's 8 and 5, boto's and rclone's, and the powers of two above. */
const usualParts = [8, 5, 16, 10, 15, 32, 64, 128, 256, 512].map((size) => size * mebibyte);
const mostGuesses = 3;

/**
 * Whether a file's bytes come to what they must; null where nobody says in which parts the checksum was made, and none of
 * the usual sizes fits. Reads the file whole.
 */
export async function checksumFits(
	file: FileHandle,
	checksum: PlaceChecksum,
	sizeBytes: number,
): Promise<boolean | null> {
	switch (checksum.kind) {
		case "md5":
			return (await digest(file, "md5", 0, sizeBytes)).toString("hex") === checksum.hex;
		case "md5Parts": {
			if (checksum.partBytes !== null)
				return (await digestOfParts(file, checksum.partBytes, sizeBytes)) === checksum.hex;
			const guesses = usualParts.filter((partBytes) => Math.ceil(sizeBytes / partBytes) === checksum.parts);
			for (const partBytes of guesses.slice(0, mostGuesses)) {
				if ((await digestOfParts(file, partBytes, sizeBytes)) === checksum.hex) return true;
			}
			return null;
		}
		case "sha1":
		case "sha256":
			return (await digest(file, checksum.kind, 0, sizeBytes)).toString("base64") === checksum.base64;
	}
}

async function digestOfParts(file: FileHandle, partBytes: number, sizeBytes: number): Promise<string> {
	const whole = createHash("md5");
	for (let from = 0; from < sizeBytes; from += partBytes) {
		whole.update(await digest(file, "md5", from, Math.min(sizeBytes, from + partBytes)));
	}
	return whole.digest("hex");
}

async function digest(file: FileHandle, algorithm: string, from: number, to: number): Promise<Buffer> {
	const hash = createHash(algorithm);
	const chunk = Buffer.alloc(chunkBytes);
	for (let at = from; at < to; ) {
		const { bytesRead } = await file.read(chunk, 0, Math.min(chunkBytes, to - at), at);
		if (bytesRead === 0) break;
		hash.update(chunk.subarray(0, bytesRead));
		at += bytesRead;
	}
	return hash.digest();
}
