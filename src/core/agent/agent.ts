import type { Conversation, Message, PermissionScope, Prompt } from "../../shared/agent/conversation";
import type { ListedConversation, SendPreview } from "../../shared/panels/agentPanel";
import type { Event } from "../emitter";

/** What the agent does at this moment; `sinceMs` is when it began. */
export type Activity =
	| { readonly kind: "idle" }
	/** The request is out and no word has come. */
	| { readonly kind: "waiting" | "thinking" | "writing" | "compacting"; readonly sinceMs: number }
	| { readonly kind: "tool"; readonly name: string; readonly sinceMs: number }
	/** A person has to decide. */
	| { readonly kind: "asking"; readonly callId: string; readonly sinceMs: number }
	| { readonly kind: "retrying"; readonly reason: string; readonly atMs: number };

export interface AgentModel {
	readonly id: string;
	readonly name: string;
	/** Tokens. */
	readonly contextLimit: number;
}

/** The conversation that is open. */
export interface OpenConversation extends Conversation {
	/** The oldest first; the last one may still be written. */
	readonly messages: readonly Message[];
	/** Prompts that wait until the answer is done. */
	readonly queued: readonly Prompt[];
	readonly activity: Activity;
	/** When the service was last heard of while it owes an answer; null while it owes none. */
	readonly lastHeardMs: number | null;
	/** Tokens of the context as it would be sent now. */
	readonly contextTokens: number;
	readonly costUsd: number;
}

export interface AgentSnapshot {
	/** `noKey`: neither a key of one's own nor an organisation's. `failed`: the service refused it, with its sentence. */
	readonly access:
		| { readonly kind: "noKey" }
		| { readonly kind: "ready"; readonly through: "key" | "relay" }
		| { readonly kind: "failed"; readonly message: string };
	/** Empty until the API has listed them. */
	readonly models: readonly AgentModel[];
	readonly model: string;
	/** Those of the disk can be moved into a relay. */
	readonly canMove: boolean;
	/** Newest first. */
	readonly conversations: readonly ListedConversation[];
	readonly open: OpenConversation | null;
	/** What the person allowed for more than once, to be shown and taken back. */
	readonly permissions: readonly GivenPermission[];
}

export interface GivenPermission {
	readonly id: string;
	readonly tool: string;
	readonly scope: Exclude<PermissionScope, "once">;
	readonly decision: "allow" | "deny";
	/** What it says: `read files`, `start a training on models/*`. */
	readonly label: string;
}

/** What changed: the whole list, or messages of the open conversation. */
export interface AgentChange {
	readonly messageIds: readonly string[];
	readonly isStructural: boolean;
}

/** The agent as the editor's parts use it. What cannot be done rejects with one sentence; a failure of the service is a notice in the conversation. */
export interface Agent {
	readonly snapshot: AgentSnapshot;
	readonly onDidChange: Event<AgentChange>;
	begin(about: { readonly jobId: string | null }): Promise<string>;
	open(id: string): Promise<void>;
	rename(id: string, title: string): Promise<void>;
	delete(id: string): Promise<void>;
	/** Ids whose title or text has it, newest first. */
	search(words: string): Promise<readonly string[]>;
	/** The conversation as Markdown. */
	export(id: string): Promise<string>;
	/** Begins a conversation where none is open; waits in the queue while an answer is written. */
	send(prompt: Prompt): Promise<void>;
	stop(): void;
	/** What came after this message is taken away, and the prompt sent in its place. */
	resend(messageId: string, prompt: Prompt): Promise<void>;
	unqueue(index: number): void;
	/** What a notice's button does: ask again, or go on from where it was cut. */
	goOn(): Promise<void>;
	answer(callId: string, decision: "allow" | "deny", scope: PermissionScope): void;
	revoke(permissionId: string): void;
	chooseModel(id: string): void;
	/** What would be sent with this prompt, in the place of this message where it is given, without sending it. */
	preview(prompt: Prompt, messageId: string | null): Promise<SendPreview>;
	/** Reads what others wrote, and what is kept now; again when a key or a relay came. */
	refresh(): Promise<void>;
	/** From the disk into the relay. Rejects, and it is where it was, with what the relay says. */
	move(id: string): Promise<void>;
}
