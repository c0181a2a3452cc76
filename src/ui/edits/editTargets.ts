import type * as vscode from "vscode";
import * as z from "zod/mini";
import { placeOf } from "../../core/edits/fileReview";
import { type OpenHunk, openHunks } from "../../core/edits/openHunks";
import type { ReviewedFile, ReviewModel } from "../../core/edits/reviewModel";
import { parseProposalUri, pathBelow } from "./editUris";

/** What a row, a button in the text or a link names. */
const targetSchema = z.object({
	setId: z.string(),
	path: z.optional(z.string()),
	hunkId: z.optional(z.string()),
});
export type EditTarget = z.infer<typeof targetSchema>;

export function parseTarget(given: unknown): EditTarget | null {
	const parsed = targetSchema.safeParse(given);
	return parsed.success ? parsed.data : null;
}

/** A file under review as an editor shows it: itself, or what is proposed for it. */
export interface ShownReview extends ReviewedFile {
	readonly isProposal: boolean;
}

/** The review that this document belongs to; the newest with something open, where several do. */
export function reviewOfDocument(model: ReviewModel, uri: vscode.Uri): ShownReview | null {
	const named = parseProposalUri(uri);
	if (named) {
		const [set, review] = [model.set(named.setId), model.file(named.setId, named.path)];
		return set && review ? { set, review, isProposal: true } : null;
	}
	const found = model.open.find(({ set, review }) => pathBelow(set.folder, uri) === placeOf(review));
	return found ? { ...found, isProposal: false } : null;
}

/** First line and the line after the last of a hunk in that document; an empty stretch is where its lines would be. */
export function linesOf(hunk: OpenHunk, isProposal: boolean): readonly [start: number, end: number] {
	return isProposal ? [hunk.newStart, hunk.newEnd] : [hunk.oldStart, hunk.oldEnd];
}

/** The hunk that the line is in or beside. */
export function hunkAt(shown: ShownReview, line: number): OpenHunk | undefined {
	return openHunks(shown.review).find((hunk) => {
		const [start, end] = linesOf(hunk, shown.isProposal);
		return line >= start && line < Math.max(end, start + 1);
	});
}

/** The next one after the line, or before it; round the ends of the file. */
export function hunkBeyond(shown: ShownReview, line: number, step: 1 | -1): OpenHunk | undefined {
	const hunks = openHunks(shown.review).filter(({ kind }) => kind === "lines");
	const starts = (hunk: OpenHunk) => linesOf(hunk, shown.isProposal)[0];
	if (step === 1) return hunks.find((hunk) => starts(hunk) > line);
	return hunks.findLast((hunk) => starts(hunk) < line && linesOf(hunk, shown.isProposal)[1] <= line);
}
