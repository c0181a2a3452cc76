import { html, nothing } from "lit";
import type { Topic } from "./chartsSession";
import type { ValuedRun } from "./quantities";
import { RunValuesFeed } from "./runValues";
import { SessionElement } from "./sessionElement";

/** A picture of the charted runs' params and last metrics, as wide as its place, or the same as a table. */
export abstract class RunValuesView extends SessionElement {
	protected override readonly topics: readonly Topic[] = ["state", "view", "highlight", "theme"];
	protected readonly feed = new RunValuesFeed(
		() => this.session,
		() => this.requestUpdate(),
	);
	protected isTable = false;
	readonly #resized = new ResizeObserver(() => this.requestUpdate());

	override connectedCallback(): void {
		super.connectedCallback();
		this.#resized.observe(this);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#resized.disconnect();
	}

	protected override render() {
		this.feed.refresh();
		const { runs, problem } = this.feed;
		if (problem !== null) {
			return html`<div class="empty"><p>${problem}</p><button type="button" class="primary" @click=${() => this.feed.retry()}>Try again</button></div>`;
		}
		return runs.length === 0 ? nothing : this.draw(runs);
	}

	/** Of at least one run. */
	protected abstract draw(runs: readonly ValuedRun[]): unknown;

	protected tableToggle() {
		return html`<button type="button" class="toggle" aria-pressed=${this.isTable} @click=${() => this.#toggleTable()}>Show as table</button>`;
	}

	#toggleTable(): void {
		this.isTable = !this.isTable;
		this.requestUpdate();
	}
}
