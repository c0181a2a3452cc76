import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Emitter } from "../../../../src/core/emitter";
import { endSentence, JobEnds, joinedWithinMs } from "../../../../src/core/jobs/jobEnds";
import { JobModel } from "../../../../src/core/jobs/jobModel";
import type { JobsChange, TrackedJob } from "../../../../src/core/jobs/trackedJob";
import type { JobStatus } from "../../../../src/shared/relay/job";
import { aTrackedJob } from "../../../support/aJob";

function following(...known: readonly TrackedJob[]) {
	const changed = new Emitter<JobsChange>();
	const jobs = new Map(known.map((tracked) => [tracked.job.id, tracked]));
	const model = new JobModel();
	model.use({
		snapshot: { state: { kind: "live", url: "", sinceMs: 0, reason: null }, projects: [], jobs },
		onDidChange: changed.event,
	});
	const ends = new JobEnds(model);
	const together: string[][] = [];
	const atOnce: string[] = [];
	ends.onDidEnd(({ job }) => atOnce.push(job.id));
	ends.onDidEndTogether((ended) => together.push(ended.map(({ job }) => `${job.id} ${job.reason}`)));
	return {
		ends,
		together,
		atOnce,
		tell(id: string, status: JobStatus, reason: string | null = null, endedMs = Date.now()) {
			jobs.set(id, aTrackedJob({ id, status, reason, completedAt: new Date(endedMs).toISOString() }));
			changed.fire({ jobIds: [id] });
		},
		drop(id: string) {
			jobs.delete(id);
			changed.fire({ jobIds: [id] });
		},
	};
}

describe("ends of jobs", () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	test("within ten seconds are told together, once, as they are known by then", () => {
		const { together, atOnce, tell } = following(aTrackedJob({ id: "a" }), aTrackedJob({ id: "b" }));
		tell("a", "failed");
		vi.advanceTimersByTime(joinedWithinMs - 1);
		tell("b", "completed");
		tell("a", "failed", "why");
		expect(atOnce).toEqual(["a", "b"]);
		expect(together).toEqual([]);
		vi.advanceTimersByTime(1);
		expect(together).toEqual([["a why", "b null"]]);
		vi.advanceTimersByTime(60_000);
		expect(together).toHaveLength(1);
	});

	test("that were over before anybody looked are not told", () => {
		const { together, tell } = following(aTrackedJob({ id: "a", status: "failed" }));
		tell("a", "failed", "again");
		tell("new", "completed");
		vi.advanceTimersByTime(joinedWithinMs);
		expect(together).toEqual([]);
	});

	test("that lie before the job was seen to go, and only become known, are not told", () => {
		const { together, tell } = following(aTrackedJob({ id: "old" }), aTrackedJob({ id: "behind" }));
		tell("old", "completed", null, Date.now() - 3_600_000);
		tell("behind", "completed", null, Date.now() - 60_000);
		vi.advanceTimersByTime(joinedWithinMs);
		expect(together).toEqual([["behind null"]]);
	});

	test("of jobs that are let go are not told", () => {
		const { together, tell, drop } = following(aTrackedJob({ id: "a" }));
		drop("a");
		tell("a", "completed");
		vi.advanceTimersByTime(joinedWithinMs);
		expect(together).toEqual([]);
	});

	test("are told to nobody after the end", () => {
		const { ends, together, tell } = following(aTrackedJob({ id: "a" }));
		tell("a", "completed");
		ends.dispose();
		vi.advanceTimersByTime(joinedWithinMs);
		expect(together).toEqual([]);
	});
});

describe("the sentence of a notice", () => {
	const ended = (branch: string, status: JobStatus, reason: string | null = null) =>
		aTrackedJob({ id: branch, branch, status, reason });

	test("says of one how it ended and why", () => {
		expect(endSentence([ended("models/a", "failed", "CUDA out of memory. Tried.")])).toBe(
			"✗ models/a failed: CUDA out of memory",
		);
		expect(endSentence([ended("models/a", "completed", "whatever")])).toBe("✓ models/a completed");
		expect(endSentence([ended("models/a", "stopped", "ada asked it to stop.")])).toBe(
			"⊘ models/a stopped: ada asked it to stop",
		);
	});

	test("says of several how many failed, and these first", () => {
		const jobs = ["models/a", "models/b", "models/c"].map((branch) => ended(branch, "completed"));
		expect(endSentence(jobs)).toBe("✓ 3 jobs ended: models/a, models/b, models/c");
		expect(endSentence([...jobs, ended("models/d", "failed")])).toBe(
			"✗ 1 of 4 jobs failed: models/d, models/a, models/b …",
		);
		expect(endSentence([ended("models/a", "completed"), ended("models/a", "failed")])).toBe(
			"✗ 1 of 2 jobs failed: models/a",
		);
	});
});
