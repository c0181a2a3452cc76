import * as z from "zod/mini";

/** What a commit changes and why it may matter to the training, in a few sentences. */
export const commitSummarySchema = z.object({
	/** Whole. */
	sha: z.string(),
	text: z.string(),
	/** What wrote it; null where that is not known. */
	model: z.nullable(z.string()),
	/** Of the diff that it was written of; null where it is not known. */
	diffHash: z.nullable(z.string()),
	/** When, in milliseconds since 1970. */
	atMs: z.number(),
});
export type CommitSummary = z.infer<typeof commitSummarySchema>;

/** A commit as a summary is written of it. */
export interface CommitChange {
	readonly sha: string;
	/** The commit's whole message. */
	readonly message: string;
	/** As git prints it, files of secrets left out. */
	readonly diff: string;
	/** The same while the same bytes differ: made of the ids of the files and not of the diff's text, which follows git's settings. */
	readonly diffHash: string;
}

export type SummaryState =
	/** Nobody had it written. */
	| { readonly kind: "none" | "reading" }
	/** `text` is what came so far; empty before the first word. */
	| { readonly kind: "writing"; readonly text: string }
	/** `isStale`: the commit's diff is not the one that it was written of. */
	| { readonly kind: "ready"; readonly summary: CommitSummary; readonly isStale: boolean }
	/** One sentence; `needsKey`: nobody is there to ask. */
	| { readonly kind: "failed"; readonly message: string; readonly needsKey: boolean };

/** Where summaries are kept. Rejects where it cannot be reached. */
export interface SummaryStore {
	read(sha: string, signal: AbortSignal): Promise<CommitSummary | null>;
	write(summary: CommitSummary): Promise<void>;
}

/** Written of another diff than the commit has now; never claimed where one of them is not known. */
export function isStaleSummary(summary: CommitSummary, now: Pick<CommitChange, "diffHash"> | null): boolean {
	return summary.diffHash !== null && now !== null && summary.diffHash !== now.diffHash;
}

/** For a tooltip or a line: the first sentence, cut where a word ends. */
export function firstSentence(text: string, mostChars = 160): string {
	const line = text.trim().replaceAll(/\s+/g, " ");
	const end = /[.!?](?=\s|$)/.exec(line);
	const sentence = end ? line.slice(0, end.index + 1) : line;
	if (sentence.length <= mostChars) return sentence;
	const cut = sentence.slice(0, mostChars);
	return `${cut.slice(0, Math.max(mostChars / 2, cut.lastIndexOf(" "))).trimEnd()}…`;
}
