import type { Series } from "../../shared/run";

/** 64 bytes a column: still inside the engine's own heap, so that a run of a million tags stays affordable. */
const firstBlock = 8;
/** Blocks double up to this: points never move again once written, and little is held in reserve. */
const largestBlock = 8192;

/** Points in the order they were read. */
interface Block {
	readonly steps: Float64Array;
	readonly timesMs: Float64Array;
	readonly values: Float64Array;
}

function newBlock(capacity: number): Block {
	return {
		steps: new Float64Array(capacity),
		timesMs: new Float64Array(capacity),
		values: new Float64Array(capacity),
	};
}

/**
 * The points of one tag in the order they were read, in columns: never an object a point.
 * Keeps the last point as MLflow counts it (greatest step, timestamp, value) and whether the points came in order.
 */
export class PointColumns {
	readonly #full: Block[] = [];
	#fullLength = 0;
	#block = newBlock(firstBlock);
	#used = 0;
	#capacity = firstBlock;
	#previousStep = 0;
	#previousTimeMs = Number.NEGATIVE_INFINITY;
	#previousValue = 0;
	#lastStep = Number.NEGATIVE_INFINITY;
	#lastTimeMs = Number.NEGATIVE_INFINITY;
	#lastValue = Number.NaN;
	#isOrdered = true;
	/** The points put in order, where they did not come so. */
	#sorted: Series | null = null;

	get length(): number {
		return this.#fullLength + this.#used;
	}

	get sizeBytes(): number {
		return (this.#fullLength + this.#capacity) * 24;
	}

	/** NaN for no points. */
	get lastValue(): number {
		return this.#lastValue;
	}

	isLaterThan(other: PointColumns): boolean {
		return other.#lastStep !== this.#lastStep || other.#lastTimeMs !== this.#lastTimeMs
			? isLater(this.#lastStep, this.#lastTimeMs, 0, other.#lastStep, other.#lastTimeMs, 0)
			: this.#lastValue > other.#lastValue;
	}

	push(step: number, timeMs: number, value: number): void {
		if (this.#used === this.#capacity) this.#nextBlock();
		const at = this.#used++;
		const block = this.#block;
		block.steps[at] = step;
		block.timesMs[at] = timeMs;
		block.values[at] = value;
		if (!(timeMs > this.#previousTimeMs) && this.#isOrdered) this.#isOrdered = !this.#goesBack(step, timeMs, value);
		this.#previousStep = step;
		this.#previousTimeMs = timeMs;
		this.#previousValue = value;
		if (isLater(step, timeMs, value, this.#lastStep, this.#lastTimeMs, this.#lastValue)) {
			this.#lastStep = step;
			this.#lastTimeMs = timeMs;
			this.#lastValue = value;
		}
	}

	/** The points before the step; `this` where that is all of them. */
	before(step: number): PointColumns {
		const { steps, timestampsMs, values } = this.#inReadOrder();
		if (steps.every((own) => own < step)) return this;
		const kept = new PointColumns();
		for (let at = 0; at < steps.length; at++) {
			if ((steps[at] ?? 0) < step) kept.push(steps[at] ?? 0, timestampsMs[at] ?? 0, values[at] ?? 0);
		}
		return kept;
	}

	/** The points of both, those of `this` first. */
	with(other: PointColumns): PointColumns {
		const both = new PointColumns();
		for (const { steps, timestampsMs, values } of [this.#inReadOrder(), other.#inReadOrder()]) {
			for (let at = 0; at < steps.length; at++) both.push(steps[at] ?? 0, timestampsMs[at] ?? 0, values[at] ?? 0);
		}
		return both;
	}

	/** A copy in (timestamp, step, value) order. */
	series(): Series {
		if (this.#isOrdered) return this.#inReadOrder();
		if (this.#sorted?.steps.length !== this.length) this.#sorted = inOrder(this.#inReadOrder());
		const { steps, values, timestampsMs } = this.#sorted;
		return { steps: steps.slice(), values: values.slice(), timestampsMs: timestampsMs.slice() };
	}

	#inReadOrder(): Series {
		const all = (column: keyof Block): Float64Array => {
			const joined = new Float64Array(this.length);
			let at = 0;
			for (const block of this.#full) {
				joined.set(block[column], at);
				at += block[column].length;
			}
			joined.set(this.#block[column].subarray(0, this.#used), at);
			return joined;
		};
		return { steps: all("steps"), values: all("values"), timestampsMs: all("timesMs") };
	}

	#nextBlock(): void {
		this.#full.push(this.#block);
		this.#fullLength += this.#used;
		this.#capacity = Math.min(largestBlock, this.#capacity * 2);
		this.#block = newBlock(this.#capacity);
		this.#used = 0;
	}

	#goesBack(step: number, timeMs: number, value: number): boolean {
		if (timeMs !== this.#previousTimeMs) return true;
		if (step !== this.#previousStep) return step < this.#previousStep;
		return compareValues(value, this.#previousValue) < 0;
	}
}

function inOrder({ steps, values, timestampsMs }: Series): Series {
	const order = Uint32Array.from({ length: steps.length }, (_, at) => at);
	order.sort(
		(a, b) =>
			compareValues(timestampsMs[a] ?? 0, timestampsMs[b] ?? 0) ||
			(steps[a] ?? 0) - (steps[b] ?? 0) ||
			compareValues(values[a] ?? 0, values[b] ?? 0) ||
			a - b,
	);
	const pick = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
	return { steps: pick(steps), values: pick(values), timestampsMs: pick(timestampsMs) };
}

function isLater(
	step: number,
	timeMs: number,
	value: number,
	thanStep: number,
	thanTimeMs: number,
	thanValue: number,
): boolean {
	if (step !== thanStep) return step > thanStep;
	if (timeMs !== thanTimeMs) return timeMs > thanTimeMs;
	return value > thanValue || Number.isNaN(thanValue);
}

/** NaN first, so that the order is total. */
function compareValues(a: number, b: number): number {
	if (a === b) return 0;
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
	if (Number.isNaN(b)) return 1;
	return a < b ? -1 : 1;
}
