import type { Series } from "../../shared/run";

/** A metric's history as three growing columns; appending makes no object per point. */
export class PointColumns {
	#steps: Float64Array;
	#values: Float64Array;
	#timestampsMs: Float64Array;
	#length = 0;
	#isOrdered = true;

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
		if (at > 0 && this.#isOrdered) this.#isOrdered = this.#compare(at - 1, at) <= 0;
	}

	clear(): void {
		this.#length = 0;
		this.#isOrdered = true;
	}

	/** A copy in (timestamp, step, value) order; NaN stands where 0 would, as in MLflow's database. */
	toSeries(): Series {
		const steps = this.#steps.slice(0, this.#length);
		const values = this.#values.slice(0, this.#length);
		const timestampsMs = this.#timestampsMs.slice(0, this.#length);
		if (this.#isOrdered) return { steps, values, timestampsMs };
		const order = Uint32Array.from(steps.keys()).sort((a, b) => this.#compare(a, b) || a - b);
		for (const [at, from] of order.entries()) {
			steps[at] = this.#steps[from] ?? 0;
			values[at] = this.#values[from] ?? 0;
			timestampsMs[at] = this.#timestampsMs[from] ?? 0;
		}
		return { steps, values, timestampsMs };
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
