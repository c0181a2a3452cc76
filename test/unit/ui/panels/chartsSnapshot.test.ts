import { expect, test } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { RunChoices } from "../../../../src/core/runs/runChoices";
import { RunModel } from "../../../../src/core/runs/runModel";
import type { LibraryChange, RunLibrary } from "../../../../src/core/stores/runLibrary";
import { chartsState } from "../../../../src/shared/panels/chartsPanel";
import type { Run, StoreSummary } from "../../../../src/shared/run";
import { ChartsSnapshot } from "../../../../src/ui/panels/chartsSnapshot";
import { aRun } from "../../../support/aRun";

const store = (state: StoreSummary["state"]): StoreSummary => ({
	id: "s",
	kind: "mlflow-folder",
	uri: "/s",
	label: "s",
	state,
});
const runOf = (id: string, change: Partial<Run> = {}) =>
	aRun({ key: `s/${id}`, storeId: "s", id, name: id, ...change });

function made(runs: readonly Run[], state: StoreSummary["state"] = { kind: "ready", readAtMs: 0 }) {
	const changes = new Emitter<LibraryChange>();
	const model = new RunModel({ onDidChange: changes.event } as RunLibrary);
	const choices = new RunChoices({ get: () => undefined, set: () => {} });
	const snapshot = new ChartsSnapshot(model, choices);
	const announce = (change: Partial<LibraryChange>): boolean => {
		const whole = { stores: [store(state)], upserted: [], removed: [], grown: [], ...change };
		changes.fire(whole);
		return snapshot.apply(whole);
	};
	announce({ upserted: runs });
	return { snapshot, choices, announce };
}

const revisions = (snapshot: ChartsSnapshot) =>
	Object.fromEntries(snapshot.state(0, null).metrics.map(({ name, revision }) => [name, revision]));

test("the state holds the checked runs in their order and says which have which metric", () => {
	const { snapshot, choices } = made([
		runOf("a", { metrics: { loss: 1, "val/acc": 2 } }),
		runOf("b", { metrics: { loss: 1, layer10: 1, layer2: 1 } }),
		runOf("c", { metrics: { other: 1 } }),
	]);
	choices.setChecked(["s/b", "s/a", "s/gone"], true);
	const state = snapshot.state(0, null);
	expect(state.runs.map((run) => run.name)).toEqual(["b", "a"]);
	expect(state.metrics.map(({ name, runSet }) => [name, state.runSets[runSet]])).toEqual([
		["layer2", [0]],
		["layer10", [0]],
		["loss", [0, 1]],
		["val/acc", [1]],
	]);
	// What the host makes is what the panel's door takes.
	expect(chartsState.parse(state)).toEqual(state);
});

test("only the metric that grew, of a run on the charts, gets a new revision", () => {
	const { snapshot, choices, announce } = made([
		runOf("a", { metrics: { loss: 1, acc: 1 } }),
		runOf("b", { metrics: { loss: 1 } }),
	]);
	choices.setChecked(["s/a"], true);
	expect(announce({ grown: [{ key: "s/b", metrics: ["loss"] }] })).toBe(false);
	expect(revisions(snapshot)).toEqual({ acc: 0, loss: 0 });
	expect(announce({ grown: [{ key: "s/a", metrics: ["loss"] }] })).toBe(true);
	expect(revisions(snapshot)).toEqual({ acc: 0, loss: 1 });
	announce({ grown: [{ key: "s/a", metrics: null }] });
	expect(revisions(snapshot)).toEqual({ acc: 1, loss: 2 });
});

test("the baseline comes with the seeds of its group, and their growth counts", () => {
	const { snapshot, choices, announce } = made([
		runOf("a", { params: { lr: "1", seed: "1" }, metrics: { loss: 1 } }),
		runOf("b", { params: { lr: "1", seed: "2" } }),
		runOf("c", { params: { lr: "2", seed: "1" } }),
		runOf("bare1", { experimentId: "9" }),
		runOf("bare2", { experimentId: "9" }),
	]);
	choices.update({ baseline: "s/a" });
	expect(snapshot.state(0, null).baseline?.members).toEqual(["s/a", "s/b"]);
	expect(announce({ grown: [{ key: "s/b", metrics: ["loss"] }] })).toBe(true);
	choices.update({ baseline: "s/bare1" });
	expect(snapshot.state(0, null).baseline?.members).toEqual(["s/bare1"]);
	choices.update({ baseline: "s/gone" });
	expect(snapshot.state(0, null).baseline).toBeNull();
});

test("the newest runs are those that are there and not deleted", () => {
	const { snapshot } = made([
		runOf("old", { startTimeMs: 1 }),
		runOf("new", { startTimeMs: 3 }),
		runOf("deleted", { startTimeMs: 9, lifecycleStage: "deleted" }),
		runOf("mid", { startTimeMs: 2 }),
	]);
	expect(snapshot.newestKeys(2)).toEqual(["s/new", "s/mid"]);
});

test("a store that cannot be read is named with the age of what is shown", () => {
	const { snapshot } = made([], { kind: "failed", message: "The server does not answer.", lastReadMs: 60_000 });
	expect(snapshot.state(360_000, null).troubles).toEqual([
		"The server does not answer. What is shown was read 5 min ago.",
	]);
});
