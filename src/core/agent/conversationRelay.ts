/** The port to the relay's conversations (architecture.md, section 6); rejects as `Relay` does. */
export interface ConversationRelay {
	/** Newest first; null where there is no such project for this person. */
	list(projectId: string, signal?: AbortSignal): Promise<readonly RelayConversation[] | null>;
	/** Ids, newest first, whose title or text has all the words. */
	search(projectId: string, words: string): Promise<readonly string[]>;
	/** Makes it, once; false where the project or the job is not there for this person, or not theirs to write in. */
	begin(conversation: NewRelayConversation): Promise<boolean>;
	rename(id: string, title: string): Promise<void>;
	/** One that is not there is deleted already. */
	delete(id: string): Promise<void>;
	/** Newest first, from before `before` on; null where there is no such conversation. */
	messages(id: string, before: string | null, signal?: AbortSignal): Promise<RelayMessages | null>;
	/** Adds it, once for its key; null where there is no such conversation. */
	add(id: string, message: NewRelayMessage): Promise<RelayMessage | null>;
}

export interface NewRelayConversation {
	readonly id: string;
	readonly projectId: string;
	readonly jobId: string | null;
	readonly title: string;
}

export interface RelayConversation extends NewRelayConversation {
	readonly createdBy: string;
	readonly createdAtMs: number;
	readonly updatedAtMs: number;
}

export interface NewRelayMessage {
	readonly role: "user" | "assistant";
	/** Its words. */
	readonly content: string;
	readonly key: string;
	/** All of it. */
	readonly detail: string;
}

export interface RelayMessage {
	readonly id: string;
	readonly role: "user" | "assistant";
	readonly content: string;
	/** Null where somebody else than an editor wrote it. */
	readonly key: string | null;
	readonly detail: string | null;
	readonly createdAtMs: number;
}

export interface RelayMessages {
	readonly items: readonly RelayMessage[];
	readonly next: string | null;
}
