import { GammaError } from "../../shared/errors";
import type { ListedConversation } from "../../shared/panels/agentPanel";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { ConversationList, ConversationStore, DiskStore, StoredConversation } from "./conversationStore";
import { recover } from "./recover";
import type { RelayConversations } from "./relayConversations";

/** Conversations wherever they live: in the relay those of its projects, on the disk all others. None moves by itself. */
export class ChosenConversations extends Owner implements ConversationStore {
	#relay: RelayConversations | null = null;
	#following: { dispose(): void } | null = null;
	readonly #changed = this.own(new Emitter<readonly string[]>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly disk: DiskStore) {
		super();
		this.own({ dispose: () => this.use(null) });
	}

	/** The relay's from now on, which is this one's to dispose; null while there is none to ask. */
	use(relay: RelayConversations | null): void {
		this.#following?.dispose();
		this.#relay?.dispose();
		this.#relay = relay;
		this.#following = relay?.onDidChange((ids) => this.#changed.fire(ids)) ?? null;
	}

	async list(): Promise<ConversationList> {
		const [ours, theirs] = await Promise.all([this.disk.list(), this.#relay?.list()]);
		const there = new Set(theirs?.conversations.map(({ id }) => id));
		const conversations = [...(theirs?.conversations ?? []), ...ours.conversations.filter(({ id }) => !there.has(id))];
		return {
			conversations: conversations.sort((a, b) => b.updatedAtMs - a.updatedAtMs),
			damaged: [...ours.damaged, ...(theirs?.damaged ?? [])],
		};
	}

	async load(id: string): Promise<StoredConversation> {
		return (await this.#storeOf(id)).load(id);
	}

	async save(stored: StoredConversation): Promise<ListedConversation> {
		const { id, projectId } = stored.conversation;
		const isKnown = (await this.#relay?.has(id)) || (await this.disk.has(id));
		const isForRelay = this.#relay !== null && projectId !== null && !isKnown;
		return isForRelay && this.#relay ? this.#relay.save(stored) : (await this.#storeOf(id)).save(stored);
	}

	async delete(id: string): Promise<void> {
		await (await this.#storeOf(id)).delete(id);
	}

	async search(words: string): Promise<readonly string[]> {
		const found = await Promise.all([this.#relay?.search(words) ?? [], this.disk.search(words)]);
		return [...new Set(found.flat())];
	}

	/** From the disk into a project of the relay's, whole or not at all. Rejects with what the relay says. */
	async move(id: string, projectId: string): Promise<void> {
		if (!this.#relay)
			throw new GammaError("relay.unauthorized", "There is no relay to move it to: sign in to it first.");
		const stored = await this.disk.load(id);
		await this.#relay.adopt({ ...stored, messages: [...recover(stored.messages)] }, projectId);
		await this.disk.delete(id);
		this.#changed.fire([]);
	}

	async #storeOf(id: string): Promise<ConversationStore> {
		return this.#relay && (await this.#relay.has(id)) ? this.#relay : this.disk;
	}
}
