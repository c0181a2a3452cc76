export interface Piece {
	readonly text: string;
	readonly isChanged: boolean;
}

/** Beyond this the middle is marked as a whole: the table below grows with the product of both lengths. */
const longestMiddle = 400;

/**
 * The pieces of `text`, with those marked that `base` does not have (longest common subsequence of characters, after the
 * common beginning and end are set aside). Null where next to nothing is shared: marks would then only be noise.
 */
export function markDifference(base: string, text: string): readonly Piece[] | null {
	if (base === text) return null;
	const a = [...base];
	const b = [...text];
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let end = 0;
	while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const middle = b.slice(start, b.length - end);
	const changed = changedIn(a.slice(start, a.length - end), middle);
	const sharedCount = b.length - changed.filter(Boolean).length;
	if (sharedCount * 3 < b.length) return null;
	const marks = b.map((_, i) => (i >= start && i < b.length - end ? (changed[i - start] ?? false) : false));
	return toPieces(b, marks);
}

/** Which characters of `b` are in no longest common subsequence with `a`. */
function changedIn(a: readonly string[], b: readonly string[]): boolean[] {
	if (a.length === 0 || a.length > longestMiddle || b.length > longestMiddle) return b.map(() => true);
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
		}
	}
	const changed = b.map(() => true);
	for (let i = 0, j = 0; i < a.length && j < b.length; ) {
		if (a[i] === b[j]) {
			changed[j] = false;
			i++;
			j++;
		} else if (at(i + 1, j) >= at(i, j + 1)) i++;
		else j++;
	}
	return changed;
}

function toPieces(characters: readonly string[], marks: readonly boolean[]): Piece[] {
	const pieces: { text: string; isChanged: boolean }[] = [];
	for (const [i, character] of characters.entries()) {
		const isChanged = marks[i] ?? false;
		const last = pieces.at(-1);
		if (last?.isChanged === isChanged) last.text += character;
		else pieces.push({ text: character, isChanged });
	}
	return pieces;
}
