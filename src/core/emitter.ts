import type { Disposable } from "./disposable";

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** An event source: models announce with it, views listen. A listener added or removed while firing waits for the next one. */
export class Emitter<T> implements Disposable {
	#listeners: ReadonlySet<(value: T) => void> = new Set();

	readonly event: Event<T> = (listener) => {
		this.#listeners = new Set([...this.#listeners, listener]);
		return {
			dispose: () => {
				this.#listeners = new Set([...this.#listeners].filter((other) => other !== listener));
			},
		};
	};

	fire(value: T): void {
		for (const listener of this.#listeners) listener(value);
	}

	dispose(): void {
		this.#listeners = new Set();
	}
}
