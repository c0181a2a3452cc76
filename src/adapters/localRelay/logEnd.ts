import { open, rename, stat } from "node:fs/promises";

/** A log beyond it is put aside at the next start; one old one is kept. */
const largestBytes = 5 << 20;
const readBytes = 16_384;

export async function rotateLog(path: string): Promise<void> {
	const size = (await stat(path).catch(() => null))?.size ?? 0;
	if (size > largestBytes) await rename(path, `${path}.1`);
}

/**
 * What a relay said last, from an offset of its log on: its own sentences for people, else its last line. Null when it said
 * nothing.
 */
export async function logEnd(path: string, fromBytes: number): Promise<string | null> {
	const file = await open(path, "r").catch(() => null);
	if (file === null) return null;
	try {
		const { size } = await file.stat();
		const start = Math.max(fromBytes, size - readBytes);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, start);
		const lines = buffer
			.toString("utf8", 0, bytesRead)
			.split("\n")
			.filter((line) => line.trim() !== "");
		const sentences = lines.flatMap((line) => /^gamma relay: (.+)$/.exec(line)?.[1] ?? []);
		return sentences.length > 0 ? sentences.join(" ") : (lines.at(-1) ?? null);
	} finally {
		await file.close();
	}
}
