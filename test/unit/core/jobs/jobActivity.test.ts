import { describe, expect, test } from "vitest";
import { describeJobActivity, type JobActivityScene } from "../../../../src/core/jobs/jobActivity";
import { pushKeyOf } from "../../../../src/core/jobs/jobTree";
import type { JobsSnapshot, JobsState, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { aTrackedJob } from "../../../support/aJob";

const nowMs = Date.parse("2026-01-01T00:11:00.000Z");
const url = "http://relay.test";
const live: JobsState = { kind: "live", url, sinceMs: nowMs, reason: null };
const snapshot = (jobs: readonly TrackedJob[], state: JobsState = live): JobsSnapshot => ({
	state,
	projects: [],
	jobs: new Map(jobs.map((tracked) => [tracked.job.id, tracked])),
});
const scene: JobActivityScene = {
	nowMs,
	metricsOf: ({ metrics }) => metrics,
	shownMetrics: [],
	pinned: new Set(),
	unseenFailures: new Set(),
};
const describeAll = (jobs: readonly TrackedJob[], more: Partial<JobActivityScene> = {}, state: JobsState = live) =>
	describeJobActivity(snapshot(jobs, state), { ...scene, ...more });
const failed = aTrackedJob({ id: "failed", status: "failed", reason: "CUDA out of memory.", branch: "models/big" });

test("nothing is said where nothing goes on", () => {
	expect(describeAll([])).toBeNull();
	expect(describeAll([aTrackedJob({ status: "completed" }), failed])).toBeNull();
});

describe("what runs", () => {
	test("is one job with its progress and key metric", () => {
		expect(describeAll([aTrackedJob({ progress: 0.43 }, { metrics: { loss: 0.21 } })])).toMatchObject({
			text: "$(sync~spin) models/lr-sweep 43 % · loss 0.21",
			spoken: "models/lr-sweep 43 % · loss 0.21",
			tooltip: "models\\/lr\\-sweep: Running for 10 min",
			tone: "plain",
		});
	});

	test("is several with the mean of their progress, where most tell one", () => {
		const jobs = [0.5, 0.72, null].map((progress, index) => aTrackedJob({ id: `j${index}`, progress }));
		expect(describeAll(jobs)?.text).toBe("$(sync~spin) 3 jobs · 61 %");
		expect(describeAll(jobs.slice(1))?.text).toBe("$(sync~spin) 2 jobs");
	});

	test("is one's own and what one follows; everybody's only where there is none of these", () => {
		const own = aTrackedJob({ id: "own", branch: "models/own" });
		const other = aTrackedJob({ id: "other", branch: "models/other" }, { isOwn: false });
		expect(describeAll([own, other])?.jobs).toEqual([own]);
		expect(describeAll([other])?.text).toBe("$(sync~spin) models/other");
		expect(describeAll([own, other], { pinned: new Set([pushKeyOf(other)]) })?.jobs).toHaveLength(2);
	});

	test("counts before what waits", () => {
		const waiting = aTrackedJob({ id: "w", status: "pending", branch: "models/next" });
		expect(describeAll([waiting])?.text).toBe("$(circle-outline) models/next waits");
		expect(describeAll([waiting, aTrackedJob()])?.jobs).toHaveLength(1);
		expect(describeAll([waiting, aTrackedJob({ id: "v", status: "pending" })])?.text).toBe(
			"$(circle-outline) 2 jobs wait",
		);
	});

	test("is no commit in git that nobody is going to train", () => {
		expect(describeAll([aTrackedJob({ status: "pending" }, { source: "git" })])).toBeNull();
		expect(describeAll([aTrackedJob({ status: "running" }, { source: "git" })])?.jobs).toHaveLength(1);
	});

	test("shows no icon that a branch or a metric names", () => {
		const text = describeAll([aTrackedJob({ branch: "$(alert)" }, { metrics: { "$(x)": 1 } })])?.text;
		expect(text).toBe("$(sync~spin) $ (alert) · $ (x) 1");
	});
});

describe("a failure", () => {
	const unseenFailures = new Set(["failed"]);

	test("is red, before everything else, until it is opened", () => {
		expect(describeAll([failed], { unseenFailures })).toMatchObject({
			text: "$(error) models/big failed: CUDA out of memory",
			tone: "error",
		});
		const both = describeAll([failed, aTrackedJob({ progress: 0.4 })], { unseenFailures });
		expect(both?.text).toBe("$(error) models/big failed: CUDA out of memory  $(sync~spin) models/lr-sweep 40 %");
		expect(both?.jobs.map(({ job }) => job.id)).toEqual(["failed", "job1"]);
	});

	test("is over when the push is tried again", () => {
		const again = aTrackedJob({ id: "again", status: "stopped", branch: "models/big", attempt: 2 });
		expect(describeAll([failed, again], { unseenFailures })).toBeNull();
	});

	test("is counted where there are several", () => {
		const other = aTrackedJob({ id: "f2", status: "failed", branch: "models/other" });
		expect(describeAll([failed, other], { unseenFailures: new Set(["failed", "f2"]) })?.text).toBe(
			"$(error) 2 jobs failed",
		);
	});
});

describe("updates that are late", () => {
	const offline = (ageMs: number): JobsState => ({
		kind: "offline",
		url,
		sinceMs: nowMs - ageMs,
		reason: "The relay relay.test is not running.",
	});

	test("are said with their age, from ten seconds on", () => {
		expect(describeAll([], {}, offline(9_000))).toBeNull();
		expect(describeAll([], {}, offline(360_000))).toMatchObject({
			text: "$(debug-disconnect) 6 min",
			tooltip: "No news of jobs for 6 min\\. The relay relay\\.test is not running\\.",
			tone: "warning",
			jobs: [],
		});
	});

	test("stand before what was running when they stopped", () => {
		expect(describeAll([aTrackedJob({ progress: 0.43 })], {}, offline(360_000))?.text).toBe(
			"$(debug-disconnect) 6 min  $(sync~spin) models/lr-sweep 43 %",
		);
	});

	test("are being caught up with, where that takes a while", () => {
		const state: JobsState = { kind: "catchingUp", url, sinceMs: nowMs - 60_000, reason: null };
		expect(describeAll([], {}, state)?.text).toBe("$(debug-disconnect) catching up");
		expect(describeAll([], {}, { ...state, sinceMs: nowMs })).toBeNull();
	});
});
