import { unreadable } from "../previews/unreadable";
import { isPickleNode, type PickleNode, type PickleValue, pickleNode } from "./pickleValue";

/** A state of a million tensors takes less. */
const mostSteps = 20_000_000;
/** Numbers of a pickle by hand; building longer ones costs the square of their length. */
const mostLongBytes = 1_000;
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder("utf-8");

/**
 * What a pickle describes, read as data. It is a program for a small stack machine; here its pushes and its building of
 * lists and dictionaries are followed, and where it would import or call something a note of that takes its place.
 * Rejects with `artifact.unreadable`. Format: CPython's Lib/pickletools.py, protocols 0 to 5.
 */
export function readPickle(bytes: Uint8Array, from = 0): { readonly value: PickleValue; readonly endOffset: number } {
	return new PickleReader(bytes, from).read();
}

class PickleReader {
	#stack: PickleValue[] = [];
	readonly #marked: PickleValue[][] = [];
	readonly #memo = new Map<number, PickleValue>();
	readonly #view: DataView;

	constructor(
		private readonly bytes: Uint8Array,
		private at: number,
	) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	read(): { value: PickleValue; endOffset: number } {
		for (let step = 0; step < mostSteps; step++) {
			const code = this.bytes[this.#take(1)] ?? 0;
			if (code === 0x2e) return { value: this.#pop(), endOffset: this.at };
			this.#follow(code);
		}
		throw unreadable("its pickle is longer than that of any model");
	}

	#follow(code: number): void {
		const simple = this.#constant(code);
		if (simple !== undefined) this.#stack.push(simple);
		else if (!this.#build(code) && !this.#remember(code)) {
			throw unreadable(`its pickle has an instruction that none has (0x${code.toString(16)})`);
		}
	}

	/** Instructions that push what stands right behind them; undefined for others. */
	#constant(code: number): PickleValue | undefined {
		switch (String.fromCharCode(code)) {
			case "N":
				return null;
			case "\x88":
				return true;
			case "\x89":
				return false;
			case "J":
				return this.#view.getInt32(this.#take(4), true);
			case "K":
				return this.#view.getUint8(this.#take(1));
			case "M":
				return this.#view.getUint16(this.#take(2), true);
			case "G":
				return this.#view.getFloat64(this.#take(8));
			case "I": {
				const line = this.#line();
				return line === "01" ? true : line === "00" ? false : Number(line);
			}
			case "F":
				return Number(this.#line());
			case "L":
				return Number(this.#line().replace(/L$/, ""));
			case "\x8a":
				return this.#long(this.#view.getUint8(this.#take(1)));
			case "\x8b":
				return this.#long(this.#uint32());
			case "S":
				return this.#line().slice(1, -1);
			case "V":
				return this.#line();
			case "U":
				return this.#text(this.#view.getUint8(this.#take(1)), latin1);
			case "T":
				return this.#text(this.#uint32(), latin1);
			case "\x8c":
				return this.#text(this.#view.getUint8(this.#take(1)), utf8);
			case "X":
				return this.#text(this.#uint32(), utf8);
			case "\x8d":
				return this.#text(this.#uint64(), utf8);
			case "C":
				return this.#skip(this.#view.getUint8(this.#take(1)));
			case "B":
				return this.#skip(this.#uint32());
			case "\x8e":
			case "\x96":
				return this.#skip(this.#uint64());
			case "\x97":
				return pickleNode("bytes");
			case "c":
				return pickleNode("global", [], `${this.#line()}.${this.#line()}`);
			case "P":
				return pickleNode("persistent", [this.#line()]);
			case "}":
				return pickleNode("dict");
			case "]":
				return pickleNode("list");
			case ")":
				return pickleNode("tuple");
			case "\x8f":
				return pickleNode("set");
			default:
				return undefined;
		}
	}

	/** Instructions that make something of what is on the stack. */
	#build(code: number): boolean {
		switch (String.fromCharCode(code)) {
			case "t":
				return this.#push(pickleNode("tuple", this.#popMarked()));
			case "l":
				return this.#push(pickleNode("list", this.#popMarked()));
			case "\x91":
				return this.#push(pickleNode("set", this.#popMarked()));
			case "d": {
				const dict = pickleNode("dict");
				putPairs(dict, this.#popMarked());
				return this.#push(dict);
			}
			case "\x85":
			case "\x86":
			case "\x87": {
				const members: PickleValue[] = [];
				for (let count = code - 0x84; count > 0; count--) members.unshift(this.#pop());
				return this.#push(pickleNode("tuple", members));
			}
			case "a": {
				const member = this.#pop();
				this.#top().items.push(member);
				return true;
			}
			case "e":
			case "\x90": {
				const members = this.#popMarked();
				const { items } = this.#top();
				for (const member of members) items.push(member);
				return true;
			}
			case "s": {
				const value = this.#pop();
				const key = this.#pop();
				this.#top().pairs.push([key, value]);
				return true;
			}
			case "u": {
				const members = this.#popMarked();
				putPairs(this.#top(), members);
				return true;
			}
			case "R":
			case "\x81": {
				const given = this.#pop();
				return this.#push(pickleNode("call", [this.#pop(), given]));
			}
			case "\x92": {
				this.#pop();
				const given = this.#pop();
				return this.#push(pickleNode("call", [this.#pop(), given]));
			}
			case "o": {
				const [callee = null, ...given] = this.#popMarked();
				return this.#push(pickleNode("call", [callee, pickleNode("tuple", given)]));
			}
			case "i": {
				const callee = pickleNode("global", [], `${this.#line()}.${this.#line()}`);
				return this.#push(pickleNode("call", [callee, pickleNode("tuple", this.#popMarked())]));
			}
			case "b": {
				const state = this.#pop();
				this.#top().states.push(state);
				return true;
			}
			case "Q":
				return this.#push(pickleNode("persistent", [this.#pop()]));
			case "\x93": {
				const name = this.#pop();
				return this.#push(pickleNode("global", [], `${String(this.#pop())}.${String(name)}`));
			}
			default:
				return false;
		}
	}

	/** Marks, memory, and what only tells how the rest is written. */
	#remember(code: number): boolean {
		switch (String.fromCharCode(code)) {
			case "(":
				this.#marked.push(this.#stack);
				this.#stack = [];
				return true;
			case "0":
				if (this.#stack.length === 0) this.#popMarked();
				else this.#pop();
				return true;
			case "1":
				this.#popMarked();
				return true;
			case "2":
				return this.#push(this.#peek());
			case "p":
				return this.#note(Number(this.#line()));
			case "q":
				return this.#note(this.#view.getUint8(this.#take(1)));
			case "r":
				return this.#note(this.#uint32());
			case "\x94":
				return this.#note(this.#memo.size);
			case "g":
				return this.#push(this.#noted(Number(this.#line())));
			case "h":
				return this.#push(this.#noted(this.#view.getUint8(this.#take(1))));
			case "j":
				return this.#push(this.#noted(this.#uint32()));
			case "\x80":
				this.#take(1);
				return true;
			case "\x95":
				this.#take(8);
				return true;
			case "\x98":
				return true;
			default:
				return false;
		}
	}

	#take(count: number): number {
		const from = this.at;
		if (from + count > this.bytes.length) throw unreadable("its pickle ends in the middle");
		this.at = from + count;
		return from;
	}

	#uint32(): number {
		return this.#view.getUint32(this.#take(4), true);
	}

	#uint64(): number {
		return Number(this.#view.getBigUint64(this.#take(8), true));
	}

	/** Little-endian two's complement; beyond 53 bits only roughly. */
	#long(count: number): number {
		if (count > mostLongBytes) throw unreadable("its pickle has a number longer than that of any model");
		const from = this.#take(count);
		let value = 0n;
		for (let at = from + count - 1; at >= from; at--) value = value * 256n + BigInt(this.bytes[at] ?? 0);
		return Number(BigInt.asIntN(count * 8, value));
	}

	#text(count: number, decoder: typeof utf8): string {
		const from = this.#take(count);
		return decoder.decode(this.bytes.subarray(from, from + count));
	}

	#skip(count: number): PickleNode {
		this.#take(count);
		return pickleNode("bytes");
	}

	#line(): string {
		const end = this.bytes.indexOf(10, this.at);
		if (end < 0) throw unreadable("its pickle ends in the middle");
		const text = utf8.decode(this.bytes.subarray(this.at, end));
		this.at = end + 1;
		return text;
	}

	#push(value: PickleValue): true {
		this.#stack.push(value);
		return true;
	}

	#peek(): PickleValue {
		const value = this.#stack.at(-1);
		if (value === undefined) throw unreadable("its pickle is damaged");
		return value;
	}

	#pop(): PickleValue {
		const value = this.#peek();
		this.#stack.pop();
		return value;
	}

	#popMarked(): PickleValue[] {
		const members = this.#stack;
		const below = this.#marked.pop();
		if (below === undefined) throw unreadable("its pickle is damaged");
		this.#stack = below;
		return members;
	}

	#top(): PickleNode {
		const value = this.#peek();
		if (!isPickleNode(value)) throw unreadable("its pickle is damaged");
		return value;
	}

	#note(place: number): true {
		this.#memo.set(place, this.#peek());
		return true;
	}

	#noted(place: number): PickleValue {
		const value = this.#memo.get(place);
		if (value === undefined) throw unreadable("its pickle is damaged");
		return value;
	}
}

function putPairs({ pairs }: PickleNode, members: readonly PickleValue[]): void {
	for (let at = 0; at + 1 < members.length; at += 2) pairs.push([members[at] ?? null, members[at + 1] ?? null]);
}
