import type { Accept, WrittenHunk } from "./fileReview";
import { diffLines, type LineChange } from "./lineDiff";
import { splitLines } from "./lines";

/** The accepts with the places of their lines after the file changed from one text to the other. */
export function trackAccepts(accepts: readonly Accept[], before: string | null, after: string | null): Accept[] {
	if (accepts.length === 0 || before === null || after === null || before === after) return [...accepts];
	return moveAccepts(accepts, diffLines(splitLines(before), splitLines(after)));
}

export function moveAccepts(accepts: readonly Accept[], changes: readonly LineChange[]): Accept[] {
	return accepts.map((accept) => ({ ...accept, hunks: accept.hunks.map((hunk) => moveHunk(hunk, changes)) }));
}

/** A change within its lines, or over their edge, becomes part of them: then they are no longer what was written. */
function moveHunk(hunk: WrittenHunk, changes: readonly LineChange[]): WrittenHunk {
	let { start, end } = hunk;
	for (const { oldStart, oldEnd, newStart, newEnd } of changes) {
		const growth = newEnd - newStart - (oldEnd - oldStart);
		if (oldEnd <= hunk.start) {
			start += growth;
			end += growth;
		} else if (oldStart < hunk.end) {
			start = Math.min(start, newStart);
			end = Math.max(end + growth, newEnd);
		} else break;
	}
	return start === hunk.start && end === hunk.end ? hunk : { ...hunk, start, end };
}

/** The lines that the file has there now are those that were written. */
export function standsAsWritten(hunk: WrittenHunk, lines: readonly string[]): boolean {
	return isAt(lines, hunk, hunk.new);
}

/** They are what was there before. */
export function standsAsBefore(hunk: WrittenHunk, lines: readonly string[]): boolean {
	return isAt(lines, hunk, hunk.old);
}

function isAt(lines: readonly string[], { start, end }: WrittenHunk, wanted: readonly string[]): boolean {
	return end - start === wanted.length && wanted.every((line, index) => lines[start + index] === line);
}
