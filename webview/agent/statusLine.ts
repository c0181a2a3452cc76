import { html, nothing, type TemplateResult } from "lit";
import type { AgentPanelState, OpenHead } from "../../src/shared/panels/agentPanel";
import { formatAge } from "../common/number";
import type { AgentSession } from "./agentSession";

/** Pings come every few seconds: past this the service is silent, and that is said. */
const silentAfterMs = 15_000;

/** What stands between the conversation and the next word: a missing key, what goes on, what was refused, what can be taken back. */
export function statusLine(session: AgentSession, state: AgentPanelState): TemplateResult {
	return html`<div class="status-lines">
		${accessRow(session, state)} ${removedRow(session, state)}
		${
			session.problem === null
				? nothing
				: html`<p class="problem-row" role="alert"><span class="codicon codicon-error" aria-hidden="true"></span><span>${session.problem}</span>
					<button type="button" class="icon" title="Dismiss" aria-label="Dismiss" @click=${() => session.say(null)}><span class="codicon codicon-close" aria-hidden="true"></span></button></p>`
		}
		${activityRow(session, state.open)}
	</div>`;
}

function accessRow(session: AgentSession, { access }: AgentPanelState): TemplateResult | typeof nothing {
	if (access.kind === "ready") return nothing;
	const act = (action: "setKey" | "signIn") => () => void session.ask(session.host.callPatiently("act", { action }));
	return html`<div class="access-row" role="region" aria-label="Key">
		<p>
			${access.kind === "failed" ? access.message : "Gamma asks Claude with a key of your own, kept in the editor's secret storage, or with your team's through a relay."}
		</p>
		<div class="buttons">
			<button type="button" class="primary" @click=${act("setKey")}>Set API Key…</button>
			<button type="button" class="secondary" @click=${act("signIn")}>Use Your Team's…</button>
		</div>
	</div>`;
}

function removedRow(session: AgentSession, { removed }: AgentPanelState): TemplateResult | typeof nothing {
	if (!removed) return nothing;
	return html`<p class="removed-row" role="status">
		<span class="title-text">Deleted “${removed.title || "Untitled"}”.</span>
		<button type="button" class="link" @click=${() => session.ask(session.host.call("undoRemove", undefined))}>Undo</button>
	</p>`;
}

function activityRow(session: AgentSession, open: OpenHead | null): TemplateResult | typeof nothing {
	if (!open || open.activity.kind === "idle") return nothing;
	const { activity, lastHeardMs } = open;
	const { nowMs } = session;
	const silentMs =
		lastHeardMs === null || activity.kind === "asking" || activity.kind === "tool" ? 0 : nowMs - lastHeardMs;
	const isSilent = silentMs > silentAfterMs && activity.kind !== "retrying";
	const icon = activity.kind === "asking" ? "question" : isSilent ? "warning" : "loading codicon-modifier-spin";
	return html`<p class="activity ${activity.kind === "asking" ? "asks" : ""}">
		<span class="codicon codicon-${icon}" aria-hidden="true"></span>
		<span>${isSilent ? `The service has been silent for ${formatAge(silentMs)}` : wordsOf(activity, nowMs)}</span>
		${
			activity.kind === "asking"
				? html`<button type="button" class="link" @click=${() => document.getElementById(`asking-${activity.callId}`)?.querySelector("button")?.focus()}>Decide</button>`
				: nothing
		}
	</p>`;
}

function wordsOf(activity: Exclude<OpenHead["activity"], { kind: "idle" }>, nowMs: number): string {
	switch (activity.kind) {
		case "waiting":
			return `Waiting for the first word, ${formatAge(nowMs - activity.sinceMs)}`;
		case "thinking":
			return `Thinking, ${formatAge(nowMs - activity.sinceMs)}`;
		case "writing":
			return "Writing";
		case "compacting":
			return "Summing up the conversation so far";
		case "tool":
			return `${activity.name}, ${formatAge(nowMs - activity.sinceMs)}`;
		case "asking":
			return "Waiting for your decision";
		case "retrying":
			return `${activity.reason} Trying again in ${formatAge(activity.atMs - nowMs)}`;
	}
}
