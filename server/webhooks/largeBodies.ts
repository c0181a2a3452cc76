/** Smaller ones are read in a few milliseconds. */
const largeBytes = 1 << 20;

/**
 * Reads bodies in steps. Small ones at once; the steps of a large one have a turn of the event loop each, and large ones come
 * one after the other: so that nobody's stream waits for more than one step, and one body's objects at a time are in memory.
 */
export class LargeBodies {
	#last: Promise<unknown> = Promise.resolve();

	/** What the last step answers; rejects with what a step throws. */
	async read<T>(body: Buffer, steps: () => Generator<void, T>): Promise<T> {
		if (body.length <= largeBytes) return finish(steps());
		const mine = this.#last.then(() => inTurns(steps()));
		this.#last = mine.catch(() => {});
		return mine;
	}
}

function finish<T>(steps: Generator<void, T>): T {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

async function inTurns<T>(steps: Generator<void, T>): Promise<T> {
	for (;;) {
		await new Promise(setImmediate);
		const step = steps.next();
		if (step.done) return step.value;
	}
}
