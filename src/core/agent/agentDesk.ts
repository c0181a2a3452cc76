import type { Conversation, Message, PermissionScope, Prompt, SentItem } from "../../shared/agent/conversation";
import { GammaError, toFailure } from "../../shared/errors";
import type { SendPreview } from "../../shared/panels/agentPanel";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import type { Agent, AgentChange, AgentSnapshot } from "./agent";
import { Answering, type Clock, type Decision } from "./answering";
import { modelOf } from "./chooseModel";
import type { Claude, ClaudeModel } from "./claude";
import type { ConversationStore, StoredConversation } from "./conversationStore";
import { conversationTitle } from "./conversationTitle";
import { exportMarkdown } from "./exportMarkdown";
import { KeptConversations, toStored } from "./keptConversations";
import type { Permissions } from "./permissions";
import { previewSend } from "./previewSend";
import { recover } from "./recover";
import { Talk } from "./talk";
import { tokensOf } from "./tokens";
import type { Toolbox } from "./toolbox";

export type ClaudeAccess =
	| { readonly kind: "noKey" }
	| { readonly kind: "ready"; readonly through: "key" | "relay"; readonly claude: Claude };

export interface AgentDeskParts {
	/** Asked anew for each prompt, of the conversation's project: a key may have come, or gone. Never rejects. */
	readonly access: (projectId: string | null) => Promise<ClaudeAccess>;
	readonly store: ConversationStore;
	readonly toolbox: Toolbox;
	readonly permissions: Permissions;
	/** What a permission for this call is about, and how it is said. */
	readonly describe: (call: { readonly name: string; readonly input: unknown }) => {
		readonly target: string | null;
		readonly label: string;
		/** May be given for more than once. */
		readonly canLast: boolean;
	};
	/** What the mentions of a prompt bring along. */
	readonly assemble: (prompt: Prompt, signal: AbortSignal) => Promise<readonly SentItem[]>;
	/** In words for the model, what became of its edits since it was last asked; null for nothing. */
	readonly decisions: (conversationId: string) => string | null;
	readonly system: () => string;
	readonly model: { get(): string; set(id: string): void };
	/** The relay's project that a conversation about this job, or about none, belongs to; asks where nobody knows. */
	readonly projectId: (jobId: string | null) => Promise<string | null>;
	/** Moves a conversation from the disk into the relay; false where the person thought better of it. */
	readonly move?: (id: string) => Promise<boolean>;
	readonly canMove?: () => boolean;
	readonly clock: Clock;
	readonly logger: Logger;
}

