import { expect, test } from "vitest";
import { jobTooltip } from "../../../../src/core/jobs/jobTooltip";
import { aTrackedJob } from "../../../support/aJob";

const scene = { nowMs: Date.parse("2026-01-01T00:11:00.000Z"), heardSinceMs: 0, metrics: {} };

test("a tooltip says what, how far, how good, where and by whom", () => {
	const text = jobTooltip(aTrackedJob({ progress: 0.4, attempt: 2 }), {
		...scene,
		metrics: { loss: 0.2, "val/acc": 0.9 },
	});
	expect(text.split("\n\n")).toEqual([
		"**Warm up for 1000 steps**",
		"Running for 10 min · 40 %",
		"Instead of 500\\.",
		"val\\/acc: 0\\.9  \nloss: 0\\.2",
		"models\\/lr\\-sweep · a1b2c3d · ada · attempt 2 · ada\\/digits",
	]);
});

test("a failed job's reason comes right after its state", () => {
	const failed = aTrackedJob({ status: "failed", reason: "Out of memory.", message: "x" }, { repository: null });
	expect(jobTooltip(failed, scene).split("\n\n").slice(1, 3)).toEqual(["Failed", "Out of memory\\."]);
});

test("what its commit changes stands below its message, said to be stale where it is", () => {
	const summary = { sha: "a", text: "It warms up *longer*.", model: null, diffHash: null, atMs: 1 };
	const linesWith = (isStale: boolean) =>
		jobTooltip(aTrackedJob(), { ...scene, summary: { kind: "ready", summary, isStale } }).split("\n\n");
	expect(linesWith(false)[3]).toBe("It warms up \\*longer\\*\\.");
	expect(linesWith(true)[3]).toBe("_Stale summary:_ It warms up \\*longer\\*\\.");
	expect(
		jobTooltip(aTrackedJob(), { ...scene, summary: { kind: "failed", message: "x", needsKey: true } }),
	).not.toContain("x\n");
});

test("nothing that somebody wrote becomes a link, an icon or markup", () => {
	const evil = "[x](command:evil) $(alert) <b>";
	const text = jobTooltip(aTrackedJob({ message: evil, reason: evil, branch: evil, author: evil }), {
		...scene,
		metrics: { [evil]: 1 },
	});
	expect(text.replaceAll(/\\[!-/:-@[-`{-~]/g, "")).not.toMatch(/[[\]()<>$]/);
});
