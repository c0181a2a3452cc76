import * as vscode from "vscode";
import { agentView } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";
import type { Prompt } from "../../shared/agent/conversation";
import { lazyCommands } from "../commands/lazyCommands";
import type { AgentChat } from "./agentChat";
import type { AgentPorts } from "./agentPorts";

export interface AgentChatDeskParts extends AgentPorts {
	readonly load: () => Promise<typeof import("./agentChat")>;
}

/** The agent as it stands at the start: its view and its commands, loaded with the first use. */
export class AgentChatDesk extends Owner {
	readonly #chat: () => Promise<AgentChat> = once(async () => {
		const { AgentChat } = await this.parts.load();
		return this.own(new AgentChat(this.parts));
	});

	constructor(private readonly parts: AgentChatDeskParts) {
		super();
		const resolveWebviewView = async (view: vscode.WebviewView) => (await this.#chat()).show(view);
		this.own(vscode.window.registerWebviewViewProvider(agentView, { resolveWebviewView }));
	}

	readonly ask = async (prompt: Prompt): Promise<void> => (await this.#chat()).ask(prompt);

	commands() {
		return lazyCommands<ReturnType<AgentChat["commands"]>>(
			{
				openAgent: true,
				newConversation: true,
				stopAgent: true,
				askAboutSelection: true,
				addToChat: true,
				askAboutRun: true,
				askAboutJob: true,
				askAboutMetric: true,
			},
			async () => (await this.#chat()).commands(),
		);
	}
}
