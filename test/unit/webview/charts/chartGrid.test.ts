import { expect, test } from "vitest";
import { chartSize, columnsFor, gridMargin, layOutGrid } from "../../../../webview/charts/chartGrid";

const titleHeight = 26;

test("a few charts make a square, many make five columns", () => {
	expect([1, 2, 4, 5, 12, 100].map(columnsFor)).toEqual([1, 2, 2, 3, 4, 5]);
});

test.each([
	[1, 1, 1],
	[7, 3, 2],
	[100, 5, 40],
])("%d charts in %d columns with %d names: no card covers another, all lie in the picture", (charts, columns, keys) => {
	const grid = layOutGrid(charts, columns, keys, titleHeight);
	const places = Array.from({ length: charts }, (_, i) => grid.cardAt(i));
	for (const [i, a] of places.entries()) {
		expect(a.x + chartSize.width).toBeLessThanOrEqual(grid.width - gridMargin);
		expect(a.y + titleHeight + chartSize.height).toBeLessThan(grid.height - gridMargin);
		for (const b of places.slice(i + 1)) {
			const isApart = Math.abs(a.x - b.x) > chartSize.width || Math.abs(a.y - b.y) > titleHeight + chartSize.height;
			expect(isApart).toBe(true);
		}
	}
	const lastKey = grid.keyAt(keys - 1);
	expect(lastKey.y).toBeLessThan(grid.cardAt(0).y);
	expect(lastKey.x + 32 + grid.keyNameWidth).toBeLessThanOrEqual(grid.width - gridMargin);
});
