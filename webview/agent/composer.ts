import { html, nothing, type TemplateResult } from "lit";
import type { Message } from "../../src/shared/agent/conversation";
import { mentionBeing, parseMentions } from "../../src/shared/agent/mentionText";
import { type Completion, type Draft, longestPrompt } from "../../src/shared/panels/agentPanel";
import { PageElement } from "../common/pageElement";
import type { AgentSession } from "./agentSession";
import { type CompletionList, completionList } from "./completionList";
import { droppedOf } from "./droppedThings";
import { type Picture, readPictures } from "./pictures";
import { queueRows } from "./queueRows";
import { type PreviewState, sendPreview } from "./sendPreview";

/** Where a prompt is written: mentions, pictures, the queue, Send and Stop. */
export class Composer extends PageElement<AgentSession> {
	#pictures: readonly Picture[] = [];
	#list: CompletionList | null = null;
	/** The message that is written anew. */
	#editing: Message | null = null;
	#isSending = false;
	#preview: PreviewState = null;
	#asked = 0;
	#page: Element | null = null;

	override connectedCallback(): void {
		super.connectedCallback();
		this.#page = this.closest("gamma-agent-page");
		this.#page?.addEventListener("gamma-edit", this.#onEdit);
		document.addEventListener("dragover", this.#onDragOver);
		document.addEventListener("drop", this.#onDrop);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#page?.removeEventListener("gamma-edit", this.#onEdit);
		document.removeEventListener("dragover", this.#onDragOver);
		document.removeEventListener("drop", this.#onDrop);
	}

	get #field(): HTMLTextAreaElement | null {
		return this.querySelector("textarea");
	}

	protected override render(): unknown {
		const { session } = this;
		const { state, kept } = session;
		if (!state) return nothing;
		const isBusy = state.open !== null && state.open.activity.kind !== "idle";
		const isEmpty = kept.draft.trim() === "" && this.#pictures.length === 0;
		const list = this.#list;
		return html`<form class="composer" @submit=${(event: Event) => event.preventDefault()}>
			${queueRows(session, state.open?.queued ?? [])}
			${this.#editing ? this.#editingRow() : nothing}
			${this.#chips()}
			${sendPreview(session, this.#preview, () => this.#showPreview(null))}
			${list ? completionList(list, (completion) => this.#take(completion)) : nothing}
			<textarea rows="1" maxlength=${longestPrompt} placeholder="Ask about runs, jobs and code; @ names them" aria-label="Ask Gamma"
				spellcheck="true" aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${list ? "completions" : nothing}
				aria-activedescendant=${list ? `completion-${list.at}` : nothing}
				.value=${kept.draft} @input=${this.#onInput} @keydown=${this.#onKey} @paste=${this.#onPaste}
				@click=${() => void this.#complete()} @blur=${() => this.#closeList()}></textarea>
			<div class="composer-foot">
				<button type="button" class="icon" title="Name a run, metric, job or file (@)" aria-label="Name a run, metric, job or file" @click=${this.#startMention}>
					<span class="codicon codicon-mention" aria-hidden="true"></span>
				</button>
				<button type="button" class="icon" title="See what will be sent" aria-label="See what will be sent" aria-expanded=${this.#preview !== null} ?disabled=${isEmpty} @click=${() => void this.#look()}>
					<span class="codicon codicon-eye" aria-hidden="true"></span>
				</button>
				<span class="quiet hint">${isBusy ? "Enter queues" : "Enter sends"} · Shift+Enter new line</span>
				${
					isBusy
						? html`<button type="button" class="secondary stop" title="Stop (Escape)" @click=${() => session.ask(session.host.call("stop", undefined))}>
							<span class="codicon codicon-debug-stop" aria-hidden="true"></span>Stop
						</button>`
						: nothing
				}
				<button type="button" class="primary send" ?disabled=${isEmpty || this.#isSending} title=${isBusy ? "Queue (Enter)" : "Send (Enter)"} @click=${() => void this.#send()}>
					${this.#editing ? "Send Again" : isBusy ? "Queue" : "Send"}
				</button>
			</div>
		</form>`;
	}

	protected override updated(): void {
		const { state, kept } = this.session;
		const insert = state?.insert;
		if (!insert || insert.at <= kept.insertedAt) return;
		this.session.keep({ insertedAt: insert.at });
		const words = [insert.text, ...insert.completions.map(({ token }) => token)].filter(Boolean).join(" ");
		this.#add(insert.completions, words);
	}

	#editingRow(): TemplateResult {
		return html`<p class="editing-row">
			<span class="codicon codicon-edit" aria-hidden="true"></span><span class="title-text">What came after this message is taken away.</span>
			<button type="button" class="link" @click=${() => this.#stopEditing()}>Cancel</button>
		</p>`;
	}

	#chips(): unknown {
		const { draft } = this.session.kept;
		const tokens = [...new Set(parseMentions(draft).map(({ start, end }) => draft.slice(start, end)))];
		if (tokens.length === 0 && this.#pictures.length === 0) return nothing;
		const chip = (label: unknown, words: string, remove: () => void) =>
			html`<li class="chip">${label}<button type="button" class="icon" title="Remove" aria-label="Remove ${words}" @click=${remove}><span class="codicon codicon-close" aria-hidden="true"></span></button></li>`;
		return html`<ul class="chips" aria-label="Goes along">
			${tokens.map((token) => chip(html`<span class="title-text" title=${token}>${token}</span>`, token, () => this.#write(draft.replaceAll(token, "").replace(/ {2,}/g, " "))))}
			${this.#pictures.map((picture) =>
				chip(
					html`<img src="data:${picture.mimeType};base64,${picture.base64}" alt="" /><span class="title-text">${picture.name}</span>`,
					picture.name,
					() => {
						this.#pictures = this.#pictures.filter((other) => other !== picture);
						this.requestUpdate();
					},
				),
			)}
		</ul>`;
	}

	#write(draft: string, caret = draft.length): void {
		this.#showPreview(null);
		this.session.keep({ draft });
		this.requestUpdate();
		void this.updateComplete.then(() => {
			const field = this.#field;
			field?.focus();
			field?.setSelectionRange(caret, caret);
		});
	}

	#add(completions: readonly Completion[], words: string): void {
		const { draft, known } = this.session.kept;
		const added = completions.flatMap(({ token, mention }) => (mention ? [{ token, mention }] : []));
		this.session.keep({ known: [...known, ...added].slice(-200) });
		const space = draft === "" || /\s$/.test(draft) ? "" : " ";
		this.#write(`${draft}${space}${words} `);
	}

