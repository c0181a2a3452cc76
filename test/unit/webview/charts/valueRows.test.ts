import { expect, test } from "vitest";
import { nearestIndex, neighbourX } from "../../../../webview/charts/nearest";
import { snapX, valueRows } from "../../../../webview/charts/valueRows";
import { chartLineOf, drawnLineOf } from "../../../support/chartLineOf";

const plot = {
	left: 0,
	right: 100,
	top: 0,
	bottom: 100,
	xRange: [0, 10],
	yRange: [0, 10],
	logX: false,
	logY: false,
} as const;

test("the nearest point is found on either side, and at the ends", () => {
	const line = chartLineOf([0, 4, 10], [1, 2, 3]);
	expect([-5, 1, 3, 6, 99].map((x) => nearestIndex(line, x))).toEqual([0, 0, 1, 1, 2]);
	expect(nearestIndex(chartLineOf([], []), 1)).toBe(-1);
});

test("where a restart overlaps, the latest attempt counts", () => {
	const line = chartLineOf([0, 1, 2, 3, 2, 3, 4], [0, 1, 2, 3, 20, 30, 40], { breaks: [4] });
	expect(line.y[nearestIndex(line, 3)]).toBe(30);
	expect(line.y[nearestIndex(line, 1)]).toBe(1);
	const [row] = valueRows([drawnLineOf(line)], plot, 3, null);
	expect(row?.attempt).toBe(1);
});

test("values come nearest line first, and far points do not count", () => {
	const lines = [
		drawnLineOf(chartLineOf([0, 5, 10], [1, 1, 1], { id: "low" })),
		drawnLineOf(chartLineOf([0, 5, 10], [9, 9, 9], { id: "high" })),
		drawnLineOf(chartLineOf([0], [5], { id: "far" })),
	];
	expect(valueRows(lines, plot, 5, 10).map(({ id }) => id)).toEqual(["high", "low"]);
	expect(valueRows(lines, plot, 5, 90).map(({ id }) => id)).toEqual(["low", "high"]);
});

test("a mean tells its spread and how many runs it is of", () => {
	const line = chartLineOf([5], [2], {
		low: Float64Array.of(1.5),
		high: Float64Array.of(2.5),
		counts: Float64Array.of(3),
	});
	expect(valueRows([drawnLineOf(line)], plot, 5, null)[0]?.spread).toEqual({ std: 0.5, count: 3 });
});

test("the cursor snaps to drawn points and steps from one to the next over all lines", () => {
	const lines = [chartLineOf([0, 4], [1, 1]), chartLineOf([3, 9], [1, 1])];
	expect(
		snapX(
			lines.map((line) => drawnLineOf(line)),
			3.4,
		),
	).toBe(3);
	expect([neighbourX(lines, 0, 1), neighbourX(lines, 4, 1), neighbourX(lines, 9, 1), neighbourX(lines, 4, -1)]).toEqual(
		[3, 9, null, 3],
	);
});
