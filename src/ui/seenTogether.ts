import { Owner } from "../core/disposable";
import { Emitter } from "../core/emitter";
import type { WatchedView } from "./jobs/jobsAttention";

/** Several views as one: it is visible while any of them is. */
export class SeenTogether extends Owner implements WatchedView {
	readonly #views: WatchedView[] = [];
	readonly #changed = this.own(new Emitter<unknown>());
	readonly onDidChangeVisibility = this.#changed.event;

	get isVisible(): boolean {
		return this.#views.some((view) => view.isVisible);
	}

	add(view: WatchedView): void {
		this.#views.push(view);
		this.own(view.onDidChangeVisibility((change) => this.#changed.fire(change)));
		this.#changed.fire(undefined);
	}
}
