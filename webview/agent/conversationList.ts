import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ListedConversation } from "../../src/shared/panels/agentPanel";
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
	#isJobOnly = false;
	#typing: ReturnType<typeof setTimeout> | undefined;

	override connectedCallback(): void {
		super.connectedCallback();
		// What others wrote in the relay since is there a moment later.
		void this.session.host.call("look", undefined).catch(() => {});
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearTimeout(this.#typing);
	}

	protected override render(): unknown {
		const { state } = this.session;
		if (!state) return nothing;
		const found = this.#found;
		const all = found
			? found.flatMap((id) => state.conversations.find((conversation) => conversation.id === id) ?? [])
			: state.conversations;
		const jobId = state.open?.jobId ?? null;
		const ofJob = state.conversations.filter((conversation) => jobId !== null && conversation.jobId === jobId).length;
		const shown = this.#isJobOnly && ofJob > 0 ? all.filter((conversation) => conversation.jobId === jobId) : all;
		const toggle = () => {
			this.#isJobOnly = !this.#isJobOnly;
			this.requestUpdate();
		};
		return html`<section class="conversations" aria-label="Conversations">
			<input type="search" placeholder="Search conversations" aria-label="Search conversations" spellcheck="false" .value=${this.#words} @input=${this.#onType} />
			${
				ofJob === 0
					? nothing
					: html`<label class="job-only"><input type="checkbox" .checked=${this.#isJobOnly} @change=${toggle} />About this job only (${ofJob})</label>`
			}
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

	#row(conversation: ListedConversation, isOpen: boolean): TemplateResult {
		const { session } = this;
		const { id, title, updatedAtMs, jobId, keptIn } = conversation;
		const canMove = keptIn === "disk" && session.state?.canMove === true;
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
				<span class="quiet">${jobId === null ? nothing : html`job · `}${formatAge(session.nowMs - updatedAtMs)} · ${placeOf(conversation)}</span>
			</button>
			${canMove ? action("cloud-upload", "Move to the relay", () => void session.ask(session.host.callPatiently("move", { id }))) : nothing}
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

/** Where it is kept, in few words. */
function placeOf({ keptIn, waiting, isOthers }: ListedConversation): TemplateResult {
	if (keptIn === "disk") return html`<span title="Kept on this machine alone">this machine</span>`;
	const whose = isOthers ? "a colleague's" : "relay";
	if (waiting === 0) return html`<span title="Kept in the relay: whoever is in the project reads it">${whose}</span>`;
	const messages = waiting === 1 ? "1 message waits" : `${waiting} messages wait`;
	return html`<span class="warn" title="${messages} on this machine for the relay">${whose}, ${waiting} waiting</span>`;
}

customElements.define("gamma-conversations", ConversationList);
