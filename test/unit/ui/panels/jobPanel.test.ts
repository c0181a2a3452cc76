import { describe, expect, test } from "vitest";
import type { JobsState, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { WorkflowJob } from "../../../../src/core/jobs/workflowJobs";
import type { JobPageJob } from "../../../../src/shared/panels/jobPanel";
import type { Run } from "../../../../src/shared/run";
import { type JobSurroundings, toJobPageState } from "../../../../src/ui/panels/jobPanelState";
import { aTrackedJob } from "../../../support/aJob";
import { aRun } from "../../../support/aRun";
import { memorySources } from "../../../support/memoryLibrary";

const nowMs = Date.parse("2026-01-01T00:10:00.000Z");
const live: JobsState = { kind: "live", url: "http://relay.test", sinceMs: nowMs, reason: null };
const reading = { kind: "reading" } as const;

function stateOf(
	tracked: TrackedJob | undefined,
	runs: readonly Run[] = [],
	change: Partial<JobSurroundings> & { others?: readonly TrackedJob[]; state?: JobsState } = {},
) {
	const { model, choices } = memorySources();
	const { others = [], state = live, ...rest } = change;
	const jobs = new Map([...(tracked ? [tracked] : []), ...others].map((each) => [each.job.id, each]));
	return toJobPageState(tracked?.job.id ?? "gone", {
		jobs: { state, projects: [], jobs },
		runs: { ...model.snapshot, runs: new Map(runs.map((run) => [run.key, run])) },
		runsOf: () => runs,
		choices,
		facts: { failure: reading, checkpoints: reading, history: reading, comments: reading, steps: reading },
		hasGit: true,
		summaryOf: () => null,
		lastLogMs: () => null,
		nowMs,
		...rest,
	});
}

function pageOf(...given: Parameters<typeof stateOf>): JobPageJob {
	const { job } = stateOf(...given);
	if (!job) throw new Error("no job");
	return job;
}

describe("the state of a job's page", () => {
	test("has the message's first line and its rest, the attempts in order, and no log of a job that no relay keeps", () => {
		const first = aTrackedJob({ id: "a", attempt: 1, status: "failed" });
		const page = pageOf(aTrackedJob({ id: "b", attempt: 2 }), [], { others: [first] });
		expect(page).toMatchObject({
			subject: "Warm up for 1000 steps",
			body: "Instead of 500.",
			attempts: [
				{ id: "a", attempt: 1, status: "failed" },
				{ id: "b", attempt: 2, status: "running" },
			],
			log: { sizeBytes: null },
			isManaged: true,
			sentence: "Running for 9 min",
		});
		const told = pageOf(aTrackedJob({}, { source: "git" }));
		expect(told).toMatchObject({ log: null, isManaged: false, history: null, comments: null, failure: null });
		expect(pageOf(aTrackedJob({}, { source: "actions" })).trainedBy).toBe("GitHub Actions");
	});

	test("takes metrics from the stream, and from the run what the stream did not tell", () => {
		const run = aRun({ metrics: { "val/acc": 0.9, loss: 5 } });
		const page = pageOf(aTrackedJob({}, { metrics: { loss: 0.21 } }), [run]);
		expect(page.metrics).toEqual([
			["loss", 0.21],
			["val/acc", 0.9],
		]);
		expect(page.runs).toMatchObject([{ key: run.key, name: "warm-fox-12", status: "FINISHED" }]);
		expect(page.checkpoints).toEqual(reading);
		expect(pageOf(aTrackedJob()).checkpoints).toBeNull();
	});

	test("tells progress only while it runs, and why only of what failed", () => {
		expect(pageOf(aTrackedJob({ progress: 0.4 })).progress).toBe(0.4);
		expect(pageOf(aTrackedJob({ progress: 0.4, status: "stopped" })).progress).toBeNull();
		expect(pageOf(aTrackedJob({ status: "failed" })).failure).toEqual(reading);
		expect(pageOf(aTrackedJob()).failure).toBeNull();
	});

	test("has the workflow of a push with its jobs and steps, and what may be done with it", () => {
		const step = { name: "Train", stage: 2, conclusion: "failure", startedMs: 1_000, endedMs: 13_000 } as const;
		const skipped = { ...step, name: "Tell", conclusion: "skipped" } as const;
		const one = { ...step, id: "70", name: "train", url: null, runner: "gpu-1", steps: [step, skipped] };
		const url = "https://github.com/ada/digits/actions/runs/7";
		const pushed = (status: "failed" | "running", source: "relay" | "actions" = "actions") =>
			aTrackedJob({ workflowRunId: "7", status }, { source, url });
		const facts = (jobs: readonly WorkflowJob[] | null) => ({
			facts: {
				...{ failure: reading, checkpoints: reading, history: reading, comments: reading },
				steps: { kind: "ready", value: jobs } as const,
			},
		});
		expect(pageOf(pushed("failed"), [], facts([one]))).toMatchObject({
			log: { sizeBytes: null },
			failure: reading,
			workflow: {
				...{ canCancel: false, canRerun: true, canRerunFailed: true },
				jobs: {
					value: [
						{
							...{ name: "train", state: "failed", words: "failed after 12 s", runner: "gpu-1" },
							steps: [
								{ name: "Train", state: "failed", words: "failed after 12 s" },
								{ name: "Tell", state: "stopped", words: "was skipped" },
							],
						},
					],
				},
			},
		});
		const going = { ...one, stage: 1, conclusion: null } as const;
		expect(pageOf(pushed("running"), [], facts([going])).workflow).toMatchObject({ canCancel: true, canRerun: false });
		expect(pageOf(pushed("failed"), [], facts(null)).workflow?.jobs).toEqual({ kind: "ready", value: null });
		// A relay runs its own jobs again.
		const relays = pageOf(pushed("failed", "relay"), [], facts([one])).workflow;
		expect(relays).toMatchObject({ canCancel: false, canRerun: false, canRerunFailed: false });
		expect(pageOf(aTrackedJob()).workflow).toBeNull();
	});

	test("is silent when nothing was heard for long, while all would have been heard", () => {
		const quiet = aTrackedJob({}, { lastSignMs: nowMs - 240_000 });
		const state: JobsState = { ...live, sinceMs: nowMs - 600_000 };
		expect(pageOf(quiet, [], { state })).toMatchObject({ state: "silent", sentence: "Running, silent for 4 min" });
		expect(pageOf(quiet, [], { state: { ...state, kind: "offline" } }).state).toBe("running");
	});

	test("lists comments the oldest first, checkpoints without their folder, and cuts what is endless", () => {
		const comment = (id: string) => ({ id, jobId: "job1", author: "bo", text: id, createdAt: "2026-01-01T00:00:00Z" });
		const checkpoint = { path: "checkpoints/a.pt", step: 3, sizeBytes: 1, timestampMs: 5 };
		const page = pageOf(aTrackedJob({ message: `${"s".repeat(50_000)}\nbody` }), [aRun()], {
			facts: {
				failure: reading,
				steps: reading,
				checkpoints: { kind: "ready", value: Array.from({ length: 900 }, () => checkpoint) },
				history: { kind: "ready", value: [{ status: "running", reason: null, at: "no time" }] },
				comments: { kind: "ready", value: [comment("new"), comment("old")] },
			},
		});
		expect(page.comments).toMatchObject({ value: [{ id: "old" }, { id: "new" }] });
		expect(page.checkpoints).toMatchObject({ kind: "ready", value: expect.objectContaining({ length: 500 }) });
		expect(page.checkpoints?.kind === "ready" && page.checkpoints.value[0]).toEqual({
			...{ name: "a.pt", step: 3, sizeBytes: 1, timestampMs: 5 },
		});
		expect(page.history).toMatchObject({ value: [{ atMs: null }] });
		expect(page.subject).toHaveLength(20_000);
	});

	test("of a job that is not there says whether it may yet come", () => {
		expect(stateOf(undefined)).toMatchObject({ job: null, isReading: false });
		const state: JobsState = { kind: "connecting", url: "http://relay.test" };
		expect(stateOf(undefined, [], { state })).toMatchObject({ job: null, isReading: true });
	});
});
