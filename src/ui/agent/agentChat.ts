import * as vscode from "vscode";
import * as z from "zod/mini";
import type { Agent } from "../../core/agent/agent";
import { PendingRemoval } from "../../core/agent/pendingRemoval";
import { messagesOfSet } from "../../core/agent/shownMessage";
import { agentView } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { ProposedEdits } from "../../core/edits/proposedEdits";
import { once } from "../../core/once";
import type { Mention, Prompt } from "../../shared/agent/conversation";
import { printMention } from "../../shared/agent/mentionText";
import { toFailure } from "../../shared/errors";
import type { AgentPanelState, Completion } from "../../shared/panels/agentPanel";
import type { AgentPorts } from "./agentPorts";
import { AgentWebview } from "./agentWebview";
import type { Chat } from "./chat";
import { ChatMentions, mentionOfMetric } from "./chatMentions";
import { mentionOfFile, mentionOfSelection } from "./fileMentions";

const openKey = "gamma.agent.open";

/** The ports are kept before the parts are made of them. */
class WithPorts extends Owner {
	constructor(readonly ports: AgentPorts) {
		super();
	}
}

/** The agent's panel in the editor: what it shows, and what the editor's menus put into it. */
export class AgentChat extends WithPorts implements Chat {
	readonly mentions = new ChatMentions(this.ports);
	readonly removal: PendingRemoval = this.own(
		new PendingRemoval(
			(id) =>
				void this.agent()
					.then((agent) => agent.delete(id))
					.catch((error: unknown) => {
						this.#warn(error);
						void vscode.window.showErrorMessage(toFailure(error).message);
					}),
			() => this.#view?.whole(),
		),
	);
	#view: AgentWebview | null = null;
	#insert: AgentPanelState["insert"] = null;
	/** Followed from its first use on. */
	readonly agent: () => Promise<Agent> = once(async () => {
		const agent = await this.ports.agent();
		await this.#openAgain(agent);
		this.own(agent.onDidChange((change) => this.#view?.follow(change)));
		this.own(this.ports.runs.onDidChange(() => this.#view?.followRuns()));
		return agent;
	});

	readonly edits: () => Promise<ProposedEdits> = once(async () => {
		const edits = await this.ports.edits();
		this.own(edits.onDidChange(({ setId }) => void this.#followEdits(setId)));
		return edits;
	});

	async #followEdits(setId: string): Promise<void> {
		const { open } = (await this.agent()).snapshot;
		const messageIds = messagesOfSet(open?.messages ?? [], setId);
		if (messageIds.length > 0) this.#view?.follow({ messageIds, isStructural: false });
	}

	/** A window that was reloaded shows what it showed. */
	async #openAgain(agent: Agent): Promise<void> {
		const { memory } = this.ports;
		const kept = memory.read(openKey, z.string(), "");
		const isThere = agent.snapshot.conversations.some(({ id }) => id === kept);
		if (!agent.snapshot.open && isThere) await agent.open(kept).catch((error: unknown) => this.#warn(error));
		this.own(
			agent.onDidChange(({ isStructural }) => {
				const { open } = agent.snapshot;
				if (isStructural && open && memory.get(openKey) !== open.id) memory.set(openKey, open.id);
			}),
		);
	}

	get insert(): AgentPanelState["insert"] {
		return this.#insert;
	}

	show(view: vscode.WebviewView): void {
		this.#view?.dispose();
		const shown = this.own(new AgentWebview(view, this));
		this.#view = shown;
		view.onDidDispose(() => {
			shown.dispose();
			if (this.#view === shown) this.#view = null;
		});
	}

	async ask(prompt: Prompt): Promise<void> {
		await this.focus();
		await (await this.agent()).send(prompt);
	}

	async focus(): Promise<void> {
		await vscode.commands.executeCommand(`${agentView}.focus`);
	}

	/** Puts mentions and words into the composer, for the person to go on with. */
	async add(mentions: readonly Mention[], text = ""): Promise<void> {
		const completions = mentions.map(toCompletion);
		this.#insert = { at: Date.now(), completions, text };
		await this.focus();
		this.#view?.whole();
	}

	commands() {
		return {
			openAgent: () => this.focus(),
			newConversation: async () => {
				await this.focus();
				await (await this.agent()).begin({ jobId: null });
			},
			stopAgent: async () => (await this.agent()).stop(),
			askAboutSelection: () => this.add([mentionOfSelection()]),
			addToChat: (...given: readonly unknown[]) => {
				const [first, second] = given;
				const uris = (Array.isArray(second) ? second : [first]).filter((uri) => uri instanceof vscode.Uri);
				const front = vscode.window.activeTextEditor?.document.uri;
				return Promise.all((uris.length > 0 || !front ? uris : [front]).map(mentionOfFile)).then((mentions) =>
					this.add(mentions),
				);
			},
			askAboutRun: (...given: readonly unknown[]) => this.add(this.mentions.ofRunRows(given)),
			askAboutMetric: async (given?: unknown) => {
				const mention = given === undefined ? await this.mentions.askMetric() : mentionOfMetric(given);
				if (mention) await this.add([mention]);
			},
			askAboutJob: async (...given: readonly unknown[]) => {
				const mentions = this.mentions.ofJobRows(given);
				const [first] = mentions;
				const jobId = first?.kind === "job" ? first.id : null;
				// What takes a moment is waited for where the person can see it.
				await this.focus();
				const agent = await this.agent();
				if (agent.snapshot.open?.jobId !== jobId) await this.#openOfJob(agent, jobId);
				await this.add(mentions);
			},
		};
	}

	/** What was said of this job before goes on. */
	async #openOfJob(agent: Agent, jobId: string | null): Promise<void> {
		const before = agent.snapshot.conversations.find((one) => jobId !== null && one.jobId === jobId && !one.isOthers);
		if (before) await agent.open(before.id);
		else await agent.begin({ jobId });
	}

	#warn(error: unknown): void {
		this.ports.logger.warn("a conversation could not be opened or deleted", { reason: String(error) });
	}
}

function toCompletion(mention: Mention): Completion {
	return { token: printMention(toRef(mention)), detail: "", icon: "mention", mention };
}

/** How a mention is written: a run by its name, all else by itself. */
export function toRef(mention: Mention): Parameters<typeof printMention>[0] {
	return mention.kind === "metric" ? { ...mention, run: null } : mention;
}
