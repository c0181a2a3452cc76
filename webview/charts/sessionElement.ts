import { LitElement } from "lit";
import type { ChartsSession, Topic } from "./chartsSession";

/**
 * A part of the panel that follows the session. In the light DOM: one constructed style sheet for the whole panel,
 * codicons without a link in every part, focus and ids that work across parts.
 */
export abstract class SessionElement extends LitElement {
	declare session: ChartsSession;
	protected readonly topics: readonly Topic[] = ["state", "view"];
	#stop: (() => void)[] = [];

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stop = this.topics.map((topic) => this.session.on(topic, () => this.sessionChanged(topic)));
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		for (const stop of this.#stop) stop();
		this.#stop = [];
	}

	protected sessionChanged(_topic: Topic): void {
		this.requestUpdate();
	}
}
