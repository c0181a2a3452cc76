import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { Message, Part } from "../../src/shared/agent/conversation";
import { parseMentions } from "../../src/shared/agent/mentionText";
import type { AgentSession } from "./agentSession";
import "./answerText";
import { askingRow } from "./askingRow";
import { editsCard } from "./editsCard";
import { noticeRow, pictures, sentAlong, thinkingFold } from "./messageParts";
import { type ToolPart, toolLine } from "./toolLine";
import { isQuietPart, isSameTrail, type QuietPart } from "./trail";
import "./viewCard";
import { writingCard } from "./writingCard";

/** One message. Drawn again only when it is another object, or something in it was opened. */
export class MessageElement extends LitElement {
	declare session: AgentSession;
	declare message: Message;
	declare isWriting: boolean;
	/** The message before is of the same answer: the heading of the turn is that one's. */
	declare isContinued: boolean;
	/** What came after it without a word, and is told on its last line of tools. */
	declare trail: readonly Message[];
	static override properties = {
		session: { attribute: false },
		message: { attribute: false },
		isWriting: { attribute: false },
		isContinued: { attribute: false },
		trail: {
			attribute: false,
			hasChanged: (now: readonly Message[], before?: readonly Message[]) => !isSameTrail(before, now),
		},
	};
	#opened = "";
	#stop: (() => void) | undefined;

	protected override createRenderRoot(): HTMLElement {
		return this;
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stop = this.session.on(() => this.#lookAtSections());
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stop?.();
	}

	/** Hundreds of messages hear of every letter: each looks only whether something of its own was opened or folded. */
	#lookAtSections(): void {
		const { sections } = this.session.kept;
		const { id } = this.message;
		const opened = Object.keys(sections)
			.filter((key) => key.startsWith(`${id}/`))
			.map((key) => `${key}${sections[key]}`)
			.join();
		const signs = this.message.parts.some(({ kind }) => kind === "view")
			? JSON.stringify(this.session.state?.runSigns)
			: "";
		if (this.#opened === opened + signs) return;
		this.#opened = opened + signs;
		this.requestUpdate();
	}

	protected override render(): unknown {
		const { message } = this;
		const isPerson = message.role === "user";
		return html`<article class="message ${message.role}" aria-busy=${this.isWriting}>
			${this.isContinued ? nothing : html`<div class="who"><h2>${isPerson ? "You" : "Gamma"}</h2>${isPerson ? this.#editButton() : nothing}</div>`}
			${isPerson ? this.#prompt(message.parts) : this.#answer(message.parts)}
		</article>`;
	}

	#editButton(): TemplateResult {
		const edit = () => this.dispatchEvent(new CustomEvent("gamma-edit", { bubbles: true, detail: this.message }));
		return html`<button type="button" class="icon edit" title="Edit and send again" aria-label="Edit and send again" @click=${edit}>
			<span class="codicon codicon-edit" aria-hidden="true"></span>
		</button>`;
	}

	#prompt(parts: readonly Part[]): unknown {
		return parts.map((part, at) => {
			if (part.kind === "text") return html`<p class="prompt">${withChips(part.text)}</p>`;
			return this.#other(part, at);
		});
	}

	/** Calls that follow each other are one line, as a person would tell of them: those of the next requests as well. */
	#answer(parts: readonly Part[]): unknown {
		const shown: unknown[] = [];
		let calls: ToolPart[] = [];
		const flush = (at: number, trail: readonly QuietPart[] = []) => {
			const quiet = [...calls, ...trail];
			if (quiet.length > 0) shown.push(toolLine(this.session, this.message.id, at, quiet));
			calls = quiet.filter((part) => part.kind === "tool");
			for (const { writing, output } of calls) if (writing && output === null) shown.push(writingCard(writing));
			for (const call of calls) if (call.state === "asking") shown.push(askingRow(this.session, call));
			calls = [];
		};
		for (const [at, part] of parts.entries()) {
			if (part.kind === "tool") {
				calls.push(part);
				continue;
			}
			flush(at);
			shown.push(this.#other(part, at));
		}
		flush(
			parts.length,
			this.trail.flatMap((message) => message.parts.filter(isQuietPart)),
		);
		return shown;
	}

	#other(part: Part, at: number): unknown {
		const { session, message } = this;
		const key = `${message.id}/${at}`;
		switch (part.kind) {
			case "text":
				return html`<gamma-answer
					.text=${part.text}
					.onLink=${(href: string) => session.host.openLink(href)}
					.onCopy=${(code: string) => session.host.copy(code)}
					.onApply=${(code: string, path: string | null) => void session.ask(session.host.callPatiently("apply", { code, path }))}
				></gamma-answer>`;
			case "thinking":
				return thinkingFold(session, key, part, this.isWriting && at === message.parts.length - 1);
			case "image":
				return pictures(part);
			case "sent":
				return sentAlong(session, message.id, at, part.items);
			case "edits":
				return editsCard(session, part);
			case "view":
				return html`<gamma-view .session=${session} .shown=${part} .signs=${session.state?.runSigns}></gamma-view>`;
			case "notice":
				return noticeRow(session, part, !this.isWriting && message === session.state?.messages.at(-1));
			case "tool":
				return nothing;
		}
	}
}

function withChips(text: string): unknown[] {
	const pieces: unknown[] = [];
	let at = 0;
	for (const { start, end } of parseMentions(text)) {
		pieces.push(text.slice(at, start), html`<span class="chip">${text.slice(start, end)}</span>`);
		at = end;
	}
	pieces.push(text.slice(at));
	return pieces;
}

customElements.define("gamma-message", MessageElement);
