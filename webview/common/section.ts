import { html, nothing, type TemplateResult } from "lit";

/** What keeps which sections are folded and what their filters say. */
export interface SectionKeeper {
	readonly kept: {
		readonly sections: Readonly<Record<string, boolean>>;
		readonly filters: Readonly<Record<string, string>>;
	};
	keep(change: { sections: Record<string, boolean> } | { filters: Record<string, string> }): void;
}

export interface SectionOptions {
	readonly title: string;
	/** Beside the title, quieter: a count. */
	readonly note?: string;
	readonly folded?: boolean;
	/** Offers a filter field; its text is kept under the section's id. */
	readonly filter?: string;
	readonly body: () => unknown;
}

/** A section with a heading that folds it; what the person folded stays so. Its body is drawn only while it is open. */
export function section(session: SectionKeeper, id: string, options: SectionOptions): TemplateResult {
	const isOpen = session.kept.sections[id] ?? !options.folded;
	const toggle = () => session.keep({ sections: { ...session.kept.sections, [id]: !isOpen } });
	return html`<section class="section" aria-labelledby="title-${id}">
		<div class="section-head">
			<h2 id="title-${id}">
				<button type="button" class="fold" aria-expanded=${isOpen} aria-controls="body-${id}" @click=${toggle}>
					<span class="codicon codicon-chevron-${isOpen ? "down" : "right"}" aria-hidden="true"></span>${options.title}
					${options.note ? html`<span class="quiet">${options.note}</span>` : nothing}
				</button>
			</h2>
			${isOpen && options.filter ? filterField(session, id, options.filter) : nothing}
		</div>
		<div id="body-${id}" ?hidden=${!isOpen}>${isOpen ? options.body() : nothing}</div>
	</section>`;
}

function filterField(session: SectionKeeper, id: string, label: string): TemplateResult {
	const type = (event: Event) => {
		if (event.target instanceof HTMLInputElement) {
			session.keep({ filters: { ...session.kept.filters, [id]: event.target.value } });
		}
	};
	return html`<input
		type="search"
		class="filter"
		placeholder=${label}
		aria-label=${label}
		spellcheck="false"
		.value=${session.kept.filters[id] ?? ""}
		@input=${type}
	/>`;
}

/** Does a name or value hold every word of the section's filter? */
export function passesFilter(session: SectionKeeper, id: string, ...texts: readonly string[]): boolean {
	const words = (session.kept.filters[id] ?? "").toLowerCase().split(/\s+/).filter(Boolean);
	const text = texts.join("\n").toLowerCase();
	return words.every((word) => text.includes(word));
}
