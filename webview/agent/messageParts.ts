import { html, nothing, type TemplateResult } from "lit";
import { until } from "lit/directives/until.js";
import type { NoticeAction, Part, SentItem } from "../../src/shared/agent/conversation";
import { imageTypes } from "../../src/shared/panels/agentPanel";
import { formatCount } from "../common/number";
import { openModels } from "./agentHeader";
import type { AgentSession } from "./agentSession";

type PartOf<Kind extends Part["kind"]> = Extract<Part, { kind: Kind }>;

/** A line that opens what is below it. `body` is drawn only while it is open. */
export function fold(session: AgentSession, key: string, head: unknown, body: () => unknown): TemplateResult {
	const isOpen = session.isOpen(key);
	return html`<div class="fold-part">
		<button type="button" class="fold" aria-expanded=${isOpen} @click=${() => session.toggle(key)}>
			<span class="codicon codicon-chevron-${isOpen ? "down" : "right"}" aria-hidden="true"></span>${head}
		</button>
		${isOpen ? html`<div class="fold-body">${body()}</div>` : nothing}
	</div>`;
}

export function thinkingFold(
	session: AgentSession,
	key: string,
	part: PartOf<"thinking">,
	isGoing: boolean,
): TemplateResult {
	const head = html`<span class="title-text">${isGoing ? "Thinking…" : "Thought"}</span>`;
	const words = part.isRedacted || part.text === "" ? "The service keeps this thought to itself." : part.text;
	return fold(session, key, head, () => html`<p class="thought">${words}</p>`);
}

/** What went along with a prompt, openable to exactly what was sent. */
export function sentAlong(
	session: AgentSession,
	messageId: string,
	at: number,
	items: readonly SentItem[],
): TemplateResult {
	const tokens = items.reduce((sum, item) => sum + item.tokens, 0);
	const cut = items.filter(({ leftOut }) => leftOut !== null).length;
	const note = cut === 0 ? "" : ` · left out of ${cut}`;
	const head = html`<span class="title-text">Sent ${items.length === 1 ? items[0]?.label : `${items.length} things`} · ${formatCount(tokens)} tokens${note}</span>`;
	return fold(
		session,
		`${messageId}/${at}`,
		head,
		() =>
			html`<ul>${items.map((item, index) => {
				const label = html`<span class="title-text">${item.label}</span><span class="quiet number">${formatCount(item.tokens)} tokens</span>`;
				const body = () => html`<pre tabindex="0">${until(textOf(session, messageId, index, item), "Reading…")}</pre>`;
				return html`<li>
					${fold(session, `${messageId}/${at}/${index}`, label, body)}
					${item.leftOut === null ? nothing : html`<p class="left-out"><span class="codicon codicon-shield" aria-hidden="true"></span>Left out: ${item.leftOut}</p>`}
				</li>`;
			})}</ul>`,
	);
}

const read = new Map<string, Promise<string>>();

function textOf(session: AgentSession, messageId: string, index: number, { text }: SentItem): Promise<string> {
	if (text !== "") return Promise.resolve(text);
	const key = `${messageId}/${index}`;
	const known = read.get(key);
	if (known) return known;
	const asked = session.host.call("sentText", { messageId, index }).catch((error: unknown) => {
		read.delete(key);
		return error instanceof Error ? error.message : String(error);
	});
	read.set(key, asked);
	return asked;
}

export function pictures(part: PartOf<"image">): TemplateResult {
	if (!(imageTypes as readonly string[]).includes(part.mimeType))
		return html`<p class="quiet">A picture of a kind that is not shown.</p>`;
	return html`<img class="picture" src="data:${part.mimeType};base64,${part.base64}" alt="A picture of the conversation" />`;
}

const actionWords: Record<NoticeAction, string> = {
	retry: "Try Again",
	continue: "Continue",
	setKey: "Set API Key…",
	signIn: "Sign In…",
	chooseModel: "Choose Another Model…",
};
const icons = { info: "info", warning: "warning", error: "error" };

/** What stands in the way, with the button that helps; an old one has lost its button's sense. */
export function noticeRow(session: AgentSession, part: PartOf<"notice">, isLast: boolean): TemplateResult {
	const { action, level, text } = part;
	const act = (event: Event) => {
		if (action === "chooseModel" && session.state)
			return openModels(event.currentTarget as HTMLElement, session, session.state);
		if (action) void session.ask(session.host.callPatiently("act", { action }));
	};
	return html`<div class="notice ${level}" role=${level === "error" ? "alert" : "note"}>
		<span class="codicon codicon-${icons[level]}" aria-hidden="true"></span>
		<div><p>${text}</p>${action && isLast ? html`<button type="button" class="secondary" @click=${act}>${actionWords[action]}</button>` : nothing}</div>
	</div>`;
}
