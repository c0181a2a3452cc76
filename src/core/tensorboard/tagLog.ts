import type { Series } from "../../shared/run";
import type { PointColumns } from "./pointColumns";
import { decodeText } from "./wireReader";

/** Where a logged image or text lies: memory holds places, never the bytes. */
export interface MediaPlace {
	readonly step: number;
	readonly timeMs: number;
	readonly file: string;
	/** Of an image: its encoded bytes. Of a text: its TensorProto. In bytes from the file's start. */
	readonly offset: number;
	readonly length: number;
}

/** Everything one run logged under one tag. */
export class TagLog {
	readonly tag: string;
	/** Old style (`simple_value`): a restart drops what came at or after its step. */
	simple: PointColumns | null = null;
	/** New style (a tensor with plugin `scalars`): TensorBoard's EventAccumulator keeps these over a restart. */
	tensor: PointColumns | null = null;
	simpleImages: MediaPlace[] = [];
	tensorImages: MediaPlace[] = [];
	texts: MediaPlace[] = [];
	/** Of the tag's first record that has metadata; later ones do not count. */
	plugin: string | null = null;
	/** The tag that followed this one last time: training loops log their tags in the same order each step. */
	follower: TagLog | null = null;
	/** Set when points came or went since the run's change was last asked for. */
	hasGrown = false;
	readonly #bytes: Uint8Array;

	constructor(view: DataView, from: number, to: number) {
		this.#bytes = new Uint8Array(view.buffer, view.byteOffset + from, to - from).slice();
		this.tag = decodeText(view, from, to);
	}

	isNamed(view: DataView, from: number, to: number): boolean {
		const bytes = this.#bytes;
		if (bytes.length !== to - from) return false;
		for (let at = 0; at < bytes.length; at++) if (bytes[at] !== view.getUint8(from + at)) return false;
		return true;
	}

	get isMetric(): boolean {
		return this.simple !== null || this.tensor !== null;
	}

	/** As MLflow counts it; null for no point. */
	get lastValue(): number | null {
		const [simple, tensor] = [this.simple, this.tensor];
		if (!simple?.length) return tensor?.length ? tensor.lastValue : null;
		return tensor?.length && tensor.isLaterThan(simple) ? tensor.lastValue : simple.lastValue;
	}

	series(): Series | null {
		if (this.simple && this.tensor) return this.simple.with(this.tensor).series();
		return (this.simple ?? this.tensor)?.series() ?? null;
	}

	/** Drops what a restart at the step made obsolete. */
	dropFrom(step: number): void {
		const kept = this.simple?.before(step) ?? null;
		if (kept !== this.simple) this.hasGrown = true;
		this.simple = kept;
		if (this.simpleImages.length > 0) this.simpleImages = this.simpleImages.filter((place) => place.step < step);
	}
}

/** Finds a run's tags by their bytes, without decoding a string a record. */
export class TagTable {
	readonly #byHash = new Map<number, TagLog[]>();
	#last: TagLog | null = null;

	*[Symbol.iterator](): Iterator<TagLog> {
		for (const bucket of this.#byHash.values()) yield* bucket;
	}

	named(tag: string): TagLog | undefined {
		for (const log of this) if (log.tag === tag) return log;
		return undefined;
	}

	find(view: DataView, from: number, to: number): TagLog {
		const expected = this.#last?.follower;
		if (expected?.isNamed(view, from, to)) {
			this.#last = expected;
			return expected;
		}
		const found = this.#lookUp(view, from, to);
		if (this.#last) this.#last.follower = found;
		this.#last = found;
		return found;
	}

	#lookUp(view: DataView, from: number, to: number): TagLog {
		// FNV-1a, 32 bits.
		let hash = 0x811c9dc5;
		for (let at = from; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
		const bucket = this.#byHash.get(hash);
		const known = bucket?.find((log) => log.isNamed(view, from, to));
		if (known) return known;
		const log = new TagLog(view, from, to);
		if (bucket) bucket.push(log);
		else this.#byHash.set(hash, [log]);
		return log;
	}
}
