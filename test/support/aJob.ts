import type { TrackedJob } from "../../src/core/jobs/trackedJob";
import type { Job } from "../../src/shared/relay/job";

export const aCommit = "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678";

/** A job that was pushed and waits, changed where the test says. */
export function aJob(change: Partial<Job> = {}): Job {
	return {
		id: "6a1f0000-0000-4000-8000-000000000001",
		projectId: "70000000-0000-4000-8000-000000000001",
		commitSha: aCommit,
		branch: "models/lr-sweep",
		message: "Double the warmup\n\nThe peak came too soon.",
		author: "ada",
		status: "pending",
		reason: null,
		target: "runner",
		attempt: 1,
		workflowRunId: null,
		sagemakerJobName: null,
		mlflowRunId: null,
		progress: null,
		startedAt: null,
		completedAt: null,
		createdAt: "2026-01-01T10:00:00.000Z",
		...change,
	};
}

export function aTrackedJob(job: Partial<Job> = {}, change: Partial<Omit<TrackedJob, "job">> = {}): TrackedJob {
	return {
		job: aJob(job),
		source: "relay",
		repository: "ada/digits",
		metrics: {},
		step: null,
		logSizeBytes: null,
		lastSignMs: Date.parse("2026-01-01T10:00:00.000Z"),
		isOwn: true,
		url: null,
		...change,
	};
}
