import { diffLines, type LineChange } from "./lineDiff";

/** A line of a merged text and where it is from: its index in `ours`, or null for a line of `theirs`. */
export interface MergedLine {
	readonly text: string;
	readonly ours: number | null;
}

/** A part in which both sides changed the same lines, each in its own way. */
export interface MergeConflict {
	readonly base: readonly string[];
	readonly ours: readonly string[];
	/** Where `ours` begins, in lines of the whole. */
	readonly oursStart: number;
	readonly theirs: readonly string[];
}

export type MergePart = { readonly lines: readonly MergedLine[] } | { readonly conflict: MergeConflict };

/**
 * Three-way merge by lines (diff3, as in Khanna, Kunal and Pierce, 2007), over the very changes that hunks are made of, so that a
 * review and a merge never see a text differently. Changes that touch are merged; two at one place are a conflict, but not
 * where both did the same.
 */
export function mergeLines(
	base: readonly string[],
	ours: readonly string[],
	theirs: readonly string[],
	theirChanges: readonly LineChange[] = diffLines(base, theirs),
): readonly MergePart[] {
	const left = [...diffLines(base, ours)];
	const right = [...theirChanges];
	const parts: MergePart[] = [];
	let [at, shift, theirShift] = [0, 0, 0];
	const ourLines = (start: number, end: number) =>
		ours.slice(start, end).map((text, index) => ({ text, ours: start + index }));
	const keep = (until: number) => {
		if (until > at) parts.push({ lines: ourLines(at + shift, until + shift) });
		at = Math.max(at, until);
	};
	while (left.length + right.length > 0) {
		const group = nextGroup(left, right);
		keep(group.start);
		const [oursEnd, theirsEnd] = [group.end + shift + group.ourGrowth, group.end + theirShift + group.theirGrowth];
		const mine = ourLines(group.start + shift, oursEnd);
		const other = theirs.slice(group.start + theirShift, theirsEnd);
		if (group.by === "ours") parts.push({ lines: mine });
		else if (group.by === "theirs") parts.push({ lines: other.map((text) => ({ text, ours: null })) });
		else if (isSame(mine, other)) parts.push({ lines: mine });
		else
			parts.push({
				conflict: {
					base: base.slice(group.start, group.end),
					ours: mine.map(({ text }) => text),
					oursStart: group.start + shift,
					theirs: other,
				},
			});
		shift += group.ourGrowth;
		theirShift += group.theirGrowth;
		at = group.end;
	}
	keep(base.length);
	return parts;
}

interface Group {
	readonly by: "ours" | "theirs" | "both";
	readonly start: number;
	readonly end: number;
	readonly ourGrowth: number;
	readonly theirGrowth: number;
}

/** The next change of one side, or those of both that lie over each other; takes them out of the lists. */
function nextGroup(left: LineChange[], right: LineChange[]): Group {
	const first = startsBefore(left[0], right[0]) ? left[0] : right[0];
	let { oldStart: start, oldEnd: end } = first ?? { oldStart: 0, oldEnd: 0 };
	const taken: { ours: LineChange[]; theirs: LineChange[] } = { ours: [], theirs: [] };
	const take = (from: LineChange[], to: LineChange[]) => {
		let next = from[0];
		let has = false;
		while (next && overlaps(next, start, end)) {
			to.push(next);
			from.shift();
			[start, end] = [Math.min(start, next.oldStart), Math.max(end, next.oldEnd)];
			has = true;
			next = from[0];
		}
		return has;
	};
	while (take(left, taken.ours) || take(right, taken.theirs)) {}
	return {
		by: taken.theirs.length === 0 ? "ours" : taken.ours.length === 0 ? "theirs" : "both",
		start,
		end,
		ourGrowth: growth(taken.ours),
		theirGrowth: growth(taken.theirs),
	};
}

function startsBefore(a: LineChange | undefined, b: LineChange | undefined): boolean {
	if (!a || !b) return a !== undefined;
	return a.oldStart < b.oldStart || (a.oldStart === b.oldStart && a.oldEnd <= b.oldEnd);
}

/** Over the same lines, or lines put in at the same place. */
function overlaps({ oldStart, oldEnd }: LineChange, start: number, end: number): boolean {
	if (oldStart === start && oldEnd === end) return true;
	if (oldStart === oldEnd) return oldStart > start && oldStart < end;
	if (start === end) return start > oldStart && start < oldEnd;
	return oldStart < end && start < oldEnd;
}

function growth(changes: readonly LineChange[]): number {
	return changes.reduce(
		(sum, { oldStart, oldEnd, newStart, newEnd }) => sum + (newEnd - newStart) - (oldEnd - oldStart),
		0,
	);
}

function isSame(mine: readonly MergedLine[], theirs: readonly string[]): boolean {
	return mine.length === theirs.length && mine.every(({ text }, index) => text === theirs[index]);
}
