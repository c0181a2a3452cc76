import { html, nothing, type TemplateResult } from "lit";
import type { AgentPanelState } from "../../src/shared/panels/agentPanel";
import { openMenu } from "../common/menu";
import { formatCount } from "../common/number";
import type { AgentSession } from "./agentSession";

/** `title · $0.0412 · 18 % context · model ▾ · ⋯`; the numbers are always in sight. */
export function agentHeader(session: AgentSession, state: AgentPanelState): TemplateResult {
	const { open, models, model } = state;
	const chosen = models.find(({ id }) => id === model);
	const title = open?.title || "New conversation";
	return html`<header>
		<h1 class="conversation-title">
			<button type="button" class="title-button" aria-expanded=${session.kept.showsList} title="Conversations: ${title}"
				@click=${() => session.keep({ showsList: !session.kept.showsList })}>
				<span class="title-text">${title}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span>
			</button>
		</h1>
		<span class="numbers">${numbers(open, chosen?.contextLimit)}${throughRelay(state)}</span>
		<button type="button" class="model quiet-button" aria-haspopup="menu" title="Model: ${chosen?.name ?? model}" aria-label="Model: ${chosen?.name ?? model}"
			@click=${(event: Event) => openModels(event.currentTarget as HTMLElement, session, state)}>
			<span class="title-text">${chosen?.name ?? (model || "model")}</span><span class="codicon codicon-chevron-down" aria-hidden="true"></span>
		</button>
		<button type="button" class="icon" title="New conversation" aria-label="New conversation" @click=${() => session.ask(session.host.call("begin", undefined))}>
			<span class="codicon codicon-add" aria-hidden="true"></span>
		</button>
		<button type="button" class="icon" title="More" aria-label="More" aria-haspopup="menu"
			@click=${(event: Event) => openMore(event.currentTarget as HTMLElement, session, state)}>
			<span class="codicon codicon-ellipsis" aria-hidden="true"></span>
		</button>
	</header>`;
}

/** Opens the list of the models that the service itself names. */
export function openModels(anchor: HTMLElement, session: AgentSession, { models, model }: AgentPanelState): void {
	if (models.length === 0) {
		session.say("The service has not listed its models yet: ask something, or set a key.");
		return;
	}
	openMenu(
		anchor,
		models.map(({ id, name, contextLimit }) => ({
			label: name,
			hint: `${formatCount(Math.round(contextLimit / 1000))} k`,
			checked: id === model,
			run: () => void session.ask(session.host.call("chooseModel", { id })),
		})),
	);
}

function numbers(open: AgentPanelState["open"], limit: number | undefined): TemplateResult {
	const costUsd = open?.costUsd ?? 0;
	const tokens = open?.contextTokens ?? 0;
	const percent = limit ? Math.round((100 * tokens) / limit) : null;
	const context = percent === null ? `${formatCount(tokens)} tokens` : `${percent} % context`;
	const isFull = percent !== null && percent >= 80;
	return html`<span title="What this conversation has cost">$${costUsd.toFixed(4)}</span> ·
		<span class=${isFull ? "warn" : ""} title="${formatCount(tokens)}${limit ? ` of ${formatCount(limit)}` : ""} tokens of context">${context}</span>`;
}

export const relayWords = "Answers come through the relay, on your organisation's key.";

/** Whose key it is that answers, where it is not one's own. */
function throughRelay({ access }: AgentPanelState): TemplateResult | typeof nothing {
	if (access.kind !== "ready" || access.through !== "relay") return nothing;
	return html` · <span title=${relayWords}><span class="spoken">through the </span>relay</span>`;
}

function openMore(anchor: HTMLElement, session: AgentSession, { open, permissions }: AgentPanelState): void {
	const id = open?.id;
	openMenu(anchor, [
		{
			label: "Conversations",
			checked: session.kept.showsList,
			run: () => session.keep({ showsList: !session.kept.showsList }),
		},
		...(id === undefined
			? []
			: [{ label: "Export as Markdown…", run: () => void session.ask(session.host.callPatiently("export", { id })) }]),
		"separator",
		{ label: "Key for Claude…", run: () => void session.ask(session.host.callPatiently("showKey", undefined)) },
		{ label: "Use Your Team's…", run: () => void session.ask(session.host.callPatiently("act", { action: "signIn" })) },
		...(permissions.length === 0
			? []
			: [
					"separator" as const,
					...permissions.map(({ id: permission, label, scope, decision }) => ({
						label: `Forget: ${decision === "allow" ? "may" : "may not"} ${label}`,
						hint: scope,
						run: () => void session.ask(session.host.call("revoke", { id: permission })),
					})),
				]),
	]);
}
