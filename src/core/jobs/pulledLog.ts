import type { Relay } from "../relay/relay";

/** The next piece of a log that is told in pieces and not by offset. */
export interface LogPull {
	readonly text: string;
	/** There is more already. */
	readonly hasMore: boolean;
}

/** Goes on where it was when it is called again, also after it rejected. */
export interface LogPuller {
	pull(signal?: AbortSignal): Promise<LogPull>;
}

/** More than `JobLog` shows of a long log; what came before is not kept. */
const keptBytes = 48 << 20;
/** As much as a relay gives at once. */
const mostAtOnce = 8 << 20;

/**
 * A log that is pulled, read by offset as a relay's is. The first reading pulls all that there is, a later one only where
 * it has come to the end. Of a log longer than 48 MiB the end is kept: what is asked of before it is answered empty.
 */
export class PulledLog implements Pick<Relay, "readLog"> {
	readonly #chunks: Uint8Array[] = [];
	#from = 0;
	#end = 0;
	#hasMore = true;
	#pulling: Promise<void> = Promise.resolve();

	constructor(
		private readonly puller: LogPuller,
		private readonly mostKept = keptBytes,
	) {}

	async readLog(_id: string, offset: number, signal?: AbortSignal): Promise<{ bytes: Uint8Array; sizeBytes: number }> {
		// One after the other: two readers of one log share what is pulled.
		const pulling = this.#pulling.then(() => this.#pull(offset, signal));
		this.#pulling = pulling.catch(() => {});
		await pulling;
		return { bytes: this.#slice(offset), sizeBytes: this.#end };
	}

	async #pull(offset: number, signal?: AbortSignal): Promise<void> {
		if (offset < this.#end && !this.#hasMore) return;
		do {
			const { text, hasMore } = await this.puller.pull(signal);
			this.#hasMore = hasMore;
			if (text !== "") this.#keep(new TextEncoder().encode(text));
		} while (this.#hasMore);
	}

	#keep(bytes: Uint8Array): void {
		this.#chunks.push(bytes);
		this.#end += bytes.length;
		for (let first = this.#chunks[0]; first && this.#end - this.#from - first.length >= this.mostKept; ) {
			this.#chunks.shift();
			this.#from += first.length;
			first = this.#chunks[0];
		}
	}

	#slice(offset: number): Uint8Array {
		if (offset < this.#from) return new Uint8Array();
		const bytes = new Uint8Array(Math.max(0, Math.min(this.#end - offset, mostAtOnce)));
		let at = this.#from;
		for (const chunk of this.#chunks) {
			const skip = Math.max(0, offset - at);
			const to = Math.max(0, at - offset);
			if (skip < chunk.length && to < bytes.length) bytes.set(chunk.subarray(skip, skip + bytes.length - to), to);
			at += chunk.length;
		}
		return bytes;
	}
}
