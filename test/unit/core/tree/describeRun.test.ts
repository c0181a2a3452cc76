import { expect, test } from "vitest";
import { describeRun } from "../../../../src/core/tree/describeRun";
import { differingParams } from "../../../../src/core/tree/differingParams";
import { formatMetric } from "../../../../src/core/tree/formatMetric";
import { guessShownMetrics } from "../../../../src/core/tree/shownMetrics";
import { aRun } from "./runs";

const scene = { nowMs: 2_000_000, isChecked: false, colour: 3, isBaseline: false, shownMetrics: ["val/acc"] };

test("a finished run is said as a person would say it", () => {
	const row = describeRun(aRun("warm-fox-12", { metrics: { "val/acc": 0.9132, loss: 1 } }), scene);
	expect(row).toMatchObject({
		label: "warm-fox-12",
		description: "val/acc 0.913",
		icon: "pass",
		iconColour: null,
		contextValue: "run finished unchecked",
		spoken: "warm-fox-12, finished, val/acc 0.913",
	});
});

test("a checked run has its colour, dashed slots the colour they share", () => {
	expect(describeRun(aRun("a"), { ...scene, isChecked: true }).iconColour).toBe("gamma.run3");
	expect(describeRun(aRun("a"), { ...scene, isChecked: true, colour: 15 }).iconColour).toBe("gamma.run3");
});

test("the baseline is marked in words and a star", () => {
	const row = describeRun(aRun("a", { metrics: { "val/acc": 1 } }), { ...scene, isBaseline: true });
	expect(row.description).toBe("★ val/acc 1 · baseline");
	expect(row.spoken).toBe("a, finished, val/acc 1, baseline");
	expect(row.contextValue).toContain("baseline");
});

test("a run that says it runs is silent after two minutes without a sign, and running where the store tells none", () => {
	const running = aRun("a", { status: "RUNNING", endTimeMs: null });
	const at = (lastSignMs: number | null) => describeRun({ ...running, lastSignMs }, scene).icon;
	expect(at(scene.nowMs - 119_000)).toBe("sync~spin");
	expect(at(scene.nowMs - 121_000)).toBe("warning");
	expect(at(null)).toBe("sync~spin");
	expect(describeRun({ ...running, lastSignMs: 0 }, scene).spoken).toBe("a, silent");
});

test("a damaged run's row gives the reason, a failed and a deleted one the word", () => {
	expect(describeRun(aRun("a", { problem: "meta.yaml is empty\nreally" }), scene)).toMatchObject({
		description: "meta.yaml is empty really",
		icon: "warning",
		spoken: "a, damaged, meta.yaml is empty really",
	});
	expect(describeRun(aRun("a", { status: "FAILED", metrics: { "val/acc": 0.5 } }), scene).description).toBe(
		"failed · val/acc 0.5",
	);
	expect(describeRun(aRun("a", { lifecycleStage: "deleted" }), scene).contextValue).toContain("deleted");
});

test("every word that a menu asks for is there", () => {
	const run = aRun("a", { commit: "abc", artifactUri: "/x", params: { lr: "1" } });
	expect(describeRun(run, { ...scene, isChecked: true }).contextValue).toBe(
		"run finished checked hasCommit hasArtifacts hasParams",
	);
});

test("a name that turns the direction of text or breaks the line does neither", () => {
	expect(describeRun(aRun("x", { name: "a\u202Egnp.exe\nb" }), scene).label).toBe("a gnp.exe b");
	expect(describeRun(aRun("x", { name: "n".repeat(1e6) }), scene).label).toHaveLength(120);
});

test("the guess prefers validation over training, quality over loss, and knows no system metric", () => {
	const metrics = { "train/acc": 1, "val/loss": 1, "val/acc": 1, "system/cpu": 1, lr: 1 };
	expect(guessShownMetrics([aRun("a", { metrics })], 5)).toEqual([
		"val/acc",
		"val/loss",
		"train/acc",
		"lr",
		"system/cpu",
	]);
	expect(describeRun(aRun("a", { metrics: { other: 2 } }), scene).description).toBe("other 2");
});

test("numbers are short and true", () => {
	expect([0.9132, 12345.678, 1234567.8, 0.00032, 3, -0.5, 100, 0, 1.5].map(formatMetric)).toEqual([
		"0.913",
		"12346",
		"1.23e+6",
		"3.2e-4",
		"3",
		"-0.5",
		"100",
		"0",
		"1.5",
	]);
	expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatMetric)).toEqual([
		"NaN",
		"Infinity",
		"-Infinity",
	]);
});

test("differing params: another value or none at all", () => {
	const runs = [{ lr: "1", seed: "1" }, { lr: "2", seed: "1" }, { lr: "1", seed: "1", extra: "x" }, { lr: "1" }];
	const of = (...picked: number[]) => differingParams(picked.map((i) => aRun(`r${i}`, { params: runs[i] ?? {} })));
	expect(of(0, 1)).toEqual(["lr"]);
	expect(of(0, 2)).toEqual(["extra"]);
	expect(of(0, 3)).toEqual(["seed"]);
	expect(of(0, 1, 2, 3)).toEqual(["extra", "lr", "seed"]);
	expect(of(1)).toEqual([]);
	expect(of()).toEqual([]);
});
