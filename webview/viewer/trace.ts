/** Numbers over time, the latest kept: what the plot draws in step with the picture. */
export class Trace {
	readonly #times: number[] = [];
	readonly #rows: Float64Array[] = [];
	/** Grows with every change. */
	revision = 0;

	constructor(
		readonly labels: readonly string[],
		private readonly longest = 3000,
	) {}

	get length(): number {
		return this.#times.length;
	}

	/** Notes the values of a moment. Going back in time forgets what came after. */
	note(timeS: number, values: ArrayLike<number>): void {
		this.revision++;
		while (this.#times.length > 0 && (this.#times.at(-1) ?? 0) >= timeS) {
			this.#times.pop();
			this.#rows.pop();
		}
		this.#times.push(timeS);
		this.#rows.push(Float64Array.from({ length: this.labels.length }, (_, at) => values[at] ?? Number.NaN));
		if (this.#times.length > this.longest) {
			this.#times.splice(0, this.longest / 4);
			this.#rows.splice(0, this.longest / 4);
		}
	}

	clear(): void {
		this.revision++;
		this.#times.length = 0;
		this.#rows.length = 0;
	}

	/** The points of one label within the last `spanS` seconds. */
	points(label: number, spanS: number): readonly (readonly [timeS: number, value: number])[] {
		const last = this.#times.at(-1) ?? 0;
		const from = this.#times.findIndex((time) => time >= last - spanS);
		return this.#times
			.slice(Math.max(0, from))
			.map((time, at) => [time, this.#rows[Math.max(0, from) + at]?.[label] ?? Number.NaN] as const);
	}

	/** The last value of each label. */
	get latest(): readonly number[] {
		return [...(this.#rows.at(-1) ?? [])];
	}
}
