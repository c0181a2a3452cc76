import type { TrackedJob } from "../../src/core/jobs/trackedJob";
import type { Job } from "../../src/shared/relay/job";

/** A running first attempt with nothing in it, changed where the test says. */
export function aJob(change: Partial<Job> = {}): Job {
	return {
		id: "job1",
		projectId: "project1",
		commitSha: "a1b2c3d4".repeat(5),
		branch: "models/lr-sweep",
		message: "Warm up for 1000 steps\n\nInstead of 500.",
		author: "ada",
		status: "running",
		reason: null,
		target: "runner",
		attempt: 1,
		workflowRunId: null,
		sagemakerJobName: null,
		mlflowRunId: null,
		progress: null,
		startedAt: "2026-01-01T00:01:00.000Z",
		completedAt: null,
		createdAt: "2026-01-01T00:00:00.000Z",
		...change,
	};
}

/** The same as the editor knows it: one's own, heard of just now. */
export function aTrackedJob(change: Partial<Job> = {}, beside: Partial<Omit<TrackedJob, "job">> = {}): TrackedJob {
	return {
		job: aJob(change),
		source: "relay",
		repository: "ada/digits",
		metrics: {},
		step: null,
		logSizeBytes: null,
		lastSignMs: Date.parse("2026-01-01T00:10:00.000Z"),
		isOwn: true,
		url: null,
		...beside,
	};
}
