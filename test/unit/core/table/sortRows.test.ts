import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellValue } from "../../../../src/core/table/runValue";
import { type RowSort, sortRows } from "../../../../src/core/table/sortRows";

type Row = { readonly a: CellValue; readonly b: CellValue; readonly place: number };
const by = (key: "a" | "b", descending = false): RowSort<Row> => ({ valueOf: (row) => row[key], descending });
const rowsOf = (...values: CellValue[]): Row[] => values.map((a, place) => ({ a, b: null, place }));
const sorted = (values: CellValue[], descending = false) =>
	sortRows(rowsOf(...values), [by("a", descending)]).map((row) => row.a);

describe("sorting rows", () => {
	test("numbers go by size, and a param that is a number counts as that number", () => {
		expect(sorted([10, "9", "1e-4", 0.5])).toEqual(["1e-4", 0.5, "9", 10]);
	});

	test("texts go as a person counts: layer2 before layer10", () => {
		expect(sorted(["layer10", "layer2", "adam"])).toEqual(["adam", "layer2", "layer10"]);
	});

	test("NaN and what is missing stay last, missing at the very end, whichever way", () => {
		expect(sorted([null, Number.NaN, 2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])).toEqual([
			Number.NEGATIVE_INFINITY,
			2,
			Number.POSITIVE_INFINITY,
			Number.NaN,
			null,
		]);
		expect(sorted([null, Number.NaN, 2, 3], true)).toEqual([3, 2, Number.NaN, null]);
	});

	test("a second sort orders what is equal in the first", () => {
		const rows: Row[] = [
			{ a: 1, b: 1, place: 0 },
			{ a: 0, b: 1, place: 1 },
			{ a: 1, b: 2, place: 2 },
		];
		expect(sortRows(rows, [by("a"), by("b", true)]).map((row) => row.place)).toEqual([1, 2, 0]);
	});

	const value = fc.oneof(fc.double(), fc.constant(null), fc.string(), fc.integer().map(String));
	const rows = fc.array(fc.record({ a: value, b: value })).map((list) => list.map((row, place) => ({ ...row, place })));

	test("no row is lost or doubled, and equal rows keep their order", () => {
		fc.assert(
			fc.property(rows, fc.boolean(), (list, descending) => {
				const result = sortRows(list, [by("a", descending)]);
				expect(result.map((row) => row.place).sort((x, y) => x - y)).toEqual(list.map((row) => row.place));
				for (let i = 1; i < result.length; i++) {
					const [before, after] = [result[i - 1], result[i]];
					if (before && after && Object.is(before.a, after.a)) expect(before.place).toBeLessThan(after.place);
				}
			}),
		);
	});

	test("after the first NaN come only NaN, then only what is missing", () => {
		fc.assert(
			fc.property(rows, fc.boolean(), (list, descending) => {
				const isNaNText = (a: CellValue) => a === "NaN" || a === "nan" || (typeof a === "number" && Number.isNaN(a));
				const ranks = sortRows(list, [by("a", descending)]).map(({ a }) => (a === null ? 2 : isNaNText(a) ? 1 : 0));
				expect(ranks).toEqual([...ranks].sort((x, y) => x - y));
			}),
		);
	});

	test("sorting the sorted changes nothing", () => {
		fc.assert(
			fc.property(rows, (list) => {
				const once = sortRows(list, [by("a"), by("b", true)]);
				expect(sortRows(once, [by("a"), by("b", true)])).toEqual(once);
			}),
		);
	});
});
