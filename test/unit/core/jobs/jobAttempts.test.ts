import { expect, test } from "vitest";
import { attemptsOf, jobOfRun, runsOfJob } from "../../../../src/core/jobs/jobAttempts";
import { aJob, aTrackedJob } from "../../../support/aJob";
import { aRun } from "../../../support/aRun";

const aCommit = aJob().commitSha;
const first = aTrackedJob({ id: "1", attempt: 1, mlflowRunId: "run1", createdAt: "2026-01-01T10:00:00Z" });
const second = aTrackedJob({ id: "2", attempt: 2, createdAt: "2026-01-01T11:00:00Z" });
const ofBranch = aTrackedJob({ id: "3", branch: "models" });
const ofCommit = aTrackedJob({ id: "4", commitSha: "b".repeat(40) });
const all = [second, ofCommit, first, ofBranch];

test("attempts are those of the same push, the first first", () => {
	expect(attemptsOf(second.job, all).map(({ job }) => job.id)).toEqual(["1", "2"]);
	expect(attemptsOf(ofCommit.job, all).map(({ job }) => job.id)).toEqual(["4"]);
});

test("a run's job names it, or is the newest of its commit", () => {
	const find = (id: string, commit: string | null) => jobOfRun({ id, commit }, all)?.job.id;
	expect(find("run1", null)).toBe("1");
	expect(find("x", aCommit.slice(0, 8).toUpperCase())).toBe("2");
	expect(find("x", "b".repeat(40))).toBe("4");
	expect(find("x", "c".repeat(40))).toBeUndefined();
	expect(find("x", null)).toBeUndefined();
});

test("a job's runs are the one it names first, then those of its commit that no other attempt names", () => {
	const runs = [
		aRun({ id: "run1", commit: aCommit, startTimeMs: 1 }),
		aRun({ id: "run2", commit: aCommit.slice(0, 7), startTimeMs: 2 }),
		aRun({ id: "run3", commit: aCommit, startTimeMs: 3 }),
		aRun({ id: "run4", commit: "c".repeat(40) }),
		aRun({ id: "run5", commit: null }),
	];
	const ids = (job: typeof first) => runsOfJob(job.job, all, runs).map(({ id }) => id);
	expect(ids(first)).toEqual(["run1", "run3", "run2"]);
	expect(ids(second)).toEqual(["run3", "run2"]);
	expect(ids(ofCommit)).toEqual([]);
});
