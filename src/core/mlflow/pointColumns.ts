import type { Series } from "../../shared/run";

/** A metric's history as three growing columns; appending makes no object per point. */
export class PointColumns {
	#steps: Float64Array;
	#values: Float64Array;
	#timestampsMs: Float64Array;
	#length = 0;
	#isOrdered = true;
	/** What `toSeries` answers until the next point: a chart asks the same history again at every zoom. */
	#series: Series | null = null;

	constructor(capacity = 256) {
		this.#steps = new Float64Array(capacity);
		this.#values = new Float64Array(capacity);
		this.#timestampsMs = new Float64Array(capacity);
	}

	get length(): number {
		return this.#length;
	}

	get sizeBytes(): number {
		return this.#steps.byteLength * 3;
	}

	push(step: number, value: number, timestampMs: number): void {
		const at = this.#length;
		if (at === this.#steps.length) this.#grow();
		this.#steps[at] = step;
		this.#values[at] = value;
		this.#timestampsMs[at] = timestampMs;
		this.#length++;
		this.#series = null;
		if (at > 0 && this.#isOrdered) this.#isOrdered = this.#compare(at - 1, at) <= 0;
	}

	/** Begins anew in memory of its own: series handed out before keep what they had. */
	clear(): void {
		this.#length = 0;
		this.#isOrdered = true;
		this.#series = null;
		this.#steps = new Float64Array(0);
		this.#values = new Float64Array(0);
		this.#timestampsMs = new Float64Array(0);
	}

	/**
	 * In (timestamp, step, value) order; NaN stands where 0 would, as in MLflow's database. Mostly views of the columns, which
	 * later points do not touch: not to be written to, nor moved to another thread.
	 */
	toSeries(): Series {
		if (!this.#isOrdered) this.#sort();
		this.#series ??= this.#view();
		return this.#series;
	}

	#view(): Series {
		return {
			steps: this.#steps.subarray(0, this.#length),
			values: this.#values.subarray(0, this.#length),
			timestampsMs: this.#timestampsMs.subarray(0, this.#length),
		};
	}

	/** Into new columns, so that what follows in order needs no sorting. */
	#sort(): void {
		const order = Uint32Array.from({ length: this.#length }, (_, at) => at);
		order.sort((a, b) => this.#compare(a, b) || a - b);
		const pick = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
		const sorted = [pick(this.#steps), pick(this.#values), pick(this.#timestampsMs)] as const;
		[this.#steps, this.#values, this.#timestampsMs] = sorted;
		this.#isOrdered = true;
	}

	#compare(a: number, b: number): number {
		return (
			(this.#timestampsMs[a] ?? 0) - (this.#timestampsMs[b] ?? 0) ||
			(this.#steps[a] ?? 0) - (this.#steps[b] ?? 0) ||
			compareValues(this.#values[a] ?? 0, this.#values[b] ?? 0)
		);
	}

	#grow(): void {
		const capacity = Math.max(256, this.#steps.length * 2);
		this.#steps = grown(this.#steps, capacity);
		this.#values = grown(this.#values, capacity);
		this.#timestampsMs = grown(this.#timestampsMs, capacity);
	}
}

function compareValues(a: number, b: number): number {
	const left = Number.isNaN(a) ? 0 : a;
	const right = Number.isNaN(b) ? 0 : b;
	return left < right ? -1 : left > right ? 1 : 0;
}

function grown(column: Float64Array, capacity: number): Float64Array {
	const larger = new Float64Array(capacity);
	larger.set(column);
	return larger;
}
