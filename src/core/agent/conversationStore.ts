import * as z from "zod/mini";
import { type Conversation, conversationSchema, messageSchema } from "../../shared/agent/conversation";

export const storedConversationSchema = z.object({
	conversation: conversationSchema,
	messages: z.array(messageSchema),
});
export type StoredConversation = z.infer<typeof storedConversationSchema>;

/** Where conversations are kept: on the disk, or in the relay's database when signed in. */
export interface ConversationStore {
	/** Newest first. `damaged` names what could not be read and was put aside, once each. */
	list(): Promise<{ readonly conversations: readonly Conversation[]; readonly damaged: readonly string[] }>;
	/** Rejects with `conversation.missing`, or `conversation.damaged` with where it was put. */
	load(id: string): Promise<StoredConversation>;
	/** The whole of it, as it is now; of calls that overlap the last counts. */
	save(stored: StoredConversation): Promise<void>;
	delete(id: string): Promise<void>;
	/** Ids whose title or text has all the words, newest first. */
	search(words: string): Promise<readonly string[]>;
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
