import type { Conversation, Message, Part, Prompt } from "../../shared/agent/conversation";
import type { Activity, AgentChange, OpenConversation } from "./agent";
import { costOf } from "./prices";

/** The conversation that is open: its messages and what goes on in it, and who is told. */
export class Talk {
	#messages: readonly Message[];
	#queued: readonly Prompt[] = [];
	#activity: Activity = { kind: "idle" };
	#lastHeardMs: number | null = null;
	contextTokens = 0;
	/** What was asked for beside the messages: summaries. US dollars. */
	#otherCostUsd = 0;

	constructor(
		private data: Conversation,
		messages: readonly Message[],
		private readonly onDidChange: (change: AgentChange) => void,
	) {
		this.#messages = messages;
	}

	get conversation(): Conversation {
		return this.data;
	}

	get messages(): readonly Message[] {
		return this.#messages;
	}

	get queued(): readonly Prompt[] {
		return this.#queued;
	}

	get activity(): Activity {
		return this.#activity;
	}

	get snapshot(): OpenConversation {
		return {
			...this.data,
			messages: this.#messages,
			queued: this.#queued,
			activity: this.#activity,
			lastHeardMs: this.#lastHeardMs,
			contextTokens: this.contextTokens,
			costUsd: this.#messages.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), this.#otherCostUsd),
		};
	}

	change(change: Partial<Pick<Conversation, "title" | "updatedAtMs">>): void {
		this.data = { ...this.data, ...change };
		this.onDidChange({ messageIds: [], isStructural: true });
	}

	/** As it is kept now: others wrote in it. */
	replace(conversation: Conversation, messages: readonly Message[]): void {
		this.data = conversation;
		this.#messages = messages;
		this.onDidChange({ messageIds: [], isStructural: true });
	}

	append(message: Message): void {
		this.#messages = [...this.#messages, message];
		this.onDidChange({ messageIds: [message.id], isStructural: true });
	}

	/** The message of this id as it is now; one that is not there is passed by. */
	update(id: string, change: (message: Message) => Message): void {
		const at = this.#messages.findLastIndex((message) => message.id === id);
		const before = this.#messages[at];
		if (!before) return;
		this.#messages = this.#messages.with(at, change(before));
		this.onDidChange({ messageIds: [id], isStructural: false });
	}

	addPart(id: string, part: Part): void {
		this.update(id, (message) => ({ ...message, parts: [...message.parts, part] }));
	}

	changeCall(messageId: string, callId: string, change: Partial<Extract<Part, { kind: "tool" }>>): void {
		this.update(messageId, (message) => ({
			...message,
			parts: message.parts.map((part) => (part.kind === "tool" && part.id === callId ? { ...part, ...change } : part)),
		}));
	}

	/** This message and all after it go. */
	cutFrom(id: string): void {
		const at = this.#messages.findIndex((message) => message.id === id);
		if (at < 0) return;
		this.#messages = this.#messages.slice(0, at);
		this.onDidChange({ messageIds: [], isStructural: true });
	}

	queue(prompts: readonly Prompt[]): void {
		this.#queued = prompts;
		this.onDidChange({ messageIds: [], isStructural: true });
	}

	does(activity: Activity): void {
		this.#activity = activity;
		if (activity.kind === "idle" || activity.kind === "asking" || activity.kind === "retrying")
			this.#lastHeardMs = null;
		this.onDidChange({ messageIds: [], isStructural: false });
	}

	/** The service gave a sign of life, or was just asked. No word of its own: who shows it looks at the time by itself. */
	heard(atMs: number): void {
		this.#lastHeardMs = atMs;
	}

	paid(model: string, usage: Parameters<typeof costOf>[1]): void {
		this.#otherCostUsd += costOf(model, usage) ?? 0;
	}
}
