import type { CellValue } from "./runValue";

export interface RowSort<T> {
	readonly valueOf: (row: T) => CellValue;
	readonly descending: boolean;
}

/** Numbers before texts, then NaN, then what is missing: the last two stay last whichever way the rest is sorted. */
const ranks = { number: 0, text: 1, notANumber: 2, missing: 3 } as const;

interface SortKey {
	readonly rank: number;
	readonly number: number;
	readonly text: string;
}

/**
 * The rows sorted, the first sort being the most important; rows that are equal in all of them keep the order they came in.
 * A text that is a number (a param) counts as that number.
 */
export function sortRows<T>(rows: readonly T[], sorts: readonly RowSort<T>[]): T[] {
	if (sorts.length === 0) return [...rows];
	const columns = sorts.map((sort) => ({
		keys: rows.map((row) => toSortKey(sort.valueOf(row))),
		sign: sort.descending ? -1 : 1,
	}));
	const order = rows.map((_, index) => index);
	order.sort((a, b) => {
		for (const { keys, sign } of columns) {
			const difference = compareKeys(keys[a], keys[b], sign);
			if (difference !== 0) return difference;
		}
		return a - b;
	});
	return order.flatMap((index) => {
		const row = rows[index];
		return row === undefined ? [] : [row];
	});
}

function toSortKey(value: CellValue): SortKey {
	if (value === null) return { rank: ranks.missing, number: 0, text: "" };
	const number = typeof value === "number" ? value : toNumber(value);
	if (number === null) return { rank: ranks.text, number: 0, text: String(value) };
	if (Number.isNaN(number)) return { rank: ranks.notANumber, number: 0, text: "" };
	return { rank: ranks.number, number, text: "" };
}

const numberLike = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

function toNumber(text: string): number | null {
	// 40: no number anybody logs is longer, and a param may be megabytes.
	if (text.length <= 40 && numberLike.test(text)) return Number(text);
	return text === "NaN" || text === "nan" ? Number.NaN : null;
}

function compareKeys(a: SortKey | undefined, b: SortKey | undefined, sign: number): number {
	if (a === undefined || b === undefined) return 0;
	if (a.rank !== b.rank) {
		const isValue = a.rank <= ranks.text && b.rank <= ranks.text;
		return (a.rank - b.rank) * (isValue ? sign : 1);
	}
	if (a.rank === ranks.number) return a.number === b.number ? 0 : a.number < b.number ? -sign : sign;
	if (a.rank === ranks.text) return a.text === b.text ? 0 : collator.compare(a.text, b.text) * sign;
	return 0;
}

/** `layer2` before `layer10`. */
const collator = new Intl.Collator("en", { numeric: true });
