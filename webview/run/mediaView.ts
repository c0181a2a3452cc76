import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { MediaContent, MediaSeries } from "../../src/shared/run";
import { formatCount } from "../common/number";
import { passesFilter, section } from "../common/section";
import { RunElement } from "./runElement";

/** Each series reads its sample when it comes on screen; beyond this many they wait to be asked for. */
const seriesAtFirst = 12;

type Shown =
	| { readonly kind: "reading" }
	| { readonly kind: "content"; readonly content: Drawn }
	| { readonly kind: "failed"; readonly message: string };
type Drawn = { readonly kind: "image"; readonly href: string } | { readonly kind: "text"; readonly text: string };

/** Images and texts that were logged at steps, each with a slider over its steps. */
export class MediaView extends RunElement {
	#series: readonly MediaSeries[] = [];
	#listedAt = -1;
	#listing = false;
	#count = seriesAtFirst;
	readonly #shown = new Map<string, { index: number; shown: Shown }>();

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		for (const { shown } of this.#shown.values()) release(shown);
		this.#shown.clear();
	}

	protected override render(): unknown {
		const run = this.session.state?.run;
		if (!run) return nothing;
		if (run.growth !== this.#listedAt && !this.#listing) void this.#list(run.growth);
		if (this.#series.length === 0) return nothing;
		return section(this.session, "media", {
			title: "Media",
			note: formatCount(this.#series.length),
			...(this.#series.length > 6 && { filter: "Filter media" }),
			body: () => this.#grid(),
		});
	}

	async #list(growth: number): Promise<void> {
		this.#listing = true;
		try {
			this.#series = await this.session.host.call("media", undefined);
		} catch {
			// A store that cannot list media has none to show; the artifacts say what is wrong with it.
		}
		this.#listing = false;
		this.#listedAt = growth;
		this.requestUpdate();
	}

	#grid(): unknown {
		const passing = this.#series.filter((series) => passesFilter(this.session, "media", series.tag));
		if (passing.length === 0) return html`<p class="empty">No media passes the filter.</p>`;
		const more = () => {
			this.#count += 50;
			this.requestUpdate();
		};
		return html`<div class="media-grid">
			${repeat(
				passing.slice(0, this.#count),
				(series) => series.tag,
				(series) => this.#card(series),
			)}
		</div>
		${passing.length > this.#count ? html`<button type="button" class="link more" @click=${more}>${formatCount(passing.length - this.#count)} more</button>` : nothing}`;
	}

	#card(series: MediaSeries): TemplateResult {
		const last = series.samples.length - 1;
		const index = Math.min(this.session.kept.samples[series.tag] ?? last, last);
		const step = series.samples[index]?.step ?? 0;
		const slide = (event: Event) => {
			if (!(event.target instanceof HTMLInputElement)) return;
			const to = Number(event.target.value);
			const { [series.tag]: _, ...others } = this.session.kept.samples;
			// The newest stays the newest while the run goes on.
			this.session.keep({ samples: to === last ? others : { ...others, [series.tag]: to } });
		};
		const words = `step ${formatCount(step)}, ${formatCount(index + 1)} of ${formatCount(series.samples.length)}`;
		return html`<figure class="media-card">
			<figcaption title=${series.tag}><bdi>${series.tag}</bdi></figcaption>
			<div class="media-body">${this.#body(series, index, words)}</div>
			${
				last > 0
					? html`<input type="range" min="0" max=${last} .value=${String(index)} aria-label="Step of ${series.tag}" aria-valuetext=${words} @input=${slide} />`
					: nothing
			}
			<span class="quiet">${words}</span>
		</figure>`;
	}

	#body(series: MediaSeries, index: number, words: string): unknown {
		const known = this.#shown.get(series.tag);
		if (known?.index !== index) void this.#read(series, index, known?.shown);
		const shown = this.#shown.get(series.tag)?.shown;
		if (!shown || shown.kind === "reading") return html`<p class="empty">Reading…</p>`;
		if (shown.kind === "failed") return html`<p class="problem-words">${shown.message}</p>`;
		const { content } = shown;
		if (content.kind === "text") return html`<pre tabindex="0">${content.text}</pre>`;
		return html`<img src=${content.href} alt="${series.tag}, ${words}" />`;
	}

	async #read(series: MediaSeries, index: number, before: Shown | undefined): Promise<void> {
		// What was shown stays until the next is here: a slider that blinks cannot be followed.
		this.#shown.set(series.tag, { index, shown: before ?? { kind: "reading" } });
		let shown: Shown;
		try {
			shown = { kind: "content", content: draw(await this.session.host.call("readMedia", { tag: series.tag, index })) };
		} catch (error) {
			shown = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
		}
		if (this.#shown.get(series.tag)?.index !== index) return release(shown);
		if (before) release(before);
		this.#shown.set(series.tag, { index, shown });
		this.requestUpdate();
	}
}

function draw(content: MediaContent): Drawn {
	if (content.kind === "text") return { kind: "text", text: content.text.slice(0, 100_000) };
	const blob = new Blob([new Uint8Array(content.bytes)], { type: content.mimeType });
	return { kind: "image", href: URL.createObjectURL(blob) };
}

function release(shown: Shown): void {
	if (shown.kind === "content" && shown.content.kind === "image") URL.revokeObjectURL(shown.content.href);
}

customElements.define("gamma-media", MediaView);
