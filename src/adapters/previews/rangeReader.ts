import { unreadable } from "../../core/previews/unreadable";
import type { ArtifactBytes, ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";

export type ReadRange = (range: ByteRange) => Promise<ArtifactBytes>;

/** An artifact read in ranges; its first bytes are kept, since every preview begins with them. */
export class RangeReader {
	private constructor(
		private readonly read: ReadRange,
		readonly head: Uint8Array,
		/** Null where the store does not say. */
		readonly sizeBytes: number | null,
		private readonly signal: AbortSignal | undefined,
	) {}

	static async open(
		read: ReadRange,
		sizeBytes: number | null,
		headBytes: number,
		signal?: AbortSignal,
	): Promise<RangeReader> {
		throwIfCancelled(signal);
		const head = await read({ offset: 0, length: headBytes });
		const isWhole = head.bytes.length < headBytes;
		const size = head.totalBytes ?? sizeBytes ?? (isWhole ? head.bytes.length : null);
		return new RangeReader(read, head.bytes, size, signal);
	}

	/** Do these first bytes make up the whole artifact? */
	isWhole(bytes: Uint8Array): boolean {
		return this.sizeBytes !== null && bytes.length >= this.sizeBytes;
	}

	/** At most so many bytes from the start. */
	async first(length: number): Promise<Uint8Array> {
		if (length <= this.head.length) return this.head.subarray(0, length);
		return this.isWhole(this.head) ? this.head : this.upTo(0, length);
	}

	/** Exactly these bytes. Rejects with `artifact.unreadable` where the artifact ends before. */
	async exactly(offset: number, length: number): Promise<Uint8Array> {
		const bytes = await this.upTo(offset, length);
		if (bytes.length < length) throw unreadable("it ends before what it says it holds");
		return bytes;
	}

	async upTo(offset: number, length: number): Promise<Uint8Array> {
		if (!Number.isSafeInteger(offset) || offset < 0 || (this.sizeBytes !== null && offset > this.sizeBytes)) {
			throw unreadable("it points beyond its end");
		}
		if (offset + length <= this.head.length) return this.head.subarray(offset, offset + length);
		throwIfCancelled(this.signal);
		return (await this.read({ offset, length })).bytes;
	}
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new GammaError("call.cancelled", "The preview was cancelled.");
}
