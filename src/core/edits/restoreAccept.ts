import { GammaError } from "../../shared/errors";
import { applyEdits, type Decision, type LineEdit } from "./decideHunks";
import { type Accept, type FileReview, placeOf } from "./fileReview";
import { withAccept } from "./followFile";
import { splitLines, textHash } from "./lines";
import { standsAsWritten } from "./trackAccepts";

/**
 * Takes one accept back: only the lines that it wrote, wherever they stand now; what the person changed since stays.
 * Throws `edit.stale`, and nothing is changed, where the person changed those very lines.
 */
export function restoreAccept(review: FileReview, acceptId: string): Decision {
	const index = review.accepts.findIndex(({ id, isUndone }) => id === acceptId && !isUndone);
	const accept = review.accepts[index];
	if (!accept) throw new GammaError("edit.stale", `This edit of ${review.path} has been taken back already.`);
	const edits = accept.structure === "create" || accept.structure === "delete" ? [] : editsOf(review, accept);
	const after = restoredText(review, accept, edits);
	const hashOf = (text: string | null) => (text === null ? null : textHash(text));
	const restores = [...(accept.restores ?? []), { without: hashOf(after), with: hashOf(review.file) }];
	const accepts = review.accepts.with(index, { ...accept, restores });
	return {
		review: withAccept({ ...review, accepts }, index, true, after),
		write: { structure: accept.structure, place: placeOf(review), before: review.file, after, edits },
	};
}

/** All accepts of a file, newest first, as one step each; throws before the first where one of them cannot be taken back. */
export function restoreAll(review: FileReview): readonly Decision[] {
	const decisions: Decision[] = [];
	let now = review;
	for (const { id } of review.accepts.filter(({ isUndone }) => !isUndone).reverse()) {
		const decision = restoreAccept(now, id);
		decisions.push(decision);
		now = decision.review;
	}
	return decisions;
}

function editsOf(review: FileReview, accept: Accept): readonly LineEdit[] {
	const lines = splitLines(review.file ?? "");
	if (review.file === null || !accept.hunks.every((hunk) => standsAsWritten(hunk, lines))) throw changedSince(review);
	return accept.hunks.map(({ start, end, old }) => ({ start, end, lines: old }));
}

function restoredText(review: FileReview, accept: Accept, edits: readonly LineEdit[]): string | null {
	if (accept.structure === "create") {
		if (review.file === null || textHash(review.file) !== accept.afterHash) throw changedSince(review);
		return null;
	}
	if (accept.structure === "delete") {
		if (review.file !== null) throw changedSince(review);
		return accept.deletedText;
	}
	return applyEdits(splitLines(review.file ?? ""), edits);
}

function changedSince({ path }: FileReview): GammaError {
	return new GammaError(
		"edit.stale",
		`${path} stays as it is: you changed what this edit wrote. Change it by hand, or undo your own change first.`,
	);
}
