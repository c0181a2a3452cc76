import { expect, test } from "vitest";
import type { TrackedJob } from "../../../../src/core/jobs/trackedJob";
import { joinTrainings } from "../../../../src/core/sagemaker/joinTrainings";
import { aTrackedJob } from "../../../support/aJob";
import { aTraining } from "../../../support/aTraining";

const commitSha = "a1b2c3d4".repeat(5);
const tags = { "gamma:commit": commitSha, "gamma:branch": "models/lr-sweep" };
const jobsOf = (...all: readonly TrackedJob[]) => new Map(all.map((each) => [each.job.id, each]));
const onlyOf = (joined: ReadonlyMap<string, TrackedJob>) => {
	expect(joined.size).toBe(1);
	return [...joined.values()][0] as TrackedJob;
};

test("a relay's job is joined by the name that it has, and its own state stays", () => {
	const job = aTrackedJob({ sagemakerJobName: "t-1", target: "sagemaker" });
	const training = aTraining({ name: "t-1", status: "Failed", phase: "Failed", reason: "why", metrics: { loss: 1 } });
	const joined = onlyOf(joinTrainings(jobsOf(job), [training]));
	expect(joined.job).toMatchObject({ id: "job1", status: "running", reason: null });
	expect(joined).toMatchObject({ metrics: { loss: 1 }, training: { name: "t-1", isGuess: false } });
});

test("a failed job of a relay gets SageMaker's reason where it has none", () => {
	const job = aTrackedJob({ sagemakerJobName: "t-1", target: "sagemaker", status: "failed" });
	const training = aTraining({ name: "t-1", status: "Failed", phase: "Failed", reason: "AlgorithmError: why" });
	expect(onlyOf(joinTrainings(jobsOf(job), [training])).job.reason).toBe("AlgorithmError: why");
});

test("without a relay SageMaker's state is the job's, by tags of commit and branch", () => {
	const job = aTrackedJob({ status: "pending", target: "sagemaker" }, { source: "actions" });
	const training = aTraining({
		tags,
		status: "Failed",
		phase: "Failed",
		reason: "why",
		endedMs: Date.parse("2026-01-01T00:10:00Z"),
	});
	const joined = onlyOf(joinTrainings(jobsOf(job), [training]));
	expect(joined.job).toMatchObject({
		status: "failed",
		reason: "why",
		sagemakerJobName: training.name,
		completedAt: "2026-01-01T00:10:00.000Z",
	});
	expect(joined.training?.isGuess).toBe(false);
});

test("a training without tags is joined by its name, and that is called a guess", () => {
	const job = aTrackedJob({ target: "sagemaker" }, { source: "git" });
	expect(onlyOf(joinTrainings(jobsOf(job), [aTraining()])).training?.isGuess).toBe(true);
	const byEnvironment = aTraining({ environment: { GAMMA_COMMIT: commitSha, GAMMA_BRANCH: "models/lr-sweep" } });
	expect(onlyOf(joinTrainings(jobsOf(job), [byEnvironment])).training?.isGuess).toBe(false);
});

test("the id of a job in the tags goes before its commit", () => {
	const first = aTrackedJob({ id: "first", target: "sagemaker" });
	const second = aTrackedJob({ id: "second", target: "sagemaker", attempt: 2, createdAt: "2026-01-02T00:00:00.000Z" });
	const joined = joinTrainings(jobsOf(first, second), [aTraining({ tags: { ...tags, "gamma:job": "first" } })]);
	expect([joined.get("first")?.training === undefined, joined.get("second")?.training === undefined]).toEqual([
		false,
		true,
	]);
});

test("two trainings of a commit are two rows: the newest is the job's, the other its own", () => {
	const job = aTrackedJob({ target: "sagemaker" }, { source: "git" });
	const older = aTraining({ name: "t-1", tags, createdMs: 1_000 });
	const newer = aTraining({ name: "t-2", tags, createdMs: 2_000 });
	const joined = joinTrainings(jobsOf(job), [older, newer]);
	const told = [...joined.values()].map(({ job: { id, sagemakerJobName, attempt } }) => [
		id,
		sagemakerJobName,
		attempt,
	]);
	expect(told).toEqual([
		["job1", "t-2", 2],
		["sagemaker:t-1", "t-1", 1],
	]);
});

test("a runner's job of the same commit, and one of another branch, are not SageMaker's", () => {
	const jobs = jobsOf(
		aTrackedJob({ id: "runner" }),
		aTrackedJob({ id: "other", branch: "models/else" }, { source: "git" }),
	);
	const joined = joinTrainings(jobs, [aTraining({ name: "t", tags })]);
	expect([...joined.keys()]).toEqual(["runner", "other", "sagemaker:t"]);
});

test("a training that nobody knows is a job with its commit's own words", () => {
	const line = { subject: "Warm up", author: "ada", isOwn: true };
	const own = onlyOf(
		joinTrainings(new Map(), [aTraining({ name: "t", tags, environment: { MLFLOW_RUN_ID: "r1" } })], () => line),
	);
	expect(own).toMatchObject({
		source: "sagemaker",
		isOwn: true,
		job: { id: "sagemaker:t", message: "Warm up", author: "ada", branch: "models/lr-sweep", mlflowRunId: "r1" },
	});
	const nameless = onlyOf(joinTrainings(new Map(), [aTraining({ name: "t" })]));
	expect(nameless.job).toMatchObject({ message: "t", branch: "SageMaker", commitSha: "" });
});
