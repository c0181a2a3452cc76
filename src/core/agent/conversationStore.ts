import * as z from "zod/mini";
import { conversationSchema, messageSchema } from "../../shared/agent/conversation";
import type { ListedConversation } from "../../shared/panels/agentPanel";
import type { Event } from "../emitter";
import { isWhole } from "./mergeMessages";

/** Of a conversation that lives in the relay: what of it is known to be there. */
const handedSchema = z.object({
	/** Its title there; null: it was not begun there yet. */
	title: z.nullable(z.string()),
	/** The relay's id of the newest message that was read there. */
	lastId: z.nullable(z.string()),
	/** Ids of the messages that stand in it there. */
	keys: z.array(z.string()),
});

export const storedConversationSchema = z.object({
	conversation: conversationSchema,
	messages: z.array(messageSchema),
	handed: z.optional(handedSchema),
});
export type StoredConversation = z.infer<typeof storedConversationSchema>;

export interface ConversationList {
	/** Newest first. */
	readonly conversations: readonly ListedConversation[];
	/** What could not be read and was put aside, once each. */
	readonly damaged: readonly string[];
}

/** Where conversations are kept: on the disk, or in the relay's database when signed in. */
export interface ConversationStore {
	list(): Promise<ConversationList>;
	/** Rejects with `conversation.missing`, or `conversation.damaged` with where it was put. */
	load(id: string): Promise<StoredConversation>;
	/**
	 * What whoever loaded it made of it. What others did to it meanwhile stays: of each message the later change counts, and
	 * none is lost. Answers as the list has it now.
	 */
	save(stored: StoredConversation): Promise<ListedConversation>;
	delete(id: string): Promise<void>;
	/** Ids whose title or text has all the words, newest first. */
	search(words: string): Promise<readonly string[]>;
	/** Others wrote in these, or where they are kept is another matter now; empty: the whole list may be another. */
	readonly onDidChange: Event<readonly string[]>;
}

/** The disk: beside what it keeps for the agent, it keeps copies of what lives in a relay. */
export interface DiskStore extends ConversationStore {
	has(id: string): Promise<boolean>;
	/** As it is now; null where there is none. Whoever reads it does not have it open. */
	read(id: string): Promise<StoredConversation | null>;
	/** One change at a time, whoever makes it; null takes it away. What `change` throws is thrown, and nothing is changed. */
	update(
		id: string,
		change: (now: StoredConversation | null) => StoredConversation | null,
	): Promise<StoredConversation | null>;
}

export function toListed({ conversation, messages, handed }: StoredConversation): ListedConversation {
	const keys = new Set(handed?.keys);
	const waiting = handed ? messages.filter((message) => isWhole(message) && !keys.has(message.id)).length : 0;
	return { ...conversation, keptIn: handed ? "relay" : "disk", waiting, isOthers: false };
}

/** Whether a conversation has all the words, in any order and case. */
export function hasWords({ conversation, messages }: StoredConversation, words: string): boolean {
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	const text = [
		conversation.title,
		...messages.flatMap(({ parts }) => parts.map((part) => ("text" in part ? part.text : ""))),
	]
		.join("\n")
		.toLowerCase();
	return wanted.length > 0 && wanted.every((word) => text.includes(word));
}
