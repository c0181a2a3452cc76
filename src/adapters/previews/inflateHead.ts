import { createInflateRaw } from "node:zlib";
import { unreadable } from "../../core/previews/unreadable";
import type { RangeReader } from "./rangeReader";

/** Bytes read and unpacked at a time: a bomb unpacks at most a thousandfold of this before it is stopped. */
const stepBytes = 64 * 2 ** 10;

/** The first `wanted` bytes of what is deflated at `offset`, fewer where it holds fewer; reads no more of it than that takes. */
export async function inflateHead(
	reader: RangeReader,
	offset: number,
	compressedBytes: number,
	wanted: number,
): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	let unpacked = 0;
	const inflate = createInflateRaw({ chunkSize: stepBytes });
	const ended = new Promise<void>((resolve, reject) => {
		inflate.on("data", (chunk: Buffer) => {
			if (unpacked < wanted) chunks.push(chunk);
			unpacked += chunk.length;
			if (unpacked >= wanted) resolve();
		});
		inflate.on("end", resolve);
		inflate.on("error", (error) => reject(unreadable(`its compressed part is damaged (${error.message})`)));
	});
	// Looked at below, but may fail before.
	ended.catch(() => {});
	try {
		for (let read = 0; read < compressedBytes && unpacked < wanted; read += stepBytes) {
			const bytes = await reader.exactly(offset + read, Math.min(stepBytes, compressedBytes - read));
			await Promise.race([new Promise<void>((resolve) => inflate.write(bytes, () => resolve())), ended]);
		}
		if (unpacked < wanted) inflate.end();
		await ended;
	} finally {
		inflate.destroy();
	}
	return Buffer.concat(chunks).subarray(0, wanted);
}
