/** Without a byte for so long, a server counts as away. */
export const silentMs = 30_000;

/** Aborts when nothing came for so long: a slow server is waited for, a dead one is not. */
export class Silence {
	readonly #abort = new AbortController();
	readonly signal = this.#abort.signal;
	#timer: NodeJS.Timeout | undefined;

	constructor(private readonly afterMs = silentMs) {
		this.heard();
	}

	heard(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#abort.abort(), this.afterMs);
		this.#timer.unref();
	}

	stop(): void {
		clearTimeout(this.#timer);
	}
}

/** At most so many bytes of a body, as they come; the rest is not waited for. */
export async function bytesOf(
	body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
	mostBytes: number,
	silence: Pick<Silence, "heard">,
): Promise<Uint8Array> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of body) {
		silence.heard();
		chunks.push(chunk);
		size += chunk.length;
		if (size >= mostBytes) break;
	}
	return Buffer.concat(chunks, size).subarray(0, mostBytes);
}
