import { Problem } from "../problem";

const windowMs = 60_000;
/** Of one person; a tool loop asks once for each step. */
const mostInWindow = 60;
const mostAtOnce = 4;

/** How much one person asks of the organisation's key: so many a minute, so many at once. In this process's memory. */
export class AskLimits {
	readonly #asked = new Map<string, number[]>();
	readonly #open = new Map<string, number>();

	constructor(private readonly now: () => number = Date.now) {}

	/** Counts one; what it returns ends it, once. Throws a problem of 429. */
	begin(userId: string): () => void {
		const since = this.now() - windowMs;
		const times = (this.#asked.get(userId) ?? []).filter((time) => time > since);
		const open = this.#open.get(userId) ?? 0;
		if (open >= mostAtOnce)
			throw new Problem(429, "Too many answers at once: wait for one of them.", { retryAfter: 5 });
		if (times.length >= mostInWindow) {
			const seconds = Math.ceil(((times[0] ?? 0) - since) / 1000);
			throw new Problem(429, "Too many requests to Claude: wait a minute.", { retryAfter: seconds });
		}
		this.#asked.set(userId, [...times, this.now()]);
		this.#open.set(userId, open + 1);
		let isOver = false;
		return () => {
			if (isOver) return;
			isOver = true;
			const left = (this.#open.get(userId) ?? 1) - 1;
			if (left > 0) this.#open.set(userId, left);
			else this.#open.delete(userId);
		};
	}
}
