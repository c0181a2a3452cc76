import { LitElement } from "lit";
import { renderMarkdown } from "./markdown";

/** Foreign Markdown on the page. Links go through the editor, which asks before it opens one. */
export class MarkdownView extends LitElement {
	declare text: string;
	declare onLink: (href: string) => void;
	static override properties = { text: {}, onLink: { attribute: false } };
	#drawn: string | undefined;

	constructor() {
		super();
		this.text = "";
		this.onLink = () => {};
		for (const kind of ["click", "auxclick"]) this.addEventListener(kind, (event) => this.#follow(event));
	}

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	protected override updated(): void {
		if (this.#drawn === this.text) return;
		this.#drawn = this.text;
		this.replaceChildren(renderMarkdown(this.text));
	}

	/** Stopped here: VS Code's own handler on the document would open it a second time. */
	#follow(event: Event): void {
		const link = event.target instanceof Element ? event.target.closest("a") : null;
		if (!link) return;
		event.preventDefault();
		event.stopPropagation();
		const href = link.getAttribute("href");
		if (href) this.onLink(href);
	}
}

customElements.define("gamma-markdown", MarkdownView);
