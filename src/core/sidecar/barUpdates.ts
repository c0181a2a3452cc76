import type { OutputPoint } from "./outputPoint";

/** How often a bar's running numbers are shown before its end. */
const shownEveryMs = 30_000;

/** A progress bar draws the same numbers again and again: keeps of each bar what counts. */
export class BarUpdates {
	#waiting: readonly OutputPoint[] = [];
	#epoch: number | null = null;
	#done: number | null = null;
	#shownMs: number | null = null;
	readonly #last = new Map<string, { step: number | null; value: number }>();

	/** The points that count now; those of a bar that may still be drawn over wait. */
	update(points: readonly OutputPoint[], epoch: number, done: number | null, isOverdrawn: boolean): OutputPoint[] {
		const isAnother = epoch !== this.#epoch || (done !== null && this.#done !== null && done < this.#done);
		const settled = isAnother ? this.settle() : [];
		this.#epoch = epoch;
		if (done !== null) this.#done = done;
		if (points.length > 0) this.#waiting = points;
		const [first] = this.#waiting;
		if (first === undefined) return settled;
		this.#shownMs ??= first.timestampMs;
		const isDue = first.timestampMs - this.#shownMs >= shownEveryMs;
		return isOverdrawn && !isDue ? settled : [...settled, ...this.#take()];
	}

	/** The bar is at its end. */
	settle(): OutputPoint[] {
		const points = this.#take();
		this.#done = null;
		this.#shownMs = null;
		return points;
	}

	/** tqdm draws a bar again when it closes it. */
	onlyChanged(points: readonly OutputPoint[]): OutputPoint[] {
		return points.filter(({ key, step, value }) => {
			const last = this.#last.get(key);
			this.#last.set(key, { step, value });
			return last === undefined || last.step !== step || !Object.is(last.value, value);
		});
	}

	#take(): OutputPoint[] {
		const points = this.onlyChanged(this.#waiting);
		this.#shownMs = this.#waiting[0]?.timestampMs ?? this.#shownMs;
		this.#waiting = [];
		return points;
	}
}
