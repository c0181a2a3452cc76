import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation } from "../../src/shared/agent/conversation";
import { formatAge } from "../common/number";
import { PageElement } from "../common/pageElement";
import type { AgentSession } from "./agentSession";

const typedMs = 150;

/** All conversations, newest first: searched, opened, renamed, exported, deleted with a way back. */
export class ConversationList extends PageElement<AgentSession> {
	#words = "";
	/** Ids that have the words; null while there are none. */
	#found: readonly string[] | null = null;
	#renaming: string | null = null;
	#typing: ReturnType<typeof setTimeout> | undefined;

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearTimeout(this.#typing);
	}

	protected override render(): unknown {
		const { state } = this.session;
		if (!state) return nothing;
		const found = this.#found;
		const shown = found
			? found.flatMap((id) => state.conversations.find((conversation) => conversation.id === id) ?? [])
			: state.conversations;
		return html`<section class="conversations" aria-label="Conversations">
			<input type="search" placeholder="Search conversations" aria-label="Search conversations" spellcheck="false" .value=${this.#words} @input=${this.#onType} />
			${
				shown.length === 0
					? html`<p class="empty" role="status">${found ? "No conversation has these words." : "No conversation yet: ask below."}</p>`
					: html`<ul>${repeat(
							shown,
							({ id }) => id,
							(conversation) => this.#row(conversation, conversation.id === state.open?.id),
						)}</ul>`
			}
		</section>`;
	}

	#row({ id, title, updatedAtMs, jobId }: Conversation, isOpen: boolean): TemplateResult {
		const { session } = this;
		const name = title || "Untitled";
		if (this.#renaming === id) return html`<li>${this.#renameField(id, title)}</li>`;
		const open = async () => {
			if (await session.ask(session.host.call("open", { id }))) session.keep({ showsList: false, scrollTop: 0 });
		};
		const action = (icon: string, words: string, run: () => void) =>
			html`<button type="button" class="icon" title=${words} aria-label="${words}: ${name}" @click=${run}><span class="codicon codicon-${icon}" aria-hidden="true"></span></button>`;
		return html`<li class=${isOpen ? "is-open" : ""}>
			<button type="button" class="row" aria-current=${isOpen} title=${name} @click=${open}>
				<span class="title-text">${name}</span>
				<span class="quiet">${jobId === null ? nothing : html`job · `}${formatAge(session.nowMs - updatedAtMs)}</span>
			</button>
			${action("edit", "Rename", () => this.#rename(id))}
			${action("export", "Export as Markdown", () => void session.ask(session.host.callPatiently("export", { id })))}
			${action("trash", "Delete", () => void session.ask(session.host.call("remove", { id })))}
		</li>`;
	}

	#renameField(id: string, title: string): TemplateResult {
		const done = (event: KeyboardEvent | FocusEvent, isTaken: boolean) => {
			if (this.#renaming !== id) return;
			this.#renaming = null;
			const typed = event.target instanceof HTMLInputElement ? event.target.value.trim() : "";
			if (isTaken && typed !== "" && typed !== title)
				void this.session.ask(this.session.host.call("rename", { id, title: typed.slice(0, 200) }));
			this.requestUpdate();
		};
		const onKey = (event: KeyboardEvent) => {
			if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
			event.preventDefault();
			event.stopPropagation();
			done(event, event.key === "Enter");
		};
		return html`<input type="text" class="rename" aria-label="Name of the conversation" maxlength="200" .value=${title}
			@keydown=${onKey} @blur=${(event: FocusEvent) => done(event, true)} />`;
	}

	#rename(id: string): void {
		this.#renaming = id;
		this.requestUpdate();
		void this.updateComplete.then(() => this.querySelector<HTMLInputElement>(".rename")?.select());
	}

	readonly #onType = (event: Event) => {
		if (!(event.target instanceof HTMLInputElement)) return;
		this.#words = event.target.value;
		clearTimeout(this.#typing);
		this.#typing = setTimeout(() => void this.#search(), typedMs);
	};

	async #search(): Promise<void> {
		const words = this.#words.trim();
		const found = words === "" ? null : await this.session.host.call("search", { words }).catch(() => []);
		// Slower than the next letter: its answer is of what is no longer there.
		if (words !== this.#words.trim()) return;
		this.#found = found;
		this.requestUpdate();
	}
}

customElements.define("gamma-conversations", ConversationList);
