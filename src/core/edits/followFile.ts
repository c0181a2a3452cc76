import type { Accept, FileReview } from "./fileReview";
import { joinLines, lineEndOf, splitLines, textHash } from "./lines";
import { mergeLines } from "./mergeLines";
import { conflictEnd, conflictStart, openHunks } from "./openHunks";
import { standsAsBefore, trackAccepts } from "./trackAccepts";

/**
 * The review after the file changed in the editor or on disk. An accept that was undone, or done again, opens or closes its
 * hunks; whatever else the person did to the file is merged into the proposal, so that accepting the rest keeps it.
 */
export function followFile(review: FileReview, file: string | null): FileReview {
	if (file === review.file) return review;
	const flipped = flipAccept(review, file);
	if (flipped) return flipped;
	const accepts = trackAccepts(review.accepts, review.file, file).map((accept) => noticeUndone(accept, file));
	const moved = { ...review, file, accepts, isStale: true };
	if (review.proposal === null || review.file === null || file === null) return moved;
	if (review.kind === "create" && review.structure === "open") return moved;
	return { ...moved, ...rebase(review.file, review.proposal, review.mine, file) };
}

/** The proposal with what the person typed in it; `known` are the lines that were theirs where it was this text before. */
export function followProposal(review: FileReview, proposal: string, known: number[] | undefined): FileReview {
	if (review.proposal === null || proposal === review.proposal) return review;
	const before = openCount(review);
	const edited = { ...review, proposal, mine: known ?? typedLines(review.proposal, review.mine, proposal) };
	// The editor's own arrow beside a change takes it back too, and undo brings it again.
	const gone = before - openCount(edited);
	return { ...edited, rejected: Math.max(0, review.rejected + gone) };
}

function openCount(review: FileReview): number {
	return openHunks(review).filter(({ isMine }) => !isMine).length;
}

function typedLines(before: string, mine: readonly number[], after: string): number[] {
	const [olds, news] = [splitLines(before), splitLines(after)];
	const own = new Set(mine);
	// Lines kept are `ours`, lines that came are `theirs`.
	let at = 0;
	return mergeLines(olds, olds, news).flatMap((part) => {
		if ("conflict" in part) return [];
		return part.lines.flatMap(({ ours }) => {
			const index = at++;
			return ours === null || own.has(ours) ? [index] : [];
		});
	});
}

/** Three-way: what the file was is the base. Lines that both changed stay the person's, with what was proposed below them. */
function rebase(
	before: string,
	proposal: string,
	mine: readonly number[],
	after: string,
): { readonly proposal: string; readonly mine: number[] } {
	const lineEnd = lineEndOf(after);
	const own = new Set(mine);
	const lines: { text: string; isMine: boolean }[] = [];
	for (const part of mergeLines(splitLines(before), splitLines(proposal), splitLines(after))) {
		if ("lines" in part) {
			for (const { text, ours } of part.lines) lines.push({ text, isMine: ours !== null && own.has(ours) });
			continue;
		}
		const { ours, oursStart, theirs } = part.conflict;
		const proposed = ours
			.map((text, index) => ({ text: ended(text, lineEnd), isMine: own.has(oursStart + index) }))
			.filter(({ text }) => !isMarker(text));
		lines.push(...theirs.map((text) => ({ text: ended(text, lineEnd), isMine: false })));
		lines.push({ text: conflictStart + lineEnd, isMine: false }, ...proposed);
		lines.push({ text: conflictEnd + lineEnd, isMine: false });
	}
	return {
		proposal: joinLines(
			lines.map(({ text }) => text),
			lineEnd,
		),
		mine: lines.flatMap(({ isMine }, index) => (isMine ? [index] : [])),
	};
}

function isMarker(line: string): boolean {
	return line.startsWith(conflictStart) || line.startsWith(conflictEnd);
}

function ended(line: string, lineEnd: string): string {
	return /[\r\n]$/.test(line) ? line : line + lineEnd;
}

/** The newest accept that this change is the undoing, or the doing again, of; null where it is neither. */
function flipAccept(review: FileReview, file: string | null): FileReview | null {
	const [from, to] = [review.file, file].map((text) => (text === null ? null : textHash(text)));
	for (let index = review.accepts.length - 1; index >= 0; index--) {
		const accept = review.accepts[index];
		if (!accept) continue;
		const pairs = [{ without: accept.beforeHash, with: accept.afterHash }, ...(accept.restores ?? [])];
		const isUndo = !accept.isUndone && pairs.some((pair) => pair.with === from && pair.without === to);
		const isRedo = accept.isUndone && pairs.some((pair) => pair.without === from && pair.with === to);
		if (!isUndo && !isRedo) continue;
		return withAccept(review, index, isUndo, file);
	}
	return null;
}

/** The review with this accept undone or done again, and the file as it is then. */
export function withAccept(review: FileReview, index: number, isUndone: boolean, file: string | null): FileReview {
	const moved = trackAccepts(review.accepts, review.file, file);
	const accept = review.accepts[index];
	if (!accept) return review;
	let shift = 0;
	const hunks = accept.hunks.map((hunk) => {
		const start = hunk.start + shift;
		const end = start + (isUndone ? hunk.old : hunk.new).length;
		shift += end - start - (hunk.end - hunk.start);
		return { ...hunk, start, end };
	});
	moved[index] = { ...accept, hunks, isUndone };
	const structure = accept.structure === null ? review.structure : isUndone ? "open" : "accepted";
	return { ...review, file, structure, accepts: moved };
}

function noticeUndone(accept: Accept, file: string | null): Accept {
	if (accept.isUndone || file === null || accept.hunks.length === 0 || accept.structure !== null) return accept;
	const lines = splitLines(file);
	return accept.hunks.every((hunk) => standsAsBefore(hunk, lines)) ? { ...accept, isUndone: true } : accept;
}
