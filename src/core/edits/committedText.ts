import { GammaError } from "../../shared/errors";
import { applyEdits } from "./decideHunks";
import type { Accept, FileReview, WrittenHunk } from "./fileReview";
import type { LineChange } from "./lineDiff";
import { lineEndOf, splitLines, withLineEnd } from "./lines";
import { mergeLines } from "./mergeLines";

/** Accepts that are in the file and in no commit. */
export function uncommitted(review: FileReview): readonly Accept[] {
	return review.accepts.filter(({ isUndone, commit }) => !isUndone && commit === null);
}

/** The file as it would be without these accepts; null where one of them made it. */
export function withoutAccepts(review: FileReview, accepts: readonly Accept[]): string | null {
	if (accepts.some(({ structure }) => structure === "create")) return null;
	const hunks = sorted(accepts);
	return applyEdits(
		splitLines(review.file ?? ""),
		hunks.map(({ start, end, old }) => ({ start, end, lines: old })),
	);
}

/**
 * What a commit has of the file: `head` (null: the commit before it has none) with the accepted lines and no other change of
 * the person's. Lines that the commit before has stay as they are there, to their line ends. Throws `edit.stale` where an
 * accepted edit builds on lines that are not committed.
 */
export function committedText(review: FileReview, head: string | null): string | null {
	const accepts = uncommitted(review);
	if (review.file === null || accepts.some(({ structure }) => structure === "create")) return review.file;
	if (head === null) throw buildsOnUncommitted(review);
	const lineEnd = lineEndOf(review.file);
	const hunks = sorted(accepts);
	const before = splitLines(withoutAccepts(review, accepts) ?? "");
	const committed = splitLines(head);
	const parts = mergeLines(
		before,
		splitLines(withLineEnd(head, lineEnd)),
		splitLines(review.file),
		hunks.map(toChange(hunks)),
	);
	const headEnd = head.includes("\n") ? lineEndOf(head) : lineEnd;
	const lines = parts.flatMap((part) => {
		if ("conflict" in part) throw buildsOnUncommitted(review);
		return part.lines.map(({ text, ours }) => (ours === null ? withLineEnd(text, headEnd) : (committed[ours] ?? "")));
	});
	return applyEdits(lines, []);
}

/** Hunks of several accepts do not lie over each other: what an accept wrote later took the place of the lines below it. */
function sorted(accepts: readonly Accept[]): readonly WrittenHunk[] {
	const all = accepts.flatMap(({ hunks }) => hunks).sort((a, b) => a.start - b.start || a.end - b.end);
	const kept: WrittenHunk[] = [];
	for (const hunk of all) {
		const last = kept.at(-1);
		if (last && hunk.start < last.end) continue;
		kept.push(hunk);
	}
	return kept;
}

/** From the file without the accepts to the file as it is. */
function toChange(hunks: readonly WrittenHunk[]): (hunk: WrittenHunk, index: number) => LineChange {
	return ({ start, end, old }, index) => {
		const shift = hunks.slice(0, index).reduce((sum, { start, end, old }) => sum + old.length - (end - start), 0);
		return { oldStart: start + shift, oldEnd: start + shift + old.length, newStart: start, newEnd: end };
	};
}

function buildsOnUncommitted({ path }: FileReview): GammaError {
	return new GammaError(
		"edit.stale",
		`An accepted edit of ${path} changes lines that are in no commit yet: commit the whole file, or your own changes first.`,
	);
}
