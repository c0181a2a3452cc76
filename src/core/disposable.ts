export interface Disposable {
	dispose(): void;
}

/** What you make, you own, in the same expression: `readonly #feed = this.own(new Feed())`. */
export class Owner implements Disposable {
	readonly #owned: Disposable[] = [];
	#disposed = false;

	protected get isDisposed(): boolean {
		return this.#disposed;
	}

	/** Disposed with the owner, last first; a newcomer after that is disposed at once. */
	protected own<T extends Disposable>(owned: T): T {
		if (this.#disposed) owned.dispose();
		else this.#owned.push(owned);
		return owned;
	}

	dispose(): void {
		if (this.#disposed) return;
		this.#disposed = true;
		for (const owned of this.#owned.reverse()) owned.dispose();
		this.#owned.length = 0;
	}
}
