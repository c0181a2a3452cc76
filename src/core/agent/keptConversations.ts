import { toFailure } from "../../shared/errors";
import type { ListedConversation } from "../../shared/panels/agentPanel";
import { Owner } from "../disposable";
import type { Logger } from "../logger";
import type { ConversationStore, StoredConversation } from "./conversationStore";
import type { Talk } from "./talk";

/** While an answer is written, it is kept this often. */
const keepEveryMs = 2_000;

export interface KeptConversationsParts {
	readonly store: ConversationStore;
	readonly now: () => number;
	readonly logger: Logger;
	/** The list is another one. */
	readonly changed: () => void;
}

/** The list of what is kept, and the keeping of what is open: one after the other, what is kept last is what is there last. */
export class KeptConversations extends Owner {
	#list: readonly ListedConversation[] = [];
	#keptAtMs = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(private readonly parts: KeptConversationsParts) {
		super();
		this.own({ dispose: () => clearTimeout(this.#timer) });
	}

	/** Newest first. */
	get list(): readonly ListedConversation[] {
		return this.#list;
	}

	/** Resolves once all that was to be kept is. */
	get settled(): Promise<void> {
		return this.#saving;
	}

	async read(): Promise<void> {
		const { conversations, damaged } = await this.parts.store.list();
		const { logger } = this.parts;
		for (const file of damaged) logger.warn("a conversation could not be read and was put aside", { file });
		this.#list = conversations;
	}

	/** Never rejects. A conversation without a word is not kept. */
	keep(talk: Talk): Promise<void> {
		this.#saving = this.#saving.then(async () => {
			if (talk.messages.length === 0) return;
			try {
				this.put(await this.parts.store.save(toStored(talk)));
			} catch (error) {
				this.parts.logger.warn("a conversation could not be kept", { reason: toFailure(error).message });
			}
		});
		return this.#saving;
	}

	/** By a timer: the words before a long silence are kept as well. */
	keepNowAndThen(talk: Talk, isWritten: () => boolean): void {
		if (!isWritten() || this.#timer !== undefined) return;
		const waitMs = Math.max(0, this.#keptAtMs + keepEveryMs - this.parts.now());
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			if (!isWritten()) return;
			this.#keptAtMs = this.parts.now();
			void this.keep(talk);
		}, waitMs);
	}

	put(conversation: ListedConversation): void {
		const others = this.#list.filter(({ id }) => id !== conversation.id);
		const before = this.#list.find(({ id }) => id === conversation.id);
		if (JSON.stringify(before) === JSON.stringify(conversation)) return;
		this.#list = [conversation, ...others].sort((a, b) => b.updatedAtMs - a.updatedAtMs);
		this.parts.changed();
	}

	async delete(id: string): Promise<void> {
		await this.#saving;
		await this.parts.store.delete(id);
		this.#list = this.#list.filter((one) => one.id !== id);
		this.parts.changed();
	}
}

export function toStored(talk: Talk): StoredConversation {
	return { conversation: talk.conversation, messages: [...talk.messages] };
}
