/** Calls back once when it was not put off for a while; at rest until it is first put off. */
export class Deadline {
	#timer: NodeJS.Timeout | undefined;

	constructor(
		private readonly afterMs: number,
		private readonly onPass: () => void,
	) {}

	putOff(): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(this.onPass, this.afterMs);
	}

	stop(): void {
		clearTimeout(this.#timer);
	}
}
