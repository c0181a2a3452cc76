import { GammaError } from "../../shared/errors";
import type { Accept, FileReview, WrittenHunk } from "./fileReview";
import { placeOf } from "./fileReview";
import { joinLines, lineEndOf, splitLines, textHash } from "./lines";
import { type OpenHunk, openHunks } from "./openHunks";
import { trackAccepts } from "./trackAccepts";

/** Lines `[start, end)` of the file as it is give way to `lines`; first to last. */
export interface LineEdit {
	readonly start: number;
	readonly end: number;
	readonly lines: readonly string[];
}

/** What is to be written into the workspace, as one step that can be undone. */
export interface FileWrite {
	readonly structure: Accept["structure"];
	/** Where the file is; of a rename where it was. */
	readonly place: string;
	/** The file has to be this when it is written. Null: there is none. */
	readonly before: string | null;
	readonly after: string | null;
	readonly edits: readonly LineEdit[];
}

export interface Decision {
	readonly review: FileReview;
	readonly write: FileWrite;
}

/** What accepting these hunks writes, and the review after it. Throws `edit.stale` where nothing of it can be accepted as it is. */
export function acceptHunks(
	review: FileReview,
	ids: readonly string[],
	accept: { readonly id: string; readonly atMs: number },
): Decision {
	const wanted = new Set(ids);
	const asked = openHunks(review).filter(({ id }) => wanted.has(id));
	const hunks = asked.filter(({ isConflict }) => !isConflict);
	if (hunks.length === 0) throw cannotAccept(review, asked);
	const whole = hunks.find(({ kind }) => kind !== "lines");
	const olds = splitLines(review.file ?? "");
	const news = splitLines(review.proposal ?? "");
	const edits: LineEdit[] = hunks
		.filter(({ kind }) => kind === "lines")
		.map((hunk) => ({ start: hunk.oldStart, end: hunk.oldEnd, lines: news.slice(hunk.newStart, hunk.newEnd) }));
	const after = whole?.kind === "create" ? review.proposal : whole?.kind === "delete" ? null : applyEdits(olds, edits);
	const structure = whole && whole.kind !== "lines" ? whole.kind : null;
	const made: Accept = {
		...accept,
		beforeHash: review.file === null ? null : textHash(review.file),
		afterHash: after === null ? null : textHash(after),
		hunks: toWritten(hunks, olds, news),
		structure,
		deletedText: structure === "delete" ? review.file : null,
		isUndone: false,
		commit: null,
	};
	const moved = trackAccepts(review.accepts, review.file, after);
	return {
		write: { structure, place: placeOf(review), before: review.file, after, edits },
		review: {
			...review,
			file: after,
			structure: structure === null ? review.structure : "accepted",
			accepts: [...moved, made],
		},
	};
}

/** Takes back what the agent proposed there; what the person typed in it stays in the proposal. Of a hunk that is only theirs it is let go. */
export function rejectHunks(review: FileReview, ids: readonly string[]): FileReview {
	const wanted = new Set(ids);
	const hunks = openHunks(review).filter(({ id }) => wanted.has(id));
	if (hunks.length === 0) return review;
	const rejected = review.rejected + hunks.filter(({ isMine }) => !isMine).length;
	const structure = hunks.some(({ kind }) => kind !== "lines") ? ("rejected" as const) : review.structure;
	if (review.kind === "create" || review.kind === "delete") return { ...review, rejected, structure };
	const olds = splitLines(review.file ?? "");
	const news = splitLines(review.proposal ?? "");
	const own = new Set(review.mine);
	const lines: { text: string; isMine: boolean }[] = [];
	let at = 0;
	const keepUntil = (end: number) => {
		for (; at < end; at++) lines.push({ text: news[at] ?? "", isMine: own.has(at) });
	};
	for (const hunk of hunks) {
		for (const { oldStart, oldEnd, newStart, newEnd } of hunk.changes) {
			keepUntil(newStart);
			for (const text of olds.slice(oldStart, oldEnd)) lines.push({ text, isMine: false });
			if (hunk.isMine) at = newEnd;
			for (; at < newEnd; at++) if (own.has(at)) lines.push({ text: news[at] ?? "", isMine: true });
		}
	}
	keepUntil(news.length);
	const texts = lines.map(({ text }) => text);
	return {
		...review,
		rejected,
		structure,
		proposal: joinLines(texts, lineEndOf(review.proposal ?? "")),
		mine: lines.flatMap(({ isMine }, index) => (isMine ? [index] : [])),
	};
}

export function applyEdits(lines: readonly string[], edits: readonly LineEdit[]): string {
	const written: string[] = [];
	let at = 0;
	for (const { start, end, lines: fresh } of edits) {
		written.push(...lines.slice(at, start), ...fresh);
		at = end;
	}
	written.push(...lines.slice(at));
	return joinLines(written, lineEndOf(lines.join("")));
}

/** Where they stand once all of them are written. */
function toWritten(hunks: readonly OpenHunk[], olds: readonly string[], news: readonly string[]): WrittenHunk[] {
	let shift = 0;
	return hunks
		.filter(({ kind }) => kind !== "rename")
		.map((hunk) => {
			const [old, fresh] = [olds.slice(hunk.oldStart, hunk.oldEnd), news.slice(hunk.newStart, hunk.newEnd)];
			const start = hunk.oldStart + shift;
			shift += fresh.length - old.length;
			return { start, end: start + fresh.length, old, new: fresh, isByHand: hunk.isByHand };
		});
}

function cannotAccept(review: FileReview, asked: readonly OpenHunk[]): GammaError {
	if (asked.length === 0)
		return new GammaError("edit.stale", `This edit of ${review.path} is no longer proposed: look at what is.`);
	const reasons: Record<OpenHunk["kind"], string> = {
		lines: "you changed the same lines meanwhile: clear it up in the proposal, then accept it",
		create: "a file of this name came meanwhile: move it away or reject this one",
		delete: "it changed since the agent read it: reject this, and delete it yourself if you want it gone",
		rename: "it is gone: reject this edit",
	};
	return new GammaError("edit.stale", `${review.path} cannot be written: ${reasons[asked[0]?.kind ?? "lines"]}.`);
}
