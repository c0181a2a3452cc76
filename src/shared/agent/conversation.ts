import * as z from "zod/mini";

/**
 * A conversation with the agent, as the disk and the relay keep it and as the panel shows it. Times are milliseconds since 1970.
 * What a person reads is in `parts`, in the order in which it came; what the model is sent is made of them again.
 */

const text = z.string();
const count = z.int().check(z.nonnegative());
const time = z.number();

/** Where a tool's call stands: it waits for a person, it goes on, or it has ended in one of four ways. */
export const callStates = ["asking", "running", "done", "failed", "denied", "stopped"] as const;
export type CallState = (typeof callStates)[number];

/** What stands in the way of the next word, and what a person can do about it. */
export const noticeActions = ["retry", "continue", "setKey", "signIn", "chooseModel"] as const;
export type NoticeAction = (typeof noticeActions)[number];

/** One thing that was sent along with a prompt: what it is, and how much of the context it takes. */
export const sentItemSchema = z.object({
	/** `train.py`, `diff 9f8e7d6..a1b2c3d`, `val/loss [0..2000] of warm-fox-12`. */
	label: text,
	kind: z.enum([
		"file",
		"folder",
		"selection",
		"diff",
		"run",
		"metric",
		"job",
		"log",
		"params",
		"image",
		"instructions",
	]),
	tokens: count,
	/** What was left out of it and why: `2 secrets`, `lines 400 to 900`; null where it went whole. */
	leftOut: z.nullable(text),
	/** The text exactly as it was sent. */
	text,
});
export type SentItem = z.infer<typeof sentItemSchema>;

/** A file of proposed edits, as the chat shows it; the review itself is in the editor. */
export const editedFileSchema = z.object({
	path: text,
	kind: z.enum(["edit", "create", "delete", "rename"]),
	added: count,
	removed: count,
	hunks: count,
	accepted: count,
	rejected: count,
	/** The file is not what it was when this was proposed. */
	isStale: z.boolean(),
});
export type EditedFile = z.infer<typeof editedFileSchema>;

/** An edit while the model still writes it: what there is of it so far, for the eye. It is no proposal yet. */
export const writingEditSchema = z.object({
	path: text,
	kind: z.enum(["edit", "create"]),
	added: count,
	removed: count,
	/** Begun so far; the last of them are in `hunks`, each with its last lines. */
	hunkCount: count,
	hunks: z.array(z.object({ old: text, new: text })),
});
export type WritingEdit = z.infer<typeof writingEditSchema>;

export const partSchema = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("text"), text }),
	/** `signature` is the API's own, to be sent back as it came; `isRedacted` has no text to show. */
	z.object({ kind: z.literal("thinking"), text, signature: z.nullable(text), isRedacted: z.boolean() }),
	z.object({
		kind: z.literal("tool"),
		id: text,
		name: text,
		input: z.unknown(),
		/** One line a person reads: `read train.py`, `val/loss [0..2000] of 2 runs`. */
		title: text,
		state: z.enum(callStates),
		/** What the model was answered; null before it was. */
		output: z.nullable(text),
		/** Of a call that proposes an edit and has not been run. */
		writing: z.optional(writingEditSchema),
	}),
	z.object({ kind: z.literal("image"), mimeType: text, base64: text }),
	z.object({ kind: z.literal("sent"), items: z.array(sentItemSchema) }),
	z.object({ kind: z.literal("edits"), setId: text, title: text, files: z.array(editedFileSchema) }),
	/** A view from the fixed catalogue; read by who shows it, so that an older Gamma passes over what it does not know. */
	z.object({ kind: z.literal("view"), id: text, title: text, view: z.unknown() }),
	z.object({
		kind: z.literal("notice"),
		level: z.enum(["info", "warning", "error"]),
		text,
		action: z.nullable(z.enum(noticeActions)),
	}),
]);
export type Part = z.infer<typeof partSchema>;

/** As the Messages API counts them. */
export const usageSchema = z.object({
	inputTokens: count,
	outputTokens: count,
	cacheReadTokens: count,
	cacheWriteTokens: count,
});
export type Usage = z.infer<typeof usageSchema>;

export const messageSchema = z.object({
	id: text,
	role: z.enum(["user", "assistant"]),
	parts: z.array(partSchema),
	createdAtMs: time,
	/** The model's id; null of a person's message. */
	model: z.nullable(text),
	/** Null while it is being written, and of a person's message. */
	usage: z.nullable(usageSchema),
	/** US dollars; null where the model's price is not known. */
	costUsd: z.nullable(z.number()),
});
export type Message = z.infer<typeof messageSchema>;

export const conversationSchema = z.object({
	id: text,
	title: text,
	/** The relay's project and job that it is about; null where it is about none, or there is no relay. */
	projectId: z.nullable(text),
	jobId: z.nullable(text),
	createdAtMs: time,
	updatedAtMs: time,
});
export type Conversation = z.infer<typeof conversationSchema>;

/** What a person named in a prompt. Steps and lines count from 1 and are inclusive; steps are the training's own. */
export const mentionSchema = z.discriminatedUnion("kind", [
	z.object({ kind: z.literal("run"), key: text, name: text }),
	z.object({
		kind: z.literal("metric"),
		metric: text,
		/** Null: of the runs that are ticked in the side bar. */
		runKey: z.nullable(text),
		fromStep: z.nullable(z.number()),
		toStep: z.nullable(z.number()),
	}),
	z.object({ kind: z.literal("job"), id: text }),
	z.object({ kind: z.literal("jobError"), id: text }),
	z.object({ kind: z.literal("diff"), base: text, other: text }),
	z.object({ kind: z.literal("file"), path: text, fromLine: z.nullable(z.number()), toLine: z.nullable(z.number()) }),
	z.object({ kind: z.literal("folder"), path: text }),
	z.object({ kind: z.literal("selection"), path: text, fromLine: z.number(), toLine: z.number(), text }),
]);
export type Mention = z.infer<typeof mentionSchema>;

export const promptSchema = z.object({
	text,
	mentions: z.array(mentionSchema),
	images: z.array(z.object({ mimeType: text, base64: text })),
});
export type Prompt = z.infer<typeof promptSchema>;

/** How far a permission reaches. */
export const permissionScopes = ["once", "conversation", "project", "always"] as const;
export type PermissionScope = (typeof permissionScopes)[number];
