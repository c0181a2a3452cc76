import * as z from "zod/mini";
import {
	type Conversation,
	type Mention,
	type Message,
	mentionSchema,
	noticeActions,
	type PermissionScope,
	type Prompt,
	permissionScopes,
	type SentItem,
} from "../agent/conversation";
import { type Contract, method, nothing } from "../call";

/** What a picture may have, so that the API takes it: it refuses more than 5 MB of base64. */
export const longestImageBytes = 3_700_000;
export const mostImages = 8;
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export const longestPrompt = 200_000;

/** A prompt as it was typed. `known` are mentions whose text alone does not say all: chosen from the list, or dropped. */
export const draftSchema = z.object({
	text: z.string().check(z.maxLength(longestPrompt)),
	known: z.array(z.object({ token: z.string(), mention: mentionSchema })).check(z.maxLength(200)),
	images: z
		.array(z.object({ mimeType: z.enum(imageTypes), base64: z.string().check(z.maxLength(5_000_000)) }))
		.check(z.maxLength(mostImages)),
});
export type Draft = z.infer<typeof draftSchema>;

/** One line of the completion list. */
export interface Completion {
	/** What takes the place of what was typed, `@` included. Ends with `:` or `/` where more is to follow. */
	readonly token: string;
	readonly detail: string;
	/** A codicon's name. */
	readonly icon: string;
	/** What it means; null where the text says all, or more is to follow. */
	readonly mention: Mention | null;
}

const id = z.string().check(z.maxLength(500));

export const agentCalls = {
	/** Rejects with a sentence where a mention names nothing. */
	send: method(draftSchema)<void>(),
	resend: method(z.object({ messageId: id, draft: draftSchema }))<void>(),
	/** What would be sent, in the place of this message where it is sent anew, without sending it. */
	preview: method(z.object({ messageId: z.nullable(id), draft: draftSchema }))<SendPreview>(),
	stop: method(nothing)<void>(),
	unqueue: method(z.object({ index: z.int().check(z.nonnegative()) }))<void>(),
	begin: method(nothing)<void>(),
	/** The list is looked at: what others wrote meanwhile is read. */
	look: method(nothing)<void>(),
	/** From this machine to the relay's project, whole; the editor asks for the project where nobody knows it. */
	move: method(z.object({ id }))<void>(),
	open: method(z.object({ id }))<void>(),
	rename: method(z.object({ id, title: z.string().check(z.minLength(1), z.maxLength(200)) }))<void>(),
	/** Hides it, and deletes it once nobody took it back for a while. */
	remove: method(z.object({ id }))<void>(),
	undoRemove: method(nothing)<void>(),
	search: method(z.object({ words: z.string().check(z.maxLength(500)) }))<readonly string[]>(),
	export: method(z.object({ id }))<void>(),
	/** What a notice's button does. */
	act: method(z.object({ action: z.enum(noticeActions) }))<void>(),
	/** Shows what is known of the key for Claude, and what can be done with it. */
	showKey: method(nothing)<void>(),
	answer: method(
		z.object({ callId: id, decision: z.enum(["allow", "deny"]), scope: z.enum(permissionScopes) }),
	)<void>(),
	revoke: method(z.object({ id }))<void>(),
	chooseModel: method(z.object({ id }))<void>(),
	complete: method(z.object({ query: z.string().check(z.maxLength(500)) }))<readonly Completion[]>(),
	/** Addresses and rows that were dropped on the panel, as the editor hands them over. */
	drop: method(
		z.object({ uris: z.array(z.string()).check(z.maxLength(100)), rows: z.array(z.string()).check(z.maxLength(20)) }),
	)<readonly Completion[]>(),
	/** The text of what was sent along with a message; kept out of the state for its size. */
	sentText: method(z.object({ messageId: id, index: z.int().check(z.nonnegative()) }))<string>(),
	review: method(z.object({ setId: id, path: z.nullable(z.string()) }))<void>(),
	acceptEdits: method(z.object({ setId: id }))<void>(),
	rejectEdits: method(z.object({ setId: id }))<void>(),
	/** A code block becomes a proposed edit, to be reviewed like any other. */
	apply: method(z.object({ code: z.string().check(z.maxLength(500_000)), path: z.nullable(z.string()) }))<void>(),
	/** Opens what a view was drawn from: the runs' own charts. */
	openChart: method(
		z.object({ runs: z.array(z.string()).check(z.maxLength(50)), metric: z.nullable(z.string()) }),
	)<void>(),
} satisfies Contract;

