import { html, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { PageElement } from "../common/pageElement";
import type { AgentSession } from "./agentSession";
import { Announcer } from "./announcer";
import "./composer";
import "./conversationList";
import { agentHeader, relayWords } from "./agentHeader";
import "./messageElement";
import { statusLine } from "./statusLine";
import { toTurns } from "./trail";

/** So near to its end the conversation counts as being at it. */
const endPx = 24;
const tickMs = 1000;

/** The panel: head, conversation, what goes on, composer; over them the list of conversations. */
export class AgentPage extends PageElement<AgentSession> {
	/** Follows the answer until the person scrolls away from its end. */
	#follows = true;
	/** Frames in which the page itself scrolls. */
	#sticking = 0;
	#restored = false;
	#ticking: ReturnType<typeof setInterval> | undefined;
	#shownId: string | undefined;
	readonly #announcer = new Announcer();

	override connectedCallback(): void {
		super.connectedCallback();
		// Only ages tick, and only while there are any.
		this.#ticking = setInterval(() => {
			const activity = this.session.state?.open?.activity;
			if (activity && activity.kind !== "idle") this.requestUpdate();
		}, tickMs);
		this.addEventListener("keydown", (event) => this.#onKey(event));
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearInterval(this.#ticking);
	}

	protected override render(): unknown {
		const { session } = this;
		const { state } = session;
		if (!state) return html`<p class="empty" role="status">Reading the conversations…</p>`;
		const { open, messages } = state;
		const last = messages.at(-1);
		const turns = toTurns(messages);
		const isWriting = open !== null && open.activity.kind !== "idle";
		return html`
			<p id="said" class="spoken" role="status" aria-live="polite"></p>
			${agentHeader(session, state)}
			${
				session.kept.showsList
					? html`<gamma-conversations .session=${session}></gamma-conversations>`
					: html`<div class="log" role="log" aria-live="off" aria-label="Conversation" aria-busy=${isWriting} tabindex="0" @scroll=${this.#onScroll} @wheel=${this.#letGo} @pointerdown=${this.#letGo} @keydown=${this.#letGo}>
						${messages.length === 0 ? emptyConversation(session) : nothing}
						${repeat(
							turns,
							({ message }) => message.id,
							({ message, trail }, at) => html`<gamma-message
								.session=${session}
								.message=${message}
								.trail=${trail}
								.isContinued=${message.role === "assistant" && turns[at - 1]?.message.role === "assistant"}
								.isWriting=${isWriting && message === last && message.role === "assistant"}
							></gamma-message>`,
						)}
					</div>
					${
						this.#follows
							? nothing
							: html`<button type="button" class="to-end secondary" @click=${() => this.#toEnd()}>
								<span class="codicon codicon-arrow-down" aria-hidden="true"></span>Newest
							</button>`
					}`
			}
			${statusLine(session, state)}
			<gamma-composer .session=${session}></gamma-composer>
		`;
	}

	protected override updated(_changed: PropertyValues): void {
		const { state } = this.session;
		if (!state) return;
		const live = this.querySelector("#said");
		if (live instanceof HTMLElement) this.#announcer.follow(state, live);
		const log = this.#log;
		if (!log) return;
		if (state.open?.id !== this.#shownId) {
			this.#shownId = state.open?.id;
			this.#follows = true;
		}
		if (!this.#restored && state.messages.length > 0) {
			this.#restored = true;
			const { scrollTop } = this.session.kept;
			if (scrollTop > 0) {
				this.#follows = false;
				log.scrollTop = scrollTop;
				// Short conversations are wholly in sight: then that was the end.
				this.#onScroll();
				this.requestUpdate();
				return;
			}
		}
		if (this.#follows) this.#stick(log);
	}

	/** Messages get their true height as they come into sight, and parts draw a moment later: until it is still, it is followed. */
	#stick(log: HTMLElement, framesLeft = 12): void {
		this.#sticking = framesLeft;
		log.scrollTop = log.scrollHeight;
		requestAnimationFrame(() => {
			if (this.#sticking !== framesLeft) return;
			if (this.#follows && log.isConnected && framesLeft > 0) this.#stick(log, framesLeft - 1);
			else this.#sticking = 0;
		});
	}

	#toEnd(): void {
		this.#follows = true;
		this.requestUpdate();
		this.#log?.focus({ preventScroll: true });
	}

	get #log(): HTMLElement | null {
		return this.querySelector(".log");
	}

	/** The person's own hand goes first. */
	readonly #letGo = () => {
		this.#sticking = 0;
	};

	readonly #onScroll = () => {
		const log = this.#log;
		if (!log || this.#sticking > 0) return;
		const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - endPx;
		this.session.keep({ scrollTop: isAtEnd ? 0 : log.scrollTop });
		if (isAtEnd === this.#follows) return;
		this.#follows = isAtEnd;
		this.requestUpdate();
	};

	#onKey(event: KeyboardEvent): void {
		if (event.key !== "Escape" || event.defaultPrevented) return;
		if (this.session.kept.showsList) this.session.keep({ showsList: false });
		else if (this.session.state?.open && this.session.state.open.activity.kind !== "idle")
			void this.session.ask(this.session.host.call("stop", undefined));
		else return;
		event.preventDefault();
	}
}

function emptyConversation(session: AgentSession) {
	const { access } = session.state ?? {};
	if (access?.kind === "noKey") return nothing;
	const isThroughRelay = access?.kind === "ready" && access.through === "relay";
	return html`<div class="empty">
		<p>Ask why a run is worse than another, what a commit changed, or for a fix.</p>
		<p class="quiet"><kbd>@</kbd> names runs, metrics, jobs, commits and files; rows and files can be dropped here with Shift held.</p>
		${isThroughRelay ? html`<p class="quiet">${relayWords}</p>` : nothing}
	</div>`;
}

customElements.define("gamma-agent-page", AgentPage);
