import { html, nothing, type TemplateResult } from "lit";
import type { SentItem } from "../../src/shared/agent/conversation";
import type { SendPreview } from "../../src/shared/panels/agentPanel";
import { formatCount } from "../common/number";
import type { AgentSession } from "./agentSession";
import { fold } from "./messageParts";

/** What is known of what would be sent; null while nobody asked. */
export type PreviewState =
	| null
	| { readonly kind: "reading" }
	| { readonly kind: "shown"; readonly preview: SendPreview }
	| { readonly kind: "failed"; readonly message: string };

/** Above the field: each thing that goes along with its text and what was left out of it, and the tokens of the whole. */
export function sendPreview(session: AgentSession, state: PreviewState, close: () => void): unknown {
	if (state === null) return nothing;
	return html`<section class="send-preview" aria-label="What will be sent">
		<div class="send-preview-head">
			<h3>What will be sent</h3>
			<button type="button" class="icon" title="Close" aria-label="Close what will be sent" @click=${close}>
				<span class="codicon codicon-close" aria-hidden="true"></span>
			</button>
		</div>
		${bodyOf(session, state)}
	</section>`;
}

function bodyOf(session: AgentSession, state: NonNullable<PreviewState>): TemplateResult {
	if (state.kind === "reading") return html`<p class="quiet" role="status">Reading and counting…</p>`;
	if (state.kind === "failed") return html`<p class="problem" role="alert">${state.message}</p>`;
	const { items, tokens, isCounted, tokensBefore, tools, toolTokens } = state.preview;
	const counted = isCounted ? "counted by Claude" : "estimated, rather too high: nobody could count them";
	return html`<p class="total" role="status">${formatCount(tokens)} tokens in all, ${counted}</p>
		<ul>
			${items.map((item, index) => itemRow(session, item, index))}
			${tools === 0 ? nothing : html`<li class="plain"><span class="title-text">${tools} tools described to the model</span>${tokensText(toolTokens)}</li>`}
			${tokensBefore === 0 ? nothing : html`<li class="plain"><span class="title-text">What was said before</span>${tokensText(tokensBefore)}</li>`}
			<li class="plain"><span class="title-text">Your prompt, as it stands in the field</span></li>
		</ul>`;
}

function itemRow(session: AgentSession, { label, tokens, leftOut, text }: SentItem, index: number): TemplateResult {
	const head = html`<span class="title-text">${label}</span>${tokensText(tokens)}`;
	return html`<li>
		${fold(session, `preview/${index}/${label}`, head, () => html`<pre tabindex="0" aria-label="Text of ${label}">${text}</pre>`)}
		${leftOut === null ? nothing : html`<p class="left-out"><span class="codicon codicon-shield" aria-hidden="true"></span>Left out: ${leftOut}</p>`}
	</li>`;
}

function tokensText(tokens: number): TemplateResult {
	return html`<span class="quiet number">${formatCount(tokens)} tokens</span>`;
}
