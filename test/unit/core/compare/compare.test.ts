import { expect, test } from "vitest";
import { compareRuns } from "../../../../src/core/compare/compareRuns";
import { compareSheet } from "../../../../src/core/compare/compareSheet";
import { aRun } from "../../../support/aRun";

const base = aRun({
	id: "a",
	params: { lr: "0.1", seed: "1", depth: "18" },
	metrics: { loss: 0.5, acc: Number.NaN, "system/cpu": 10 },
	tags: { team: "vision" },
});
const other = aRun({
	id: "b",
	params: { lr: "0.1", seed: "2" },
	metrics: { loss: 0.25, acc: Number.NaN, extra: 1 },
	tags: { team: "vision" },
});

test("compareRuns gives each value by key and run, and names the params that differ or are missing", () => {
	expect(compareRuns([base, other])).toEqual({
		params: { depth: { a: "18" }, lr: { a: "0.1", b: "0.1" }, seed: { a: "1", b: "2" } },
		metrics: {
			acc: { a: Number.NaN, b: Number.NaN },
			extra: { b: 1 },
			loss: { a: 0.5, b: 0.25 },
			"system/cpu": { a: 10 },
		},
		differingParams: ["depth", "seed"],
	});
});

test("compareRuns of one run differs in nothing", () => {
	expect(compareRuns([base]).differingParams).toEqual([]);
});

test("compareSheet has a section for each part, with the change from the first run", () => {
	const sections = compareSheet([base, other], { best: new Map([["loss", [0.4, 0.2]]]) });
	expect(sections.map(({ part, rows }) => [part, rows.map(({ key }) => key)])).toEqual([
		["params", ["depth", "lr", "seed"]],
		["metrics", ["acc", "extra", "loss"]],
		["tags", ["team"]],
		["systemMetrics", ["system/cpu"]],
	]);
	const [, metrics] = sections;
	expect(metrics!.rows).toEqual([
		{ key: "acc", values: [Number.NaN, Number.NaN], best: [null, null], differs: false, changes: [null, Number.NaN] },
		{ key: "extra", values: [null, 1], best: [null, null], differs: true, changes: [null, null] },
		{ key: "loss", values: [0.5, 0.25], best: [0.4, 0.2], differs: true, changes: [null, -0.25] },
	]);
});

test("compareSheet leaves out what is equal and what is not searched for, and says how much there is", () => {
	const [params] = compareSheet([base, other], { onlyDiffering: true, search: "SE" });
	expect(params).toMatchObject({ rowCount: 3, differingCount: 2, rows: [{ key: "seed", values: ["1", "2"] }] });
});
