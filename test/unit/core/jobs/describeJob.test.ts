import { describe, expect, test } from "vitest";
import {
	describeJob,
	formatProgress,
	type JobScene,
	keyMetric,
	shortReason,
} from "../../../../src/core/jobs/describeJob";
import type { TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { Job } from "../../../../src/shared/relay/job";
import { aTrackedJob } from "../../../support/aJob";

const nowMs = Date.parse("2026-01-01T00:11:00.000Z");
const scene: JobScene = {
	nowMs,
	heardSinceMs: 0,
	metrics: {},
	previousMetrics: null,
	shownMetrics: [],
	isPinned: false,
	hasRun: false,
	isEarlier: false,
};
const row = (change: Partial<Job>, more: Partial<JobScene> = {}, beside: Partial<Omit<TrackedJob, "job">> = {}) =>
	describeJob(aTrackedJob(change, beside), { ...scene, ...more });
const completedAt = "2026-01-01T00:05:00.000Z";

describe("a row", () => {
	test("of a running job shows its progress, its key metric and how long it runs", () => {
		const metrics = { loss: 0.2149, lr: 0.1 };
		expect(row({ progress: 0.431 }, { metrics })).toMatchObject({
			label: "Warm up for 1000 steps",
			description: "43 % · loss 0.215 · 10 min · a1b2c3d",
			icon: "sync~spin",
			iconColour: "charts.blue",
			spoken: "Warm up for 1000 steps, running, 43 %, loss 0.215, 10 min",
		});
	});

	test("of a commit that fixes a run says so", () => {
		const message = "Warm up for 1000 steps\n\nGamma-Run: 57";
		expect(row({ message, progress: 0.5 }).description).toBe("50 % · 10 min · fixes run 57 · a1b2c3d");
		expect(row({ message, progress: 0.5 }, { fixedRunName: "warm-fox-12" }).spoken).toContain("fixes warm-fox-12");
	});

	test("of a silent one warns, and says for how long", () => {
		const silent = row({ progress: 0.5 }, {}, { lastSignMs: nowMs - 240_000 });
		expect(silent).toMatchObject({ icon: "warning", iconColour: "list.warningForeground" });
		expect(silent.description).toBe("silent 4 min · 50 % · a1b2c3d");
		expect(silent.contextValue).toMatch(/\brunning silent\b/);
	});

	test("of a waiting one says for how long", () => {
		expect(row({ status: "pending", startedAt: null })).toMatchObject({
			description: "waiting 11 min · a1b2c3d",
			icon: "circle-outline",
			iconColour: null,
		});
	});

	test("of a commit in git that nobody trained says just that", () => {
		expect(row({ status: "pending" }, {}, { source: "git" }).description).toBe("no run yet · a1b2c3d");
	});

	test("of a completed one says how its key metric moved since the push before, in words too", () => {
		const completed = (value: number, before: number) =>
			row(
				{ status: "completed", completedAt },
				{ metrics: { "val/acc": value }, previousMetrics: { "val/acc": before } },
			).description;
		expect(completed(0.913, 0.905)).toBe("val/acc 0.913 ▲ 0.008 better · 4 min · a1b2c3d");
		expect(completed(0.9, 0.905)).toBe("val/acc 0.9 ▼ 0.005 worse · 4 min · a1b2c3d");
		expect(completed(0.9, 0.9)).toBe("val/acc 0.9 · 4 min · a1b2c3d");
		expect(completed(Number.NaN, 0.9)).toBe("val/acc NaN · 4 min · a1b2c3d");
		expect(row({ status: "completed", completedAt }).description).toBe("4 min · a1b2c3d");
	});

	test("of a failed one says why", () => {
		const reason = "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB.\nMore.";
		expect(row({ status: "failed", reason, completedAt })).toMatchObject({
			description: "RuntimeError: CUDA out of memory · a1b2c3d",
			icon: "error",
			iconColour: "list.errorForeground",
			spoken: "Warm up for 1000 steps, failed, RuntimeError: CUDA out of memory",
		});
		expect(row({ status: "failed", completedAt }).description).toBe("failed · 4 min · a1b2c3d");
	});

	test("of a stopped one says by whom", () => {
		expect(row({ status: "stopped", reason: "ada asked it to stop.", completedAt }).description).toBe(
			"ada asked it to stop · a1b2c3d",
		);
	});

	test("names the attempt, and below a newer one nothing else", () => {
		expect(row({ attempt: 2 }).description).toBe("10 min · attempt 2 · a1b2c3d");
		expect(row({ attempt: 1, status: "failed", completedAt }, { isEarlier: true })).toMatchObject({
			label: "Attempt 1",
			description: "failed · 4 min",
		});
	});

	test("of a pinned one says so, and menus know it", () => {
		expect(row({}, { isPinned: true }).description).toMatch(/ · pinned · /);
		expect(row({}, { isPinned: true }).contextValue).toMatch(/\bpinned\b/);
		expect(row({}).contextValue).not.toMatch(/\bpinned\b/);
	});

	test("shows foreign text as one line that turns nothing around", () => {
		const hostile = row({ message: "\u202eevil\nsecond", status: "failed", reason: "a\u2028b\u0000c" });
		expect(hostile.label).toBe("evil");
		expect(hostile.description).toBe("a b c · a1b2c3d");
	});

	test("of one that just began tells no seconds, which would be old at once", () => {
		expect(row({ status: "pending" }, { nowMs: Date.parse("2026-01-01T00:00:30.000Z") }).description).toBe(
			"waiting · a1b2c3d",
		);
		expect(row({}, { nowMs: Date.parse("2026-01-01T00:01:30.000Z") }).description).toBe("a1b2c3d");
	});

	test("cuts a long subject, so that the answer beside it is read, and says it whole", () => {
		const long = row({ message: "Cosine schedule with a warmup of 1000 steps" });
		expect(long.label).toBe("Cosine schedule with …");
		expect(long.spoken).toMatch(/^Cosine schedule with a warmup of 1000 steps, /);
	});

	test("is found by its commit where there is no message", () => {
		expect(row({ message: "" })).toMatchObject({
			label: "a1b2c3d",
			description: "10 min",
			spoken: "a1b2c3d, running, 10 min",
		});
	});
});

test("a training that runs is never shown as done, nor as less than begun", () => {
	expect([0, 0.005, 0.994, 1, 1.5, -0.1].map(formatProgress)).toEqual(["0 %", "0 %", "99 %", "99 %", "99 %", "0 %"]);
});

test("the key metric is the chosen one, else the one that tells most", () => {
	const metrics = { loss: 0.5, "val/acc": 0.9, lr: 0.1 };
	expect(keyMetric(metrics, [])?.text).toBe("val/acc 0.9");
	expect(keyMetric(metrics, ["lr"])?.text).toBe("lr 0.1");
	expect(keyMetric({}, ["lr"])).toBeNull();
});

test.each([
	[null, ""],
	["The training ended with exit code 1.", "exit code 1"],
	["The workflow “Train” failed: job “train”, step “Run”.", "The workflow “Train” failed: job “train”, step “Run”"],
	["version 3.5 is too old", "version 3.5 is too old"],
])("the reason %o is shortened to “%s”", (reason, short) => {
	expect(shortReason(reason)).toBe(short);
});
