import { LitElement } from "lit";

/**
 * A part of the page that follows the session. In the light DOM: one constructed style sheet for the page, codicons
 * without a link in every part, focus and ids that work across parts.
 */
export abstract class PageElement<Session extends { on(listener: () => void): () => void }> extends LitElement {
	declare session: Session;
	#stop: (() => void) | undefined;

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stop = this.session.on(() => this.requestUpdate());
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stop?.();
	}
}
