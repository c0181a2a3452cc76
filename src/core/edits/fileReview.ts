import * as z from "zod/mini";

const text = z.string();
const line = z.int().check(z.nonnegative());

/** Lines that an accept wrote, and what they took the place of. `start` to `end` are where they stand in the file as last seen. */
export const writtenHunkSchema = z.object({
	start: line,
	end: line,
	old: z.array(text),
	new: z.array(text),
	/** Some of the new lines were typed by the person, in the proposal. */
	isByHand: z.boolean(),
});
export type WrittenHunk = z.infer<typeof writtenHunkSchema>;

/** What is done to the file as such, beside its lines. */
export const structures = ["create", "delete", "rename"] as const;

/** One accept: its checkpoint, and what it takes to undo it without touching anything else. */
export const acceptSchema = z.object({
	id: text,
	atMs: z.number(),
	/** Of the file's text before and after, to know an undo by; null where there was no file. */
	beforeHash: z.nullable(text),
	afterHash: z.nullable(text),
	/** The same of each time it was restored, whose undoing brings it back: the file's text without its lines and with them. */
	restores: z.optional(z.array(z.object({ without: z.nullable(text), with: z.nullable(text) }))),
	hunks: z.array(writtenHunkSchema),
	structure: z.nullable(z.enum(structures)),
	/** The text of a file that this accept deleted. */
	deletedText: z.nullable(text),
	isUndone: z.boolean(),
	/** The commit that has it; null while none has. */
	commit: z.nullable(text),
});
export type Accept = z.infer<typeof acceptSchema>;

/** One file of a proposal under review. Texts have the line ends that the editor has the file with. */
export const fileReviewSchema = z.object({
	/** With `/`, from the workspace folder; of a rename where it is to be. */
	path: text,
	kind: z.enum(["edit", "create", "delete", "rename"]),
	from: z.nullable(text),
	/** The file as last seen; null where there is none. */
	file: z.nullable(text),
	/** What is proposed now, with what the person typed in it; null of a deletion. */
	proposal: z.nullable(text),
	/** Indexes of the proposal's lines that the person typed. */
	mine: z.array(line),
	/** Where it may still be decided; the lines of a rename are decided by themselves. */
	structure: z.enum(["none", "open", "accepted", "rejected"]),
	accepts: z.array(acceptSchema),
	rejected: line,
	/** What the model proposed in lines, for who only counts. */
	added: line,
	removed: line,
	/** The file is not what it was when this was proposed. */
	isStale: z.boolean(),
});
export type FileReview = z.infer<typeof fileReviewSchema>;

/** A proposal of one or more files, as it is kept over a reload of the window. */
export const reviewSetSchema = z.object({
	version: z.literal(1),
	id: text,
	conversationId: text,
	title: text,
	/** The run that it answers, for the commit's trailer. */
	runId: z.nullable(text),
	/** The workspace folder's Uri. */
	folder: text,
	createdAtMs: z.number(),
	files: z.array(fileReviewSchema),
	/** Accepts and rejects that the model was told of. */
	told: z.object({ accepts: z.array(text), rejected: line }),
});
export type ReviewSet = z.infer<typeof reviewSetSchema>;

/** Of a rename whose file still is where it was, that place; else the path. */
export function placeOf(review: FileReview): string {
	return review.kind === "rename" && review.structure !== "accepted" ? (review.from ?? review.path) : review.path;
}
