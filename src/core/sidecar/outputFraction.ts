import type { Bar, LineMarks } from "./lineMarks";

/**
 * How far a training is, 0 to 1, from what its output counts: epochs of so many and the bar within one, steps of so many, or a
 * bar over all. It never goes back: a bar over the validation data starts anew.
 */
export class OutputFraction {
	#value: number | null = null;
	/** The epochs that `Epoch 3/10` counts, for bars that name none. */
	#epoch: { readonly done: number; readonly of: number } | null = null;
	#isFromZero = false;

	/** Null while the output does not say. */
	get value(): number | null {
		return this.#value;
	}

	/** `hasMetrics`: a line that tells an epoch's metrics comes at its end, a title at its beginning. */
	see({ epoch, epochs, step, steps, bar, isEpochTitle }: LineMarks, hasMetrics: boolean): void {
		if (epoch !== null && epochs !== null && (bar === null || isEpochTitle)) {
			this.#seeEpoch(epoch, epochs, bar === null && hasMetrics, bar);
		} else if (step !== null && steps !== null) this.#raise(step, steps);
		else if (bar !== null && this.#epoch !== null) this.#raiseWithin(this.#epoch, bar);
		else if (bar?.done != null && bar.total !== null && epoch === null) this.#raise(bar.done, bar.total);
	}

	/** A table's row begins with its epoch of all epochs, `3/100`. */
	seeTableRow(epoch: number, bar: Bar | null): void {
		if (bar?.done === epoch && bar.total !== null) this.#seeEpoch(epoch, bar.total, false, null);
	}

	#seeEpoch(epoch: number, epochs: number, isAtEnd: boolean, bar: Bar | null): void {
		this.#isFromZero ||= epoch === 0;
		const begun = this.#isFromZero ? epoch : epoch - 1;
		this.#epoch = { done: begun, of: epochs };
		if (bar === null) this.#raise(isAtEnd ? begun + 1 : begun, epochs);
		else this.#raiseWithin(this.#epoch, bar);
	}

	#raiseWithin({ done, of }: { readonly done: number; readonly of: number }, bar: Bar): void {
		const within = bar.done === null || bar.total === null || bar.total === 0 ? 0 : bar.done / bar.total;
		this.#raise(done + Math.min(1, within), of);
	}

	#raise(done: number, of: number): void {
		if (of <= 0 || done < 0 || done > of) return;
		this.#value = Math.max(this.#value ?? 0, done / of);
	}
}
