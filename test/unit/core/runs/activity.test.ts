import { expect, test } from "vitest";
import { describeActivity } from "../../../../src/core/runs/activity";
import { stateSentence } from "../../../../src/core/runs/runState";
import { aRun } from "../tree/runs";

const nowMs = 100_000_000;
const going = (id: string, special = {}) =>
	aRun(id, { status: "RUNNING", startTimeMs: nowMs - 600_000, endTimeMs: null, lastSignMs: nowMs, ...special });

test("nothing going on is nothing shown", () => {
	expect(describeActivity([aRun("a")], [], nowMs)).toBeNull();
});

test("one run is named with its metric, several are counted", () => {
	const one = describeActivity([going("fox", { metrics: { loss: 0.2149 } }), aRun("done")], ["loss"], nowMs);
	expect(one).toMatchObject({ text: "$(sync~spin) fox · loss 0.215", spoken: "fox · loss 0.215, running" });
	const two = describeActivity([going("old", { startTimeMs: 1 }), going("new")], [], nowMs);
	expect(two?.text).toBe("$(sync~spin) 2 runs");
	expect(two?.runs.map((run) => run.id)).toEqual(["new", "old"]);
});

test("a run that died unsaid weeks ago does not spin for ever, and a deleted one not at all", () => {
	const runs = [going("dead", { lastSignMs: nowMs - 16 * 60_000 }), going("deleted", { lifecycleStage: "deleted" })];
	expect(describeActivity(runs, [], nowMs)).toBeNull();
});

test("a run's name makes no icon in the status bar", () => {
	expect(describeActivity([going("x", { name: "$(alert) boo" })], [], nowMs)?.text).toBe("$(sync~spin) $ (alert) boo");
});

test("a state is said with its ages", () => {
	expect(stateSentence(going("a"), nowMs)).toBe("Running for 10 min");
	expect(stateSentence(going("a", { lastSignMs: nowMs - 360_000 }), nowMs)).toBe("Running, silent for 6 min");
	const failed = aRun("a", { status: "FAILED", startTimeMs: nowMs - 11_520_000, endTimeMs: nowMs - 10_800_000 });
	expect(stateSentence(failed, nowMs)).toBe("Failed 3 h ago, after 12 min");
	expect(stateSentence(aRun("a", { endTimeMs: null }), nowMs)).toBe("Finished");
	expect(stateSentence(aRun("a", { endTimeMs: nowMs, startTimeMs: nowMs + 5000 }), nowMs)).toBe(
		"Finished just now, after 0 s",
	);
});
