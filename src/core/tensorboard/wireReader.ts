/** A message that is not protobuf: costs the record it stands in. */
export class WireError extends Error {}

/**
 * Walks the fields of one protobuf message in place, without copying.
 * `while (reader.next())` moves to the next field; `field`, `wire` and the value's place are then set.
 * Every varint and length is bounded by the message; throws `WireError` on anything else.
 * Format: https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
	field = 0;
	wire = 0;
	/** Of a length-delimited value (wire 2): `view[from, to)`. Of a fixed one (wire 1 and 5): `from`. */
	from = 0;
	to = 0;
	/** Of a varint (wire 0), its halves: a 64-bit number has no exact place in a JavaScript number. */
	low = 0;
	high = 0;

	constructor(
		public view: DataView,
		private at: number,
		private end: number,
	) {}

	/** Starts over with another message. */
	of(view: DataView, at: number, end: number): this {
		this.view = view;
		this.at = at;
		this.end = end;
		return this;
	}

	next(): boolean {
		if (this.at >= this.end) return false;
		this.#varint();
		const key = this.low;
		this.field = key >>> 3;
		this.wire = key & 7;
		switch (this.wire) {
			case 0:
				this.#varint();
				return true;
			case 1:
				this.#span(8);
				return true;
			case 2:
				this.#varint();
				if (this.high !== 0) throw new WireError("a length beyond its message");
				this.#span(this.low);
				return true;
			case 5:
				this.#span(4);
				return true;
			default:
				throw new WireError(`wire type ${this.wire}`);
		}
	}

	/** The varint as a signed 64-bit number; beyond 2^53 the nearest double. */
	int64(): number {
		return (this.high | 0) * 2 ** 32 + this.low;
	}

	uint64(): number {
		return this.high * 2 ** 32 + this.low;
	}

	text(): string {
		return decodeText(this.view, this.from, this.to);
	}

	/** A varint without a key, as packed lists hold them. */
	bareVarint(): void {
		this.#varint();
	}

	#span(length: number): void {
		this.from = this.at;
		this.to = this.at + length;
		if (this.to > this.end) throw new WireError("a value beyond its message");
		this.at = this.to;
	}

	#varint(): void {
		const view = this.view;
		const end = this.end;
		let at = this.at;
		let low = 0;
		let high = 0;
		// Ten bytes hold 64 bits: a longer varint is garbage, and would never end.
		for (let shift = 0; shift < 70; shift += 7) {
			if (at >= end) throw new WireError("a number beyond its message");
			const byte = view.getUint8(at++);
			const bits = byte & 127;
			if (shift < 28) low |= bits << shift;
			else if (shift === 28) {
				low |= bits << 28;
				high = bits >>> 4;
			} else high |= bits << (shift - 32);
			if (byte < 128) {
				this.at = at;
				this.low = low >>> 0;
				this.high = high >>> 0;
				return;
			}
		}
		throw new WireError("a number without an end");
	}
}

const decoder = new TextDecoder("utf-8");

export function decodeText(view: DataView, from: number, to: number): string {
	return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
}
