import { expect, test } from "vitest";
import { countNotPositive, panned, steadied, xRangeOf, yRangeOf, zoomed } from "../../../../webview/charts/ranges";
import { chartLineOf, drawnLineOf } from "../../../support/chartLineOf";

const plain = { logY: false, ignoreOutliers: false, within: null };

test("the x axis spans every line; on a log axis it begins at the least positive point", () => {
	const lines = [chartLineOf([0, 1, 50], [1, 1, 1]), chartLineOf([20, 100], [1, 1])].map((line) => drawnLineOf(line));
	expect(xRangeOf(lines, false)).toEqual([0, 100]);
	expect(xRangeOf(lines, true)).toEqual([1, 100]);
	expect(xRangeOf([drawnLineOf(chartLineOf([7], [1]))], false)).toEqual([expect.closeTo(6.3), expect.closeTo(7.7)]);
	expect(xRangeOf([], false)).toBeNull();
});

test("the y axis leaves a little room, and more than none around a flat line", () => {
	expect(yRangeOf([drawnLineOf(chartLineOf([0, 1], [0, 10]))], plain)).toEqual([-0.5, 10.5]);
	const [low, high] = yRangeOf([drawnLineOf(chartLineOf([0, 1], [5, 5]))], plain)!;
	expect(low).toBeLessThan(5);
	expect(high).toBeGreaterThan(5);
});

test("a log y axis ignores what is not positive, which is counted", () => {
	const lines = [drawnLineOf(chartLineOf([0, 1, 2, 3], [-1, 0, 1, 100]))];
	const [low, high] = yRangeOf(lines, { ...plain, logY: true })!;
	expect(low).toBeGreaterThan(0.5);
	expect(high).toBeGreaterThan(100);
	expect(countNotPositive(lines)).toBe(2);
	expect(yRangeOf([drawnLineOf(chartLineOf([0], [-1]))], { ...plain, logY: true })).toBeNull();
});

test("outliers are left out on request, and a band is never cut off", () => {
	const spiky = chartLineOf([0, 1, 2], [1, 2, 1000], { yInner: [1, 2] });
	expect(yRangeOf([drawnLineOf(spiky)], { ...plain, ignoreOutliers: true })![1]).toBeLessThan(3);
	const banded = chartLineOf([0, 1], [5, 5.1], { low: Float64Array.of(3, 3), high: Float64Array.of(9, 9) });
	expect(yRangeOf([drawnLineOf(banded)], plain)![1]).toBeGreaterThan(9);
	expect(yRangeOf([drawnLineOf(banded)], { ...plain, logY: true })![0]).toBeLessThan(3);
});

test("zoom and pan keep the place under the pointer, on a log axis too", () => {
	expect(zoomed([0, 10], 5, 0.5, false)).toEqual([2.5, 7.5]);
	expect(zoomed([1, 100], 10, 0.5, true).map((value) => Number(value.toFixed(6)))).toEqual([3.162278, 31.622777]);
	expect(panned([0, 10], 0.1, false)).toEqual([1, 11]);
	expect(panned([1, 100], 0.5, true)).toEqual([10, 1000]);
});

test("a live axis stays where it is for a while, and never cuts a point off", () => {
	const ends = [1001, 1005, 1015, 1019].map((high) => steadied([0, high], 50, "high")[1]);
	expect(new Set(ends).size).toBe(1);
	expect(ends[0]).toBeGreaterThanOrEqual(1019);
	expect(ends[0]).toBeLessThanOrEqual(1040);
	expect(steadied([-0.53, 10.5], 10, "both")).toEqual([-1, 11]);
	expect(steadied([3, 3], 10, "both")).toEqual([3, 3]);
});