/** What a prompt would take along, and the size of the whole request. */
export interface SendPreview {
	/** With their texts, exactly as they would be sent. */
	readonly items: readonly SentItem[];
	/** Of the whole request: instructions, tools, what was said before, and this prompt with all of these. */
	readonly tokens: number;
	/** The service counted them; else it is an estimate, rather too high. */
	readonly isCounted: boolean;
	/** About how many of them were said before. */
	readonly tokensBefore: number;
	/** How many tools are described to the model, and about how many tokens that takes. */
	readonly tools: number;
	readonly toolTokens: number;
}

/** A conversation in the list, and where it lives. */
export interface ListedConversation extends Conversation {
	/** `relay`: whoever is in its project reads it, from any machine. */
	readonly keptIn: "disk" | "relay";
	/** Messages of the relay's that are on this machine alone yet. */
	readonly waiting: number;
	/** Begun by another member of the project. */
	readonly isOthers: boolean;
}

/** What goes on, as `Activity` of the agent has it, without what only the host needs. */
export type PanelActivity =
	| { readonly kind: "idle" }
	| { readonly kind: "waiting" | "thinking" | "writing" | "compacting"; readonly sinceMs: number }
	| { readonly kind: "tool"; readonly name: string; readonly sinceMs: number }
	| { readonly kind: "asking"; readonly callId: string; readonly sinceMs: number }
	| { readonly kind: "retrying"; readonly reason: string; readonly atMs: number };

/** Everything about the open conversation but its messages. */
export interface OpenHead {
	readonly id: string;
	readonly title: string;
	readonly jobId: string | null;
	readonly queued: readonly Prompt[];
	readonly activity: PanelActivity;
	readonly lastHeardMs: number | null;
	readonly contextTokens: number;
	readonly costUsd: number;
}

export interface AgentPanelState {
	readonly hostNowMs: number;
	readonly access:
		| { readonly kind: "noKey" }
		| { readonly kind: "ready"; readonly through: "key" | "relay" }
		| { readonly kind: "failed"; readonly message: string };
	readonly models: readonly { readonly id: string; readonly name: string; readonly contextLimit: number }[];
	readonly model: string;
	readonly conversations: readonly ListedConversation[];
	/** Conversations of this machine can be moved to the relay. */
	readonly canMove: boolean;
	/** Hidden and about to be deleted. */
	readonly removed: { readonly id: string; readonly title: string } | null;
	readonly permissions: readonly {
		readonly id: string;
		readonly scope: PermissionScope;
		readonly decision: "allow" | "deny";
		readonly label: string;
	}[];
	readonly open: OpenHead | null;
	readonly messages: readonly Message[];
	/** When each run that a shown view was drawn from was last written to: a view that was read before is stale. */
	readonly runSigns: Readonly<Record<string, number>>;
	/** Put into the composer once; a greater `at` is a newer one. */
	readonly insert: { readonly at: number; readonly completions: readonly Completion[]; readonly text: string } | null;
}

/**
 * What crosses to the page: the whole state when it becomes visible or its shape changed, and while an answer is written
 * only the messages that changed, each whole: nothing is lost by one that does not arrive.
 */
export type AgentPanelUpdate =
	| ({ readonly kind: "whole" } & AgentPanelState)
	| {
			readonly kind: "messages";
			readonly hostNowMs: number;
			readonly open: OpenHead;
			readonly messages: readonly Message[];
	  };

/** What the page keeps over a reload of the window. */
export const agentPanelKept = z.object({
	scrollTop: z.catch(z.number(), 0),
	/** A prompt that is not sent yet. */
	draft: z.catch(z.string(), ""),
	known: z.catch(draftSchema.shape.known, []),
	/** What was opened or folded by hand. */
	sections: z.catch(z.record(z.string(), z.boolean()), {}),
	showsList: z.catch(z.boolean(), false),
	insertedAt: z.catch(z.number(), 0),
});
export type AgentPanelKept = z.infer<typeof agentPanelKept>;
