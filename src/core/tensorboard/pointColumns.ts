import type { Series } from "../../shared/run";

/** 64 bytes a column: still inside the engine's own heap, so that a run of a million tags stays affordable. */
const firstCapacity = 8;

/**
 * The points of one tag in the order they were read, in growing columns: never an object a point.
 * Keeps the last point as MLflow counts it (greatest step, timestamp, value) and whether the points came in order.
 */
export class PointColumns {
	#steps = new Float64Array(firstCapacity);
	#timesMs = new Float64Array(firstCapacity);
	#values = new Float64Array(firstCapacity);
	#length = 0;
	#lastStep = Number.NEGATIVE_INFINITY;
	#lastTimeMs = Number.NEGATIVE_INFINITY;
	#lastValue = Number.NaN;
	#isOrdered = true;
	#ordered: Series | null = null;

	get length(): number {
		return this.#length;
	}

	get sizeBytes(): number {
		return this.#steps.byteLength * 3;
	}

	/** NaN for no points. */
	get lastValue(): number {
		return this.#lastValue;
	}

	isLaterThan(other: PointColumns): boolean {
		return isLater(
			this.#lastStep,
			this.#lastTimeMs,
			this.#lastValue,
			other.#lastStep,
			other.#lastTimeMs,
			other.#lastValue,
		);
	}

	push(step: number, timeMs: number, value: number): void {
		const at = this.#length;
		if (at === this.#steps.length) this.#resize(at * 2);
		if (at > 0 && this.#isOrdered) this.#isOrdered = !this.#goesBack(at - 1, step, timeMs, value);
		this.#steps[at] = step;
		this.#timesMs[at] = timeMs;
		this.#values[at] = value;
		this.#length = at + 1;
		if (at === 0 || isLater(step, timeMs, value, this.#lastStep, this.#lastTimeMs, this.#lastValue)) {
			this.#lastStep = step;
			this.#lastTimeMs = timeMs;
			this.#lastValue = value;
		}
	}

	/** Drops every point at or after the step; true when there was one. */
	dropFrom(step: number): boolean {
		const before = this.#length;
		const [steps, timesMs, values] = [this.#steps, this.#timesMs, this.#values];
		this.#length = 0;
		this.#isOrdered = true;
		this.#lastStep = this.#lastTimeMs = Number.NEGATIVE_INFINITY;
		this.#lastValue = Number.NaN;
		for (let at = 0; at < before; at++) {
			const own = steps[at] ?? 0;
			if (own < step) this.push(own, timesMs[at] ?? 0, values[at] ?? 0);
		}
		return this.#length < before;
	}

	/** Gives back what the columns hold in reserve. */
	trim(): void {
		if (this.#steps.length > firstCapacity && this.#steps.length > this.#length * 1.25) this.#resize(this.#length);
	}

	/** A copy in (timestamp, step, value) order; with `others`, the points of all of them. */
	series(others: readonly PointColumns[] = []): Series {
		if (others.length > 0) {
			const all = new PointColumns();
			for (const columns of [this, ...others]) {
				for (let at = 0; at < columns.#length; at++) {
					all.push(columns.#steps[at] ?? 0, columns.#timesMs[at] ?? 0, columns.#values[at] ?? 0);
				}
			}
			return all.series();
		}
		const series = this.#isOrdered ? this.#inFileOrder() : this.#sorted();
		return { steps: series.steps.slice(), values: series.values.slice(), timestampsMs: series.timestampsMs.slice() };
	}

	#inFileOrder(): Series {
		return {
			steps: this.#steps.subarray(0, this.#length),
			values: this.#values.subarray(0, this.#length),
			timestampsMs: this.#timesMs.subarray(0, this.#length),
		};
	}

	#sorted(): Series {
		if (this.#ordered?.steps.length === this.#length) return this.#ordered;
		const [steps, timesMs, values] = [this.#steps, this.#timesMs, this.#values];
		const order = Uint32Array.from({ length: this.#length }, (_, at) => at);
		order.sort(
			(a, b) =>
				(timesMs[a] ?? 0) - (timesMs[b] ?? 0) ||
				(steps[a] ?? 0) - (steps[b] ?? 0) ||
				compareValues(values[a] ?? 0, values[b] ?? 0) ||
				a - b,
		);
		const pick = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? 0);
		this.#ordered = { steps: pick(steps), values: pick(values), timestampsMs: pick(timesMs) };
		return this.#ordered;
	}

	#goesBack(previous: number, step: number, timeMs: number, value: number): boolean {
		const previousTimeMs = this.#timesMs[previous] ?? 0;
		if (timeMs !== previousTimeMs) return !(timeMs > previousTimeMs);
		const previousStep = this.#steps[previous] ?? 0;
		if (step !== previousStep) return step < previousStep;
		return compareValues(value, this.#values[previous] ?? 0) < 0;
	}

	#resize(capacity: number): void {
		const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
			const next = new Float64Array(capacity);
			next.set(column.subarray(0, this.#length));
			return next;
		};
		this.#steps = grown(this.#steps);
		this.#timesMs = grown(this.#timesMs);
		this.#values = grown(this.#values);
	}
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
	return value > thanValue;
}

/** NaN first, so that the order is total. */
function compareValues(a: number, b: number): number {
	if (a === b) return 0;
	if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
	if (Number.isNaN(b)) return 1;
	return a < b ? -1 : 1;
}
