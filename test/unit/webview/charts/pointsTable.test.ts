import { expect, test } from "vitest";
import { pointsTable } from "../../../../webview/charts/pointsTable";
import { chartLineOf, drawnLineOf } from "../../../support/chartLineOf";

test("runs share a row per step; a step logged twice has two rows; what is not finite is named", () => {
	const a = chartLineOf([0, 1, 1, 2], [0.1, 0.2, 0.3, Number.NaN], { breaks: [2], marks: [{ x: 2, kind: "NaN" }] });
	const b = chartLineOf([1], [7]);
	const table = pointsTable([drawnLineOf(a), drawnLineOf(b, { name: "calm-owl-11" })], "step");
	expect(table.columns).toEqual(["warm-fox-12", "calm-owl-11"]);
	expect(table.rows).toEqual([
		{ place: 0, cells: ["0.1", ""] },
		{ place: 1, cells: ["0.2", "7"] },
		{ place: 1, cells: ["0.3", ""] },
		{ place: 2, cells: ["NaN", ""] },
	]);
});
