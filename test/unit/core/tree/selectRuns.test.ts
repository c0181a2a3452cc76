import { expect, test } from "vitest";
import { selectRuns, toOrderBy } from "../../../../src/core/tree/selectRuns";
import { aRun } from "./runs";

const runs = [
	aRun("low", { metrics: { "val/acc": 0.1 }, startTimeMs: 3 }),
	aRun("high", { metrics: { "val/acc": 0.9 }, startTimeMs: 1 }),
	aRun("none", { startTimeMs: 2 }),
	aRun("gone", { lifecycleStage: "deleted", startTimeMs: 9 }),
	aRun("goneToo", { experimentStage: "deleted", startTimeMs: 8 }),
];

const select = (choices: Partial<Parameters<typeof selectRuns>[1]>) =>
	selectRuns(runs, { filters: [], sorts: [], showDeleted: false, ...choices }, () => "mlflow-folder");
const ids = (choices: Partial<Parameters<typeof selectRuns>[1]>) => select(choices).runs.map((run) => run.id);

test("runs come newest first, without the deleted ones", () => {
	expect(ids({})).toEqual(["low", "none", "high"]);
	expect(ids({ showDeleted: true })).toEqual(["gone", "goneToo", "low", "none", "high"]);
});

test("a sort by a metric with a slash works, and runs without it come last both ways", () => {
	expect(toOrderBy({ by: "metrics.val/acc", descending: true })).toBe("metrics.`val/acc` DESC");
	expect(ids({ sorts: [{ by: "metrics.val/acc", descending: true }] })).toEqual(["high", "low", "none"]);
	expect(ids({ sorts: [{ by: "metrics.val/acc", descending: false }] })).toEqual(["low", "high", "none"]);
	expect(ids({ sorts: [{ by: "attributes.start_time", descending: false }] })).toEqual(["high", "none", "low"]);
});

test("all filters must hold", () => {
	expect(ids({ filters: ["metrics.`val/acc` > 0.05", "metrics.`val/acc` < 0.5"] })).toEqual(["low"]);
	expect(select({ filters: ["metrics.x > 1"] })).toMatchObject({ runs: [], candidateCount: 3 });
});

test("a filter and a sort that are not understood are named and left out", () => {
	const { runs: selected, problems } = select({ filters: ["nonsense"], sorts: [{ by: "bogus.x", descending: true }] });
	expect(selected).toHaveLength(3);
	expect([...problems.keys()]).toEqual(["nonsense", "bogus.`x` DESC"]);
});
