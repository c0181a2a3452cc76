import { html, type TemplateResult } from "lit";
import type { Completion } from "../../src/shared/panels/agentPanel";

export interface CompletionList {
	/** At least one. */
	readonly entries: readonly Completion[];
	/** The one that Enter takes. */
	readonly at: number;
	/** Where in the text the mention begins. */
	readonly start: number;
}

/** Above the field, so that it never covers what is typed. The focus stays in the field. */
export function completionList({ entries, at }: CompletionList, take: (entry: Completion) => void): TemplateResult {
	return html`<ul id="completions" class="completions" role="listbox" aria-label="What can be named">
		${entries.map(
			(entry, index) => html`<li id="completion-${index}" role="option" aria-selected=${index === at}
				@pointerdown=${(event: Event) => {
					// Before the field loses the focus, and the list with it.
					event.preventDefault();
					take(entry);
				}}>
				<span class="codicon codicon-${entry.icon}" aria-hidden="true"></span>
				<span class="title-text">${entry.token}</span><span class="quiet title-text">${entry.detail}</span>
			</li>`,
		)}
	</ul>`;
}
