import { diffArrays } from "diff";

/** Lines `[oldStart, oldEnd)` became lines `[newStart, newEnd)`; counted from 0. */
export interface LineChange {
	readonly oldStart: number;
	readonly oldEnd: number;
	readonly newStart: number;
	readonly newEnd: number;
}

/**
 * What is compared line by line between two anchors. Beyond this many edits, or this long, the stretch is one change:
 * a review of it would be no easier, and an editor must not stand still.
 */
const mostEdits = 600;
const timeoutMs = 500;

/**
 * What changed between two texts, first to last. Lines that are in both exactly once are anchors (Bram Cohen's patience diff),
 * which makes hunks that a person would make and takes milliseconds for 10,000 lines; between them the shortest edit counts.
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly LineChange[] {
	const found: LineChange[] = [];
	const waiting: LineChange[] = [{ oldStart: 0, oldEnd: before.length, newStart: 0, newEnd: after.length }];
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const stretch = trim(before, after, next);
		if (stretch.oldStart === stretch.oldEnd && stretch.newStart === stretch.newEnd) continue;
		if (stretch.oldStart === stretch.oldEnd || stretch.newStart === stretch.newEnd) {
			found.push(stretch);
			continue;
		}
		const anchors = anchorsOf(before, after, stretch);
		if (anchors.length === 0) found.push(...shortestEdit(before, after, stretch));
		else waiting.push(...between(anchors, stretch));
	}
	return joinTouching(found.sort((a, b) => a.oldStart - b.oldStart || a.newStart - b.newStart));
}

function trim(before: readonly string[], after: readonly string[], stretch: LineChange): LineChange {
	let { oldStart, oldEnd, newStart, newEnd } = stretch;
	while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
		oldStart++;
		newStart++;
	}
	while (oldStart < oldEnd && newStart < newEnd && before[oldEnd - 1] === after[newEnd - 1]) {
		oldEnd--;
		newEnd--;
	}
	return { oldStart, oldEnd, newStart, newEnd };
}

/** Where lines that are once in both stand, in an order that both share: the longest such row. */
function anchorsOf(
	before: readonly string[],
	after: readonly string[],
	{ oldStart, oldEnd, newStart, newEnd }: LineChange,
): readonly (readonly [old: number, fresh: number])[] {
	const places = (lines: readonly string[], start: number, end: number) => {
		const once = new Map<string, number>();
		for (let index = start; index < end; index++) {
			const line = lines[index] ?? "";
			once.set(line, once.has(line) ? -1 : index);
		}
		return once;
	};
	const olds = places(before, oldStart, oldEnd);
	const news = places(after, newStart, newEnd);
	const pairs: (readonly [number, number])[] = [];
	for (const [line, old] of olds) {
		const fresh = news.get(line) ?? -1;
		if (old >= 0 && fresh >= 0) pairs.push([old, fresh]);
	}
	return longestRise(pairs);
}

/** Of pairs that rise in their first, the most that rise in their second too (patience sorting). */
function longestRise(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
	const tails: number[] = [];
	const previous: number[] = [];
	pairs.forEach(([, fresh], index) => {
		let [low, high] = [0, tails.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((pairs[tails[middle] ?? 0]?.[1] ?? 0) < fresh) low = middle + 1;
			else high = middle;
		}
		previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
		tails[low] = index;
	});
	const row: (readonly [number, number])[] = [];
	for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
		const pair = pairs[index];
		if (pair) row.push(pair);
	}
	return row.reverse();
}

function between(anchors: readonly (readonly [number, number])[], stretch: LineChange): readonly LineChange[] {
	let { oldStart, newStart } = stretch;
	const parts: LineChange[] = [];
	for (const [old, fresh] of [...anchors, [stretch.oldEnd, stretch.newEnd] as const]) {
		parts.push({ oldStart, oldEnd: old, newStart, newEnd: fresh });
		[oldStart, newStart] = [old + 1, fresh + 1];
	}
	return parts;
}

function shortestEdit(before: readonly string[], after: readonly string[], stretch: LineChange): readonly LineChange[] {
	const parts = diffArrays(
		before.slice(stretch.oldStart, stretch.oldEnd),
		after.slice(stretch.newStart, stretch.newEnd),
		{ maxEditLength: mostEdits, timeout: timeoutMs },
	);
	if (!parts) return [stretch];
	let [old, fresh] = [stretch.oldStart, stretch.newStart];
	return parts.flatMap(({ added, removed, count }) => {
		const change = { oldStart: old, oldEnd: old, newStart: fresh, newEnd: fresh };
		if (!added) old += count;
		if (!removed) fresh += count;
		return added || removed ? [{ ...change, oldEnd: old, newEnd: fresh }] : [];
	});
}

function joinTouching(changes: readonly LineChange[]): readonly LineChange[] {
	const joined: LineChange[] = [];
	for (const change of changes) {
		const last = joined.at(-1);
		if (last && last.oldEnd === change.oldStart && last.newEnd === change.newStart) {
			joined[joined.length - 1] = { ...last, oldEnd: change.oldEnd, newEnd: change.newEnd };
		} else joined.push(change);
	}
	return joined;
}
