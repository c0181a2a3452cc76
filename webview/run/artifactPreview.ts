import { html, type PropertyValues } from "lit";
import type { Preview } from "../../src/shared/preview";
import { previewBody } from "./previewBody";
import { RunElement } from "./runElement";

/** The preview of one artifact: read when it is chosen, the one before cancelled. */
export class ArtifactPreview extends RunElement {
	declare path: string;
	declare sizeBytes: number | null;
	static override properties = { path: {}, sizeBytes: { attribute: false } };
	#reading: AbortController | undefined;
	#preview: Preview | undefined;
	#failure: string | undefined;
	#imageHref: string | null = null;

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#reading?.abort();
		this.#releaseImage();
	}

	protected override willUpdate(changed: PropertyValues): void {
		if (changed.has("path") || changed.has("sizeBytes")) void this.#read();
	}

	protected override render(): unknown {
		if (this.#failure !== undefined) {
			return html`<p class="problem-words">${this.#failure}</p>
				<button type="button" class="link" @click=${() => void this.#read()}>Try again</button>`;
		}
		if (!this.#preview) return html`<p class="empty" role="status">Reading ${this.path}…</p>`;
		return previewBody(this.#preview, this.#imageHref, this.path, (href) => this.session.host.openLink(href));
	}

	async #read(): Promise<void> {
		this.#reading?.abort();
		const reading = new AbortController();
		this.#reading = reading;
		const { path, sizeBytes } = this;
		this.#failure = undefined;
		if (!this.hasUpdated || this.getAttribute("data-path") !== path) this.#show(undefined);
		this.setAttribute("data-path", path);
		try {
			const preview = await this.session.host.call("preview", { path, sizeBytes }, reading.signal);
			if (!reading.signal.aborted) this.#show(preview);
		} catch (error) {
			if (reading.signal.aborted) return;
			this.#failure = error instanceof Error ? error.message : String(error);
		}
		this.requestUpdate();
	}

	#show(preview: Preview | undefined): void {
		this.#releaseImage();
		this.#preview = preview;
		if (preview?.kind !== "image") return;
		const blob = new Blob([new Uint8Array(preview.bytes)], { type: preview.mimeType });
		this.#imageHref = URL.createObjectURL(blob);
	}

	#releaseImage(): void {
		if (this.#imageHref !== null) URL.revokeObjectURL(this.#imageHref);
		this.#imageHref = null;
	}
}

customElements.define("gamma-artifact-preview", ArtifactPreview);
