/** Orders text by code points, as Python's `sorted` does; JavaScript's own order differs beyond U+FFFF. */
export function compareByCodePoint(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const x = a.charCodeAt(i);
		const y = b.charCodeAt(i);
		if (x !== y) return rank(x) - rank(y);
	}
	return a.length - b.length;
}

/** A surrogate stands for a code point above every other code unit. */
function rank(unit: number): number {
	return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}
