import { html, type TemplateResult } from "lit";
import type { PermissionScope } from "../../src/shared/agent/conversation";
import { openMenu } from "../common/menu";
import type { AgentSession } from "./agentSession";
import { asText, type ToolPart } from "./toolLine";

const scopes: readonly (readonly [PermissionScope, string])[] = [
	["conversation", "Allow in This Conversation"],
	["project", "Allow in This Project"],
	["always", "Always Allow"],
];
const shownLength = 2_000;

/** A call that a person has to decide on: drawn from what the call itself asks for, never from what the model says of it. */
export function askingRow(session: AgentSession, call: ToolPart): TemplateResult {
	const answer = (decision: "allow" | "deny", scope: PermissionScope) => () =>
		void session.ask(session.host.call("answer", { callId: call.id, decision, scope }));
	const more = (event: Event) =>
		openMenu(event.currentTarget as HTMLElement, [
			...scopes.map(([scope, label]) => ({ label, run: answer("allow", scope) })),
			"separator",
			{ label: "Deny in This Conversation", run: answer("deny", "conversation") },
		]);
	const input = asText(call.input);
	return html`<div class="asking" id="asking-${call.id}" role="group" aria-label="Decision: ${call.title || call.name}">
		<p><span class="badge">${call.name}</span> ${call.title}</p>
		<pre tabindex="0" aria-label="What it would do">${input.slice(0, shownLength)}${input.length > shownLength ? "…" : ""}</pre>
		<div class="buttons">
			<button type="button" class="primary" @click=${answer("allow", "once")}>Allow Once</button>
			<button type="button" class="secondary" aria-haspopup="menu" aria-label="Allow for longer" title="Allow for longer" @click=${more}>
				Allow…<span class="codicon codicon-chevron-down" aria-hidden="true"></span>
			</button>
			<button type="button" class="secondary" @click=${answer("deny", "once")}>Deny</button>
		</div>
	</div>`;
}
