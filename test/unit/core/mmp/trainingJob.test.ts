import fc from "fast-check";
import { expect, test } from "vitest";
import { toPushedCommit } from "../../../../src/core/mmp/pushedCommit";
import { toTrainingJob } from "../../../../src/core/mmp/trainingJob";
import { parseTrainSettings } from "../../../../src/core/mmp/trainSettings";
import { GammaError } from "../../../../src/shared/errors";

const commitSha = "0123456789abcdef0123456789abcdef01234567";
const local = { commitSha, branch: "models/lr-sweep", repository: "ada/spirals" };
const sagemaker = {
	role: "arn:aws:iam::123456789012:role/team/train",
	image: "ecr/image:1",
	bucket: "s3://lab/vision/",
};

function jobOf(file: Record<string, unknown> = {}, more: Partial<Parameters<typeof toTrainingJob>[0]> = {}) {
	return toTrainingJob({
		pushed: { ...local, runKey: "123-1" },
		folderName: "folder",
		settings: parseTrainSettings(JSON.stringify({ sagemaker, ...file })),
		jobId: "j1",
		nowMs: 0,
		trackingUri: null,
		...more,
	});
}

function messageOf(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		if (GammaError.is(error, "settings.invalid")) return error.message;
		throw error;
	}
	return "";
}

test("a training's name tells project, branch, commit and run of CI, and its files lie below it", () => {
	const { name, place, request } = jobOf();
	expect(name).toBe("spirals-models-lr-sweep-0123456-123-1");
	expect(place).toEqual({ bucket: "lab", prefix: `vision/trainings/${name}` });
	expect(request).toMatchObject({
		TrainingJobName: name,
		RoleArn: sagemaker.role,
		OutputDataConfig: { S3OutputPath: `s3://lab/vision/trainings/${name}/output` },
		CheckpointConfig: { S3Uri: `s3://lab/vision/trainings/${name}/checkpoints`, LocalPath: "/opt/ml/checkpoints" },
		ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, VolumeSizeInGB: 50 },
		StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
		EnableManagedSpotTraining: false,
	});
	expect(request.InputDataConfig[0]?.DataSource.S3DataSource.S3Uri).toBe(`s3://lab/${place.prefix}/input/`);
});

test("its tags are those by which the relay finds its job", () => {
	expect(jobOf().request.Tags).toEqual([
		{ Key: "gamma:project", Value: "ada/spirals" },
		{ Key: "gamma:commit", Value: commitSha },
		{ Key: "gamma:branch", Value: "models/lr-sweep" },
		{ Key: "gamma:workflowRun", Value: "123" },
		{ Key: "gamma:job", Value: "j1" },
	]);
	const odd = { ...local, branch: "models/été #1", repository: null, runKey: null };
	expect(jobOf({}, { jobId: null, pushed: odd }).request.Tags).toEqual([
		{ Key: "gamma:project", Value: "folder" },
		{ Key: "gamma:commit", Value: commitSha },
		{ Key: "gamma:branch", Value: "models/été -1" },
	]);
});

test("the training gets the file's variables, its metrics' patterns and where to log", () => {
	const file = {
		experiment: "spirals",
		env: { SEED: "7" },
		metrics: [{ name: "loss", regex: "loss=(?P<n>[0-9.]+)" }],
	};
	const { request } = jobOf(file, { trackingUri: "https://mlflow.example" });
	expect(request.Environment).toEqual({
		GAMMA_PROJECT: "ada/spirals",
		GAMMA_COMMIT: commitSha,
		GAMMA_BRANCH: "models/lr-sweep",
		GAMMA_WORKFLOW_RUN: "123",
		GAMMA_JOB_ID: "j1",
		MLFLOW_TRACKING_URI: "https://mlflow.example",
		MLFLOW_EXPERIMENT_NAME: "spirals",
		SEED: "7",
	});
	expect(request.AlgorithmSpecification.MetricDefinitions).toEqual([{ Name: "loss", Regex: "loss=(?P<n>[0-9.]+)" }]);
});