	#draft(): Draft {
		const { draft: text, known } = this.session.kept;
		return {
			text: text.trim(),
			known: known.filter(({ token }) => text.includes(token)),
			images: this.#pictures.map(({ mimeType, base64 }) => ({ mimeType, base64 })),
		};
	}

	/** Shows what would be sent with what is in the field now; closes it where it is shown. */
	async #look(): Promise<void> {
		if (this.#preview !== null) return this.#showPreview(null);
		const reading: PreviewState = { kind: "reading" };
		this.#showPreview(reading);
		let shown: PreviewState;
		try {
			shown = {
				kind: "shown",
				preview: await this.session.host.callPatiently("preview", {
					messageId: this.#editing?.id ?? null,
					draft: this.#draft(),
				}),
			};
		} catch (error) {
			shown = { kind: "failed", message: error instanceof Error ? error.message : String(error) };
		}
		// Closed meanwhile, or what is in the field is another prompt.
		if (this.#preview === reading) this.#showPreview(shown);
	}

	#showPreview(preview: PreviewState): void {
		if (this.#preview === preview) return;
		this.#preview = preview;
		this.requestUpdate();
	}

	readonly #onInput = (event: Event) => {
		if (!(event.target instanceof HTMLTextAreaElement)) return;
		this.#showPreview(null);
		this.session.keep({ draft: event.target.value });
		this.requestUpdate();
		void this.#complete();
	};

	readonly #startMention = () => {
		const { draft } = this.session.kept;
		const space = draft === "" || /\s$/.test(draft) ? "" : " ";
		this.#write(`${draft}${space}@`);
		void this.updateComplete.then(() => this.#complete());
	};

	async #complete(): Promise<void> {
		const field = this.#field;
		const being = field && mentionBeing(field.value, field.selectionStart);
		const asked = ++this.#asked;
		if (!being) return this.#closeList();
		const entries = await this.session.host.call("complete", { query: being.query.slice(0, 500) }).catch(() => []);
		// The next letter has asked anew, or the caret has moved on.
		if (asked !== this.#asked || document.activeElement !== field) return;
		this.#list = entries.length === 0 ? null : { entries, at: 0, start: being.start };
		this.requestUpdate();
	}

	#closeList(): void {
		this.#asked++;
		if (!this.#list) return;
		this.#list = null;
		this.requestUpdate();
	}

	#take({ token, mention }: Completion): void {
		const field = this.#field;
		if (!field || !this.#list) return;
		const { start } = this.#list;
		const isWhole = !/[:/]$/.test(token);
		const before = field.value.slice(0, start) + token + (isWhole ? " " : "");
		const after = field.value.slice(field.selectionStart).replace(isWhole ? /^ / : /^/, "");
		this.#closeList();
		if (mention) this.session.keep({ known: [...this.session.kept.known, { token, mention }].slice(-200) });
		this.#write(before + after, before.length);
		if (!isWhole) void this.updateComplete.then(() => this.#complete());
	}

	readonly #onKey = (event: KeyboardEvent) => {
		// Enter that ends a word of an input method sends nothing.
		if (event.isComposing) return;
		if (this.#list && this.#onListKey(event, this.#list)) return event.preventDefault();
		if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
			event.preventDefault();
			void this.#send();
		} else if (event.key === "ArrowUp" && this.session.kept.draft === "") {
			const last = this.session.state?.messages.findLast(({ role }) => role === "user");
			if (!last) return;
			event.preventDefault();
			this.#edit(last);
		} else if (event.key === "Escape" && this.#editing) {
			event.preventDefault();
			this.#stopEditing();
		}
	};

	#onListKey(event: KeyboardEvent, list: CompletionList): boolean {
		const { length } = list.entries;
		const to = { ArrowDown: list.at + 1, ArrowUp: list.at - 1, PageDown: length - 1, PageUp: 0 }[event.key];
		if (to !== undefined) {
			this.#list = { ...list, at: (to + length) % length };
			this.requestUpdate();
			void this.updateComplete.then(() =>
				this.querySelector('#completions [aria-selected="true"]')?.scrollIntoView({ block: "nearest" }),
			);
			return true;
		}
		const chosen = list.entries[list.at];
		if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && chosen) {
			this.#take(chosen);
			return true;
		}
		if (event.key !== "Escape") return false;
		this.#closeList();
		return true;
	}

	async #send(): Promise<void> {
		const { session } = this;
		const { draft: text } = session.kept;
		if (this.#isSending || (text.trim() === "" && this.#pictures.length === 0)) return;
		const pictures = this.#pictures;
		const draft = this.#draft();
		const editing = this.#editing;
		this.#isSending = true;
		this.#preview = null;
		this.#closeList();
		this.requestUpdate();
		const call = editing
			? session.host.callPatiently("resend", { messageId: editing.id, draft })
			: session.host.callPatiently("send", draft);
		const isSent = await session.ask(call);
		this.#isSending = false;
		// What was refused stays to be mended; what was typed meanwhile stays too.
		if (isSent && session.kept.draft === text) {
			this.#pictures = this.#pictures.filter((picture) => !pictures.includes(picture));
			this.#editing = null;
			session.keep({ draft: "", known: [] });
		}
		this.requestUpdate();
	}

	readonly #onEdit = (event: Event) => {
		if (event instanceof CustomEvent) this.#edit(event.detail as Message);
	};

	#edit(message: Message): void {
		this.#editing = message;
		this.#pictures = message.parts.flatMap((part, at) =>
			part.kind === "image"
				? [{ name: `picture ${at + 1}`, mimeType: part.mimeType as Picture["mimeType"], base64: part.base64 }]
				: [],
		);
		this.#write(message.parts.map((part) => (part.kind === "text" ? part.text : "")).join(""));
	}

	#stopEditing(): void {
		this.#editing = null;
		this.#pictures = [];
		this.#write("");
	}

	readonly #onPaste = (event: ClipboardEvent) => {
		const files = [...(event.clipboardData?.files ?? [])];
		if (files.length === 0) return;
		event.preventDefault();
		void this.#addPictures(files);
	};

	async #addPictures(files: readonly File[]): Promise<void> {
		const { pictures, problem } = await readPictures(files, this.#pictures.length);
		this.#pictures = [...this.#pictures, ...pictures];
		this.session.say(problem);
		this.requestUpdate();
	}

	readonly #onDragOver = (event: DragEvent) => {
		event.preventDefault();
		if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
	};

	readonly #onDrop = (event: DragEvent) => {
		event.preventDefault();
		const { files, uris, rows } = droppedOf(event.dataTransfer);
		if (files.length > 0) void this.#addPictures(files);
		else if (uris.length + rows.length > 0) void this.#drop(uris, rows);
	};

	async #drop(uris: readonly string[], rows: readonly string[]): Promise<void> {
		const asked = this.session.host.call("drop", { uris: [...uris], rows: [...rows] });
		if (!(await this.session.ask(asked))) return;
		const completions = await asked;
		this.#add(completions, completions.map(({ token }) => token).join(" "));
	}
}

customElements.define("gamma-composer", Composer);
