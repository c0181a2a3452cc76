import { GammaError } from "../../shared/errors";
import { applyEdits } from "./decideHunks";
import { splitLines } from "./lines";
import { mergeLines } from "./mergeLines";
import { lineHunks, type OpenHunk } from "./openHunks";

/** The hunks by which a commit changed a file, as a review shows them: `old` the parent's, `new` the commit's. */
export function hunksOfCommit(parent: string, commit: string): readonly OpenHunk[] {
	return lineHunks(parent, commit, []);
}

/**
 * `now` (the commit's text, or what was made of it since) with one hunk of the commit taken back and everything else kept.
 * Throws `edit.stale` where there is no such hunk, or its lines were changed since.
 */
export function revertHunk(path: string, parent: string, commit: string, hunkId: string, now = commit): string {
	const hunk = hunksOfCommit(parent, commit).find(({ id }) => id === hunkId);
	if (!hunk) throw new GammaError("edit.stale", `This change of ${path} is not in the commit: look at it anew.`);
	const [olds, news] = [splitLines(parent), splitLines(commit)];
	const without = applyEdits(
		news,
		hunk.changes.map(({ oldStart, oldEnd, newStart, newEnd }) => ({
			start: newStart,
			end: newEnd,
			lines: olds.slice(oldStart, oldEnd),
		})),
	);
	const lines = mergeLines(news, splitLines(now), splitLines(without)).flatMap((part) => {
		if ("lines" in part) return part.lines.map(({ text }) => text);
		throw new GammaError("edit.stale", `${path} was changed at the same lines since: take this change back by hand.`);
	});
	return applyEdits(lines, []);
}
