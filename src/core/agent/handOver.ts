import type { ConversationRelay } from "./conversationRelay";
import type { DiskStore, StoredConversation } from "./conversationStore";
import { toRelayMessage } from "./handedMessage";
import { isWhole } from "./mergeMessages";

type Handed = NonNullable<StoredConversation["handed"]>;

/** Gives the relay what it has not of a conversation. Each step is written down before the next, and doing one twice changes nothing. */
export class HandOver {
	constructor(
		private readonly relay: ConversationRelay,
		private readonly copies: DiskStore,
	) {}

	/** `gone`: the relay has no such conversation, or no such project. Rejects as the port does; what is done stays done. */
	async run(id: string): Promise<"gone" | "handed" | "nothing"> {
		let outcome: "handed" | "nothing" = "nothing";
		for (;;) {
			const copy = await this.copies.read(id);
			if (!copy?.handed) return outcome;
			const step = await this.#step(copy, copy.handed);
			if (step === "done") return outcome;
			if (step === "gone") return "gone";
			outcome = "handed";
			await this.copies.update(id, (now) => now && { ...now, handed: step(now.handed ?? copy.handed) });
		}
	}

	/** Does the next thing, and answers how what is known of the relay changes by it. */
	async #step(
		{ conversation, messages }: StoredConversation,
		handed: Handed,
	): Promise<"done" | "gone" | ((now: Handed | undefined) => Handed)> {
		const { id, title, projectId, jobId } = conversation;
		const known = (change: (now: Handed) => Handed) => (now: Handed | undefined) => change(now ?? handed);
		if (handed.title === null) {
			if (projectId === null) return "gone";
			const isBegun = await this.#begin({ id, title, projectId, jobId });
			return isBegun ? known((now) => ({ ...now, title })) : "gone";
		}
		if (handed.title !== title) {
			await this.relay.rename(id, title);
			return known((now) => ({ ...now, title }));
		}
		const keys = new Set(handed.keys);
		const at = messages.findIndex((message) => isWhole(message) && !keys.has(message.id));
		const message = messages[at];
		if (!message) return "done";
		const ids = new Set(messages.map((one) => one.id));
		const drops = handed.keys.filter((key) => !ids.has(key));
		const row = toRelayMessage({ message, after: messages[at - 1]?.id ?? null, drops });
		if ((await this.relay.add(id, row)) === null) return "gone";
		return known((now) => ({ ...now, keys: [...now.keys.filter((key) => !drops.includes(key)), message.id] }));
	}

	/** A job that only this machine knows is none of the relay's: the conversation is its project's then. */
	async #begin(conversation: Parameters<ConversationRelay["begin"]>[0]): Promise<boolean> {
		if (await this.relay.begin(conversation)) return true;
		return conversation.jobId !== null && this.relay.begin({ ...conversation, jobId: null });
	}
}
