import * as vscode from "vscode";
import { sentTextOf } from "../../core/agent/panelState";
import { commandId } from "../../core/contributions";
import type { Handlers } from "../../shared/call";
import { GammaError } from "../../shared/errors";
import type { agentCalls, Draft } from "../../shared/panels/agentPanel";
import { searchOf } from "../../shared/panels/chartsView";
import { applyCode } from "./applyCode";
import type { Chat } from "./chat";

/** What the page asks, done by the agent and the editor. What cannot be done rejects with one sentence, which the page shows. */
export function chatHandlers(chat: Chat): Handlers<typeof agentCalls> {
	const { ports, mentions } = chat;
	const agent = () => chat.agent();
	const promptOf = async (draft: Draft) => mentions.toPrompt(draft, (await agent()).snapshot.open?.jobId ?? null);
	return {
		send: async (draft) => (await agent()).send(await promptOf(draft)),
		resend: async ({ messageId, draft }) => (await agent()).resend(messageId, await promptOf(draft)),
		preview: async ({ messageId, draft }) => (await agent()).preview(await promptOf(draft), messageId),
		stop: async () => (await agent()).stop(),
		unqueue: async ({ index }) => (await agent()).unqueue(index),
		begin: async () => {
			await (await agent()).begin({ jobId: null });
		},
		look: async () => (await agent()).refresh(),
		move: async ({ id }) => (await agent()).move(id),
		open: async ({ id }) => (await agent()).open(id),
		rename: async ({ id, title }) => (await agent()).rename(id, title),
		remove: async ({ id }) => {
			const found = await agent();
			if (found.snapshot.open?.id === id) await found.begin({ jobId: null });
			chat.removal.ask(id);
		},
		undoRemove: () => chat.removal.undo(),
		search: async ({ words }) => (await agent()).search(words),
		export: async ({ id }) => exportTo(await (await agent()).export(id)),
		act: async ({ action }) => {
			if (action === "setKey") await vscode.commands.executeCommand(commandId("setAgentKey"));
			else if (action === "signIn") await vscode.commands.executeCommand(commandId("signIn"));
			// Going on is an answer's time: the page sees it begin, and waits for nothing.
			else if (action !== "chooseModel") void (await agent()).goOn().catch((error: unknown) => warn(chat, error));
		},
		showKey: async () => {
			await vscode.commands.executeCommand(commandId("showAgentKey"));
		},
		answer: async ({ callId, decision, scope }) => (await agent()).answer(callId, decision, scope),
		revoke: async ({ id }) => (await agent()).revoke(id),
		chooseModel: async ({ id }) => (await agent()).chooseModel(id),
		complete: async ({ query }) => mentions.complete(query, (await agent()).snapshot.open?.jobId ?? null),
		drop: ({ uris, rows }) => mentions.dropped(uris, rows),
		sentText: async ({ messageId, index }) => {
			const text = sentTextOf((await agent()).snapshot.open, messageId, index);
			if (text === null) throw new GammaError("conversation.missing", "This is no longer part of the conversation.");
			return text;
		},
		review: async ({ setId, path }) => (await chat.edits()).review(setId, path ?? undefined),
		acceptEdits: async ({ setId }) => (await chat.edits()).acceptAll(setId),
		rejectEdits: async ({ setId }) => (await chat.edits()).rejectAll(setId),
		apply: async ({ code, path }) => applyCode(code, path, await chat.edits(), (await agent()).snapshot.open?.id ?? ""),
		openChart: ({ runs, metric }) =>
			ports.actions.openCharts(
				runs.filter((key) => ports.runs.run(key)),
				metric === null ? undefined : { tab: "lines", search: searchOf(metric), zoom: null },
			),
	};
}

async function exportTo(markdown: string): Promise<void> {
	const document = await vscode.workspace.openTextDocument({ language: "markdown", content: markdown });
	await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
}

function warn(chat: Chat, error: unknown): void {
	chat.ports.logger.warn("the agent could not go on", { reason: String(error) });
}