test("without a name for it each training has an experiment of its own", () => {
	const { name, request } = jobOf();
	expect(request.Environment.MLFLOW_EXPERIMENT_NAME).toBe(name);
});

test("it trains in the network that the repository names, and in SageMaker's own where it names none", () => {
	expect(jobOf().request).not.toHaveProperty("VpcConfig");
	const network = { subnets: ["subnet-1", "subnet-2"], securityGroups: ["sg-1"] };
	expect(jobOf({ sagemaker: { ...sagemaker, ...network } }).request).toMatchObject({
		VpcConfig: { Subnets: ["subnet-1", "subnet-2"], SecurityGroupIds: ["sg-1"] },
	});
	for (const half of [{ subnets: ["subnet-1"] }, { securityGroups: ["sg-1"] }]) {
		expect(messageOf(() => jobOf({ sagemaker: { ...sagemaker, ...half } }))).toBe(
			"SageMaker takes subnets and security groups together: give sagemaker.subnets and sagemaker.securityGroups in .gamma/train.json, or neither.",
		);
	}
});

test("a spot training may wait a day longer than it may run", () => {
	const { request } = jobOf({ sagemaker: { ...sagemaker, spot: true, maxRuntimeSeconds: 60 } });
	expect(request.EnableManagedSpotTraining).toBe(true);
	expect(request.StoppingCondition).toEqual({ MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 86_460 });
});

test.each([
	[{}, "fill in sagemaker.role, sagemaker.image, sagemaker.bucket in .gamma/train.json"],
	[{ ...sagemaker, image: "<address>" }, "fill in sagemaker.image in"],
	[{ ...sagemaker, role: "train" }, '"train" is no role\'s ARN: correct sagemaker.role'],
	[{ ...sagemaker, bucket: "s3://No_Bucket/x" }, "is no S3 bucket: correct sagemaker.bucket"],
])("what SageMaker cannot do without is asked for: %j", (given, sentence) => {
	expect(messageOf(() => jobOf({ sagemaker: given }))).toContain(sentence);
});

test("a variable that SageMaker would not take is named", () => {
	expect(messageOf(() => jobOf({ env: { LONG: "x".repeat(513) } }))).toMatch(/^The variable LONG has 513 characters/);
});

test("any repository, branch and run makes a name that SageMaker takes, which ends with the commit and the run", () => {
	const part = fc.string({ unit: "grapheme", maxLength: 80 });
	fc.assert(
		fc.property(part, part, fc.nat(), fc.nat(99), (folderName, branch, run, attempt) => {
			const pushed = { commitSha, branch: `models/${branch}`, repository: null, runKey: `${run}-${attempt}` };
			const { name } = jobOf({}, { pushed, folderName });
			expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
			expect(name.endsWith(`-0123456-${run}-${attempt}`)).toBe(true);
		}),
	);
});

test("GitHub Actions says which branch and run it is, for a checkout that has no branch", () => {
	const environment = {
		GITHUB_REF: "refs/heads/models/x",
		GITHUB_REPOSITORY: "Ada/Spirals",
		GITHUB_RUN_ID: "99",
		GITHUB_RUN_ATTEMPT: "2",
	};
	expect(toPushedCommit({ ...local, branch: null, repository: null }, environment)).toEqual({
		commitSha,
		branch: "models/x",
		repository: "Ada/Spirals",
		runKey: "99-2",
	});
	expect(toPushedCommit(local, {})).toEqual({ ...local, runKey: null });
	expect(toPushedCommit(local, environment, "models/other").branch).toBe("models/other");
});

test.each([
	["main", {}, "main is no branch of models"],
	["modelsx", {}, "modelsx is no branch of models"],
	[null, {}, "No branch is checked out here"],
	[null, { GITHUB_REF: "refs/tags/models/1" }, "No branch is checked out here"],
	["models/x", { GITHUB_REF: "refs/heads/main" }, "main is no branch of models"],
])("what is no push to models is refused: %j %j", (branch, environment, sentence) => {
	expect(messageOf(() => toPushedCommit({ ...local, branch }, environment))).toContain(sentence);
});
