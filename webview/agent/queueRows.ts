import { html, nothing, type TemplateResult } from "lit";
import type { Prompt } from "../../src/shared/agent/conversation";
import type { AgentSession } from "./agentSession";

/** Prompts that wait until the answer is done. */
export function queueRows(session: AgentSession, queued: readonly Prompt[]): TemplateResult | typeof nothing {
	if (queued.length === 0) return nothing;
	return html`<ol class="queue" aria-label="Sent when the answer is done">
		${queued.map(
			({ text, images }, index) => html`<li>
				<span class="codicon codicon-clock" aria-hidden="true"></span>
				<span class="title-text" title=${text}>${text || (images.length === 1 ? "a picture" : `${images.length} pictures`)}</span>
				<button type="button" class="icon" title="Take back" aria-label="Take back: ${text.slice(0, 80)}" @click=${() => session.ask(session.host.call("unqueue", { index }))}>
					<span class="codicon codicon-close" aria-hidden="true"></span>
				</button>
			</li>`,
		)}
	</ol>`;
}
