import { html, nothing, type TemplateResult } from "lit";
import type { CallState, Part } from "../../src/shared/agent/conversation";
import type { AgentSession } from "./agentSession";
import { callSummary } from "./callSummary";
import { fold, thinkingFold } from "./messageParts";

export type ToolPart = Extract<Part, { kind: "tool" }>;
type ThinkingPart = Extract<Part, { kind: "thinking" }>;

/** So much of what a tool answered is shown; the rest is in the export. */
const shownLength = 20_000;
const marks: Record<CallState, { readonly icon: string; readonly words: string }> = {
	asking: { icon: "question", words: "waits for you" },
	running: { icon: "loading codicon-modifier-spin", words: "goes on" },
	done: { icon: "check", words: "done" },
	failed: { icon: "error", words: "failed" },
	denied: { icon: "circle-slash", words: "not allowed" },
	stopped: { icon: "debug-stop", words: "stopped" },
};

/** What was read and done, on one line: `Read 4 files, 2 metrics`. It opens to each call and what it answered, and what was thought between. */
export function toolLine(
	session: AgentSession,
	messageId: string,
	at: number,
	quiet: readonly (ToolPart | ThinkingPart)[],
): TemplateResult {
	const calls = quiet.filter((part) => part.kind === "tool");
	const going = calls.find(({ state }) => state === "running");
	const bad = calls.filter(({ state }) => state === "failed" || state === "denied" || state === "stopped");
	const head = html`<span class="title-text">${callSummary(calls)}</span>
		${going ? html`<span class="codicon codicon-loading codicon-modifier-spin" aria-hidden="true"></span>` : nothing}
		${bad.length > 0 ? html`<span class="quiet">· ${bad.length} ${bad.length === 1 ? (marks[bad[0]?.state ?? "failed"]?.words ?? "") : "did not go through"}</span>` : nothing}`;
	const row = (call: ToolPart | ThinkingPart, index: number) => {
		if (call.kind === "thinking") {
			return html`<li class="call">${thinkingFold(session, `${messageId}/thought/${at}/${index}`, call, false)}</li>`;
		}
		const { icon, words } = marks[call.state];
		const label = html`<span class="codicon codicon-${icon}" aria-hidden="true"></span><span class="title-text">${call.title || call.name}</span><span class="spoken">, ${words}</span>`;
		return html`<li class="call ${call.state}">${fold(
			session,
			`${messageId}/call/${call.id}`,
			label,
			() => html`<p class="quiet">${call.name}</p>
				<pre tabindex="0" aria-label="What was asked">${cut(asText(call.input))}</pre>
				${call.output === null ? nothing : html`<pre tabindex="0" aria-label="What was answered">${cut(call.output)}</pre>`}`,
		)}</li>`;
	};
	return fold(session, `${messageId}/tools/${at}`, head, () => html`<ul>${quiet.map(row)}</ul>`);
}

export function asText(input: unknown): string {
	return typeof input === "string" ? input : JSON.stringify(input, null, 2);
}

function cut(text: string): string {
	return text.length <= shownLength
		? text
		: `${text.slice(0, shownLength)}\n… ${text.length - shownLength} more characters`;
}
