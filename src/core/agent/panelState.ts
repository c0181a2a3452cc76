import { readAgentView } from "../../shared/agent/agentView";
import type { Message } from "../../shared/agent/conversation";
import type { AgentPanelState, OpenHead } from "../../shared/panels/agentPanel";
import type { ProposedSet } from "../edits/proposedEdits";
import type { AgentSnapshot, OpenConversation } from "./agent";
import { shownMessage } from "./shownMessage";

/** The panel's state of the agent's; `removedId` is hidden. */
export function toPanelState(
	{ access, models, model, conversations, canMove, open, permissions }: AgentSnapshot,
	around: {
		readonly hostNowMs: number;
		readonly removedId: string | null;
		/** When a run was last written to; null where nobody knows. */
		readonly lastSignOf: (key: string) => number | null;
		readonly insert: AgentPanelState["insert"];
		/** Proposed edits as they stand now. */
		readonly sets: readonly ProposedSet[];
	},
): AgentPanelState {
	const removed = conversations.find(({ id }) => id === around.removedId);
	const messages = open?.messages.map((message) => shownMessage(message, open.messages, around.sets)) ?? [];
	return {
		hostNowMs: around.hostNowMs,
		access,
		models,
		model,
		conversations: conversations.filter((conversation) => conversation !== removed),
		canMove,
		removed: removed ? { id: removed.id, title: removed.title } : null,
		permissions: permissions.map(({ id, scope, decision, label }) => ({ id, scope, decision, label })),
		open: open && toHead(open),
		messages,
		runSigns: signsOf(messages, around.lastSignOf),
		insert: around.insert,
	};
}

export function toHead(open: OpenConversation): OpenHead {
	const { id, title, jobId, queued, activity, lastHeardMs, contextTokens, costUsd } = open;
	return { id, title, jobId, queued, activity, lastHeardMs, contextTokens, costUsd };
}

/** The text of what went along with a message, as it was sent; null where there is none. */
export function sentTextOf(open: OpenConversation | null, messageId: string, index: number): string | null {
	const message = open?.messages.find(({ id }) => id === messageId);
	for (const part of message?.parts ?? []) if (part.kind === "sent") return part.items[index]?.text ?? null;
	return null;
}

function signsOf(
	messages: readonly Message[],
	lastSignOf: (key: string) => number | null,
): Readonly<Record<string, number>> {
	const signs: Record<string, number> = {};
	for (const message of messages) {
		for (const part of message.parts) {
			if (part.kind !== "view") continue;
			for (const block of readAgentView(part.view)) {
				const runs = "receipt" in block ? (block.receipt?.runs ?? []) : [];
				for (const { key } of runs) {
					const sign = lastSignOf(key);
					if (sign !== null) signs[key] = sign;
				}
			}
		}
	}
	return signs;
}
