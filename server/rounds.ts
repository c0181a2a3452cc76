export interface RoundsParts {
	readonly everyMs: number;
	/** One round; aborted by `signal` when the rounds are closed. */
	readonly work: (signal: AbortSignal) => Promise<void>;
	/** Of a round that was not aborted. The next comes as ever. */
	readonly onFailure: (error: unknown) => void;
}

/** The same work now and every so often, never two rounds at once. */
export class Rounds {
	readonly #timer: NodeJS.Timeout;
	readonly #end = new AbortController();
	#working: Promise<void> | null = null;

	constructor(private readonly parts: RoundsParts) {
		this.#timer = setInterval(() => this.#begin(), parts.everyMs);
		this.#begin();
	}

	/** Resolves when the round that goes on has ended. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#end.abort();
		await this.#working;
	}

	#begin(): void {
		const { signal } = this.#end;
		this.#working ??= this.parts
			.work(signal)
			.catch((error: unknown) => {
				if (!signal.aborted) this.parts.onFailure(error);
			})
			.finally(() => {
				this.#working = null;
			});
	}
}
