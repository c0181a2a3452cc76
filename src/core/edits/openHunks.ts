import type { FileReview } from "./fileReview";
import { diffLines, type LineChange } from "./lineDiff";
import { splitLines, textHash } from "./lines";

/** Unchanged lines between two changes that are still one hunk: a person reads them as one. */
const mostBetween = 1;
/** What was proposed for lines that the person changed meanwhile stands between these two, below the person's. */
export const conflictStart = "<<<<<<< Gamma: proposed for the lines above, which changed meanwhile";
export const conflictEnd = ">>>>>>> Gamma: keep what you want of it and take these two lines out";

/** What waits for a decision. Lines are counted from 0, half open: old in the file, new in the proposal. */
export interface OpenHunk {
	/** The same for the same change while other lines move; kept by buttons that were drawn a moment ago. */
	readonly id: string;
	readonly kind: "lines" | "create" | "delete" | "rename";
	readonly oldStart: number;
	readonly oldEnd: number;
	readonly newStart: number;
	readonly newEnd: number;
	readonly changes: readonly LineChange[];
	/** All that it adds was typed by the person: nothing of the agent's is left in it. */
	readonly isMine: boolean;
	/** Some of it was typed by the person. */
	readonly isByHand: boolean;
	/** The person changed the same lines of the file: it cannot be accepted before it is cleared up in the proposal. */
	readonly isConflict: boolean;
}

/** A review is never changed in place, and everything that shows one asks anew. */
const known = new WeakMap<FileReview, readonly OpenHunk[]>();

/** What of a file waits, first to last; empty once it is decided. */
export function openHunks(review: FileReview): readonly OpenHunk[] {
	const hunks = known.get(review) ?? findOpen(review);
	known.set(review, hunks);
	return hunks;
}

function findOpen(review: FileReview): readonly OpenHunk[] {
	const whole = structuralHunk(review);
	if (review.kind === "create" || review.kind === "delete") return whole;
	if (review.file === null || review.proposal === null) return [];
	return [...whole, ...lineHunks(review.file, review.proposal, review.mine)];
}

/** The hunk with this id, where it still waits. */
export function findHunk(review: FileReview, id: string): OpenHunk | undefined {
	return openHunks(review).find((hunk) => hunk.id === id);
}

function structuralHunk({ kind, structure, file, proposal, mine, isStale }: FileReview): readonly OpenHunk[] {
	if (structure !== "open" || kind === "edit") return [];
	const newLines = splitLines(proposal ?? "").length;
	const oldLines = splitLines(file ?? "").length;
	const [oldEnd, newEnd] =
		kind === "rename" ? [0, 0] : [kind === "delete" ? oldLines : 0, kind === "create" ? newLines : 0];
	const change = { oldStart: 0, oldEnd, newStart: 0, newEnd };
	return [
		{
			...change,
			id: kind,
			kind,
			changes: kind === "rename" ? [] : [change],
			isMine: false,
			isByHand: kind === "create" && mine.length > 0,
			isConflict: kind === "create" ? file !== null : file === null || (kind === "delete" && isStale),
		},
	];
}

/** The lines by which two texts differ, as hunks. */
export function lineHunks(file: string, proposal: string, mine: readonly number[]): readonly OpenHunk[] {
	const [olds, news] = [splitLines(file), splitLines(proposal)];
	const own = new Set(mine);
	const seen = new Map<string, number>();
	return group(diffLines(olds, news)).map((changes) => {
		const [first, last] = [changes[0], changes.at(-1)];
		const range = {
			oldStart: first?.oldStart ?? 0,
			oldEnd: last?.oldEnd ?? 0,
			newStart: first?.newStart ?? 0,
			newEnd: last?.newEnd ?? 0,
		};
		const newLines = news.slice(range.newStart, range.newEnd);
		const content = textHash([...olds.slice(range.oldStart, range.oldEnd), "\0", ...newLines].join(""));
		const nth = seen.get(content) ?? 0;
		seen.set(content, nth + 1);
		const typed = changes.flatMap(({ newStart, newEnd }) => indexes(newStart, newEnd)).map((index) => own.has(index));
		return {
			...range,
			id: nth === 0 ? content : `${content}.${nth}`,
			kind: "lines" as const,
			changes,
			isMine: typed.length > 0 && typed.every(Boolean) && changes.every(({ oldStart, oldEnd }) => oldStart === oldEnd),
			isByHand: typed.some(Boolean),
			isConflict: newLines.some((line) => line.startsWith(conflictStart) || line.startsWith(conflictEnd)),
		};
	});
}

function group(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
	const groups: LineChange[][] = [];
	for (const change of changes) {
		const last = groups.at(-1);
		const end = last?.at(-1)?.oldEnd;
		if (last && end !== undefined && change.oldStart - end <= mostBetween) last.push(change);
		else groups.push([change]);
	}
	return groups;
}

export function indexes(start: number, end: number): readonly number[] {
	return Array.from({ length: end - start }, (_, index) => start + index);
}
