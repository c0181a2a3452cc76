import { Owner } from "../disposable";

/** Long enough to see what was done by mistake. */
const undoForMs = 10_000;

/**
 * A removal that can be taken back for a while: until then nothing is removed, only hidden. The next one, and the end of
 * this object, carry out the one that waits.
 */
export class PendingRemoval extends Owner {
	#waiting: { readonly id: string; readonly timer: ReturnType<typeof setTimeout> } | null = null;

	constructor(
		private readonly remove: (id: string) => void,
		private readonly changed: () => void,
	) {
		super();
		this.own({ dispose: () => this.#carryOut() });
	}

	get id(): string | null {
		return this.#waiting?.id ?? null;
	}

	ask(id: string): void {
		this.#carryOut();
		const timer = setTimeout(() => {
			this.#carryOut();
			this.changed();
		}, undoForMs);
		this.#waiting = { id, timer };
		this.changed();
	}

	undo(): void {
		clearTimeout(this.#waiting?.timer);
		this.#waiting = null;
		this.changed();
	}

	#carryOut(): void {
		const waiting = this.#waiting;
		if (!waiting) return;
		clearTimeout(waiting.timer);
		this.#waiting = null;
		this.remove(waiting.id);
	}
}