/** The port `Agent`: conversations, prompts and permissions; an answer itself is `Answering`'s. */
export class AgentDesk extends Owner implements Agent {
	#models: readonly ClaudeModel[] = [];
	#access: AgentSnapshot["access"] = { kind: "noKey" };
	#talk: Talk | null = null;
	#run: { readonly abort: AbortController; readonly done: Promise<void>; readonly talk: Talk } | null = null;
	readonly #asked = new Map<string, (decision: Decision | null) => void>();
	/** Others wrote in the open conversation while an answer was written. */
	#isBehind = false;
	readonly #kept: KeptConversations;
	readonly #changed = this.own(new Emitter<AgentChange>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly parts: AgentDeskParts) {
		super();
		const { store, clock, logger } = parts;
		const changed = () => this.#structural();
		this.#kept = this.own(new KeptConversations({ store, now: () => clock.now(), logger, changed }));
		this.own({ dispose: () => this.#run?.abort.abort() });
		this.own(store.onDidChange((ids) => void this.#follow(ids)));
	}

	get snapshot(): AgentSnapshot {
		return {
			access: this.#access,
			models: this.#models,
			model: modelOf(this.parts.model.get(), this.#models).id,
			canMove: this.parts.canMove?.() ?? false,
			conversations: this.#kept.list,
			open: this.#talk?.snapshot ?? null,
			permissions: this.parts.permissions.all,
		};
	}

	/** Reads what is kept, and asks which models there are; again when a key or a relay came. */
	async refresh(): Promise<void> {
		await this.#kept.read();
		await this.#readAccess(this.#talk?.conversation.projectId ?? null);
		this.#structural();
	}

	async begin({ jobId }: { readonly jobId: string | null }): Promise<string> {
		await this.#leave();
		const now = this.parts.clock.now();
		const conversation: Conversation = {
			...{ id: this.parts.clock.newId(), title: "", projectId: await this.parts.projectId(jobId), jobId },
			...{ createdAtMs: now, updatedAtMs: now },
		};
		this.#show({ conversation, messages: [] });
		return conversation.id;
	}

	async open(id: string): Promise<void> {
		if (this.#talk?.conversation.id === id) return;
		await this.#leave();
		const stored = await this.parts.store.load(id);
		const messages = [...recover(stored.messages)];
		const talk = this.#show({ ...stored, messages });
		if (messages.some((message, at) => message !== stored.messages[at])) await this.#kept.keep(talk);
	}

	async rename(id: string, title: string): Promise<void> {
		const words = title.trim().slice(0, 200);
		if (this.#talk?.conversation.id === id) {
			this.#talk.change({ title: words });
			await this.#kept.keep(this.#talk);
			return;
		}
		const stored = await this.parts.store.load(id);
		this.#kept.put(await this.parts.store.save({ ...stored, conversation: { ...stored.conversation, title: words } }));
	}

	async delete(id: string): Promise<void> {
		if (this.#talk?.conversation.id === id) {
			await this.#leave();
			this.#talk = null;
		}
		await this.#kept.delete(id);
	}

	search(words: string): Promise<readonly string[]> {
		return this.parts.store.search(words);
	}

	async export(id: string): Promise<string> {
		const talk = this.#talk?.conversation.id === id ? this.#talk : null;
		return exportMarkdown(talk ? toStored(talk) : await this.parts.store.load(id));
	}

	async send(prompt: Prompt): Promise<void> {
		if (!this.#talk) await this.begin({ jobId: null });
		const talk = this.#talk;
		if (!talk) return;
		if (this.#run?.talk === talk) talk.queue([...talk.queued, prompt]);
		else this.#answer(talk, prompt);
	}

	stop(): void {
		this.#run?.abort.abort();
		this.#talk?.queue([]);
	}

	async resend(messageId: string, prompt: Prompt): Promise<void> {
		const talk = this.#talk;
		if (!talk?.messages.some(({ id, role }) => id === messageId && role === "user")) {
			throw new GammaError("conversation.missing", "This message is not there any more: send the prompt anew.");
		}
		await this.#halt();
		talk.cutFrom(messageId);
		this.#answer(talk, prompt);
	}

	unqueue(index: number): void {
		const talk = this.#talk;
		talk?.queue(talk.queued.filter((_, at) => at !== index));
	}

	async goOn(): Promise<void> {
		const talk = this.#talk;
		if (talk && talk.messages.length > 0 && this.#run?.talk !== talk) this.#answer(talk, null);
	}

	answer(callId: string, decision: "allow" | "deny", scope: PermissionScope): void {
		const decide = this.#asked.get(callId);
		const talk = this.#run?.talk;
		if (!decide || !talk) return;
		const call = talk.messages.flatMap(({ parts }) => parts).find((part) => part.kind === "tool" && part.id === callId);
		if (call?.kind === "tool" && scope !== "once") {
			const { target, label, canLast } = this.parts.describe(call);
			const conversationId = scope === "conversation" ? talk.conversation.id : null;
			const id = this.parts.clock.newId();
			if (canLast) this.parts.permissions.give({ id, tool: call.name, scope, decision, label, target, conversationId });
		}
		decide({ decision, scope });
		this.#structural();
	}

	revoke(permissionId: string): void {
		this.parts.permissions.revoke(permissionId);
		this.#structural();
	}

	chooseModel(id: string): void {
		this.parts.model.set(id);
		this.#structural();
	}

	async preview(prompt: Prompt, messageId: string | null): Promise<SendPreview> {
		const { parts } = this;
		const items = await parts.assemble(prompt, new AbortController().signal);
		const access = await parts.access(this.#talk?.conversation.projectId ?? null);
		const model = modelOf(parts.model.get(), this.#models);
		const said = this.#talk?.messages ?? [];
		const at = said.findIndex(({ id }) => id === messageId);
		return previewSend({
			before: at < 0 ? said : said.slice(0, at),
			message: this.#messageOf(prompt, items),
			request: {
				...{ model: model.id, system: parts.system(), tools: parts.toolbox.tools, mayUseTools: true },
				...{ thinking: model.thinking, maxTokens: model.outputLimit },
			},
			claude: access.kind === "ready" ? access.claude : null,
		});
	}

	async move(id: string): Promise<void> {
		const talk = this.#talk?.conversation.id === id ? this.#talk : null;
		if (talk) await this.#leave();
		if (!(await this.parts.move?.(id))) return;
		await this.#kept.read();
		this.#structural();
		await this.#catchUp();
	}

	#answer(talk: Talk, prompt: Prompt | null): void {
		const abort = new AbortController();
		const done = this.#course(talk, prompt, abort.signal).finally(() => {
			if (this.#run?.done === done) this.#run = null;
			if (this.#takeQueued(talk)) return;
			talk.does({ kind: "idle" });
			if (this.#isBehind) void this.#catchUp();
		});
		this.#run = { abort, done, talk };
	}

	/** From a prompt to the end of its answer. Never rejects. */
	async #course(talk: Talk, prompt: Prompt | null, signal: AbortSignal): Promise<void> {
		const { clock, logger } = this.parts;
		try {
			talk.does({ kind: "waiting", sinceMs: clock.now() });
			if (prompt) await this.#append(talk, prompt, signal);
			const access = await this.#readAccess(talk.conversation.projectId);
			if (signal.aborted) return;
			if (access.kind === "noKey") return this.#say(talk, "Set a key for Claude to get an answer.", "setKey");
			const answering = new Answering(
				talk,
				{
					...{ claude: access.claude, model: modelOf(this.parts.model.get(), this.#models), clock },
					...{ system: this.parts.system(), toolbox: this.parts.toolbox },
					keep: () => void this.#kept.keep(talk),
					decide: (callId, aborted) => this.#decide(callId, aborted),
				},
				signal,
			);
			await answering.run();
		} catch (error) {
			logger.warn("a prompt could not be answered", { reason: toFailure(error).message });
			this.#say(talk, toFailure(error).message, "retry");
		} finally {
			await this.#kept.keep(talk);
		}
	}

	async #append(talk: Talk, prompt: Prompt, signal: AbortSignal): Promise<void> {
		const { clock } = this.parts;
		const items = [...(await this.parts.assemble(prompt, signal))];
		const decisions = this.parts.decisions(talk.conversation.id);
		if (decisions !== null) {
			const label = "What became of the proposed edits";
			items.unshift({ label, kind: "instructions", tokens: tokensOf(decisions), leftOut: null, text: decisions });
		}
		if (talk.conversation.title === "") talk.change({ title: conversationTitle(prompt.text) });
		talk.append(this.#messageOf(prompt, items));
		talk.change({ updatedAtMs: clock.now() });
		await this.#kept.keep(talk);
	}

	#messageOf(prompt: Prompt, items: readonly SentItem[]): Message {
		const { clock } = this.parts;
		return {
			...{ id: clock.newId(), role: "user", createdAtMs: clock.now(), model: null, usage: null, costUsd: null },
			parts: [
				...(items.length > 0 ? [{ kind: "sent" as const, items: [...items] }] : []),
				...prompt.images.map((image) => ({ kind: "image" as const, ...image })),
				{ kind: "text", text: prompt.text },
			],
		};
	}

	#takeQueued(talk: Talk): boolean {
		const [next, ...others] = talk.queued;
		if (this.#run || this.isDisposed || this.#talk !== talk || !next) return false;
		talk.queue(others);
		this.#answer(talk, next);
		return true;
	}

	#decide(callId: string, signal: AbortSignal): Promise<Decision | null> {
		return new Promise((resolve) => {
			const settle = (decision: Decision | null) => {
				this.#asked.delete(callId);
				signal.removeEventListener("abort", stop);
				resolve(decision);
			};
			const stop = () => settle(null);
			this.#asked.set(callId, settle);
			if (signal.aborted) stop();
			else signal.addEventListener("abort", stop, { once: true });
		});
	}

	async #readAccess(projectId: string | null): Promise<ClaudeAccess> {
		const access = await this.parts.access(projectId);
		if (access.kind === "noKey") {
			this.#access = { kind: "noKey" };
			return access;
		}
		this.#access = { kind: "ready", through: access.through };
		if (this.#models.length === 0) {
			try {
				this.#models = await access.claude.models();
			} catch (error) {
				const { code, message } = toFailure(error);
				if (code === "agent.noKey" || code === "agent.refused") this.#access = { kind: "failed", message };
			}
		}
		this.#structural();
		return access;
	}

	#say(talk: Talk, text: string, action: "retry" | "setKey"): void {
		const { clock } = this.parts;
		talk.append({
			...{ id: clock.newId(), role: "assistant", createdAtMs: clock.now(), model: null, costUsd: null },
			usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
			parts: [{ kind: "notice", level: "error", text, action }],
		});
	}

	#show(stored: StoredConversation): Talk {
		const talk = new Talk(stored.conversation, stored.messages, (change) => {
			if (this.#talk === talk) this.#changed.fire(change);
			this.#kept.keepNowAndThen(talk, () => this.#run?.talk === talk);
		});
		this.#talk = talk;
		this.#structural();
		return talk;
	}

	async #leave(): Promise<void> {
		await this.#halt();
		await this.#kept.settled;
	}

	async #halt(): Promise<void> {
		this.#talk?.queue([]);
		this.#run?.abort.abort();
		await this.#run?.done;
	}

	/** Others wrote, or what waited is with the relay. */
	async #follow(ids: readonly string[]): Promise<void> {
		try {
			await this.#kept.read();
			this.#structural();
			if (ids.length === 0 || !this.#talk || !ids.includes(this.#talk.conversation.id)) return;
			await this.#catchUp();
		} catch (error) {
			this.parts.logger.warn("conversations could not be read", { reason: toFailure(error).message });
		}
	}

	/** The open conversation with what others wrote in it; while an answer is written, after it. */
	async #catchUp(): Promise<void> {
		const talk = this.#talk;
		this.#isBehind = talk !== null && this.#run?.talk === talk;
		if (!talk || this.#isBehind) return;
		await this.#kept.settled;
		const stored = await this.parts.store.load(talk.conversation.id).catch(() => null);
		if (!stored || this.#talk !== talk || this.#run?.talk === talk) return;
		talk.replace(stored.conversation, recover(stored.messages));
	}

	#structural(): void {
		this.#changed.fire({ messageIds: [], isStructural: true });
	}
}
