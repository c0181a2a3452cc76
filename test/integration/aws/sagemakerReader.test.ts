import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SagemakerReader } from "../../../src/adapters/aws/sagemakerReader";
import {
	consoleUrl,
	endReason,
	phaseOfTraining,
	spotWords,
	statusOfTraining,
} from "../../../src/core/sagemaker/training";
import { SagemakerService } from "../../support/sagemakerService";

const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "of the tests" };
const never = new AbortController().signal;
const minute = 60_000;

let service: SagemakerService;
let reader: SagemakerReader;
const clients: SageMakerClient[] = [];
const aReader = (config: ConstructorParameters<typeof SageMakerClient>[0] = {}) => {
	const client = new SageMakerClient({
		region: "us-east-1",
		endpoint: service.url,
		credentials,
		maxAttempts: 1,
		...config,
	});
	clients.push(client);
	return new SagemakerReader(client);
};
beforeEach(async () => {
	service = await SagemakerService.start();
	service.nowMs = Date.parse("2026-11-25T06:00:00Z");
	reader = aReader();
});
afterEach(async () => {
	for (const client of clients.splice(0)) client.destroy();
	await service.stop();
});

const told = async (name = "spirals-1") => {
	const training = await reader.describe(name, null, never);
	if (!training) throw new Error("it is not there");
	return training;
};

test("a spot training is read through all that happens to it", async () => {
	service.create("spirals-1", {
		HyperParameters: { lr: "0.1" },
		Environment: { GAMMA_COMMIT: "0123456789" },
		EnableManagedSpotTraining: true,
		Tags: [{ Key: "gamma:project", Value: "ada/spirals" }],
		CheckpointConfig: { S3Uri: "s3://lab/checkpoints" },
		InputDataConfig: [
			{ ChannelName: "train", DataSource: { S3DataSource: { S3Uri: "s3://lab/data", S3DataType: "S3Prefix" } } },
		],
		AlgorithmSpecification: {
			TrainingImage: "image:1",
			TrainingInputMode: "File",
			MetricDefinitions: [{ Name: "loss", Regex: "loss=(?P<v>[0-9.]+)" }],
		},
	});
	const states: unknown[] = [];
	const look = async () => {
		const training = await told();
		states.push([statusOfTraining(training), phaseOfTraining(training)]);
		return training;
	};
	await look();
	for (const phase of ["Downloading", "Training", "Interrupted", "Starting", "Training", "Uploading"] as const) {
		service.nowMs += minute;
		service.enter("spirals-1", phase, `${phase} it`);
		if (phase === "Interrupted")
			expect(await look()).toMatchObject({ isSpot: true, interruptions: 1, billableSeconds: null });
		else await look();
	}
	service.print("spirals-1", "step 1 loss=0.9", "step 2 loss=0.25");
	service.nowMs += minute;
	service.complete("spirals-1");
	const training = await look();
	expect(states).toEqual([
		["running", "starting"],
		["running", "downloading its data"],
		["running", null],
		["running", "interrupted, waits for a machine"],
		["running", "starting"],
		["running", null],
		["running", "uploading what it left"],
		["completed", null],
	]);
	expect(training).toMatchObject({
		metrics: { loss: 0.25 },
		params: { lr: "0.1" },
		environment: { GAMMA_COMMIT: "0123456789" },
		tags: { "gamma:project": "ada/spirals" },
		image: "image:1",
		instanceType: "ml.g5.xlarge",
		instanceCount: 1,
		trainingSeconds: 360,
		billableSeconds: 360,
		inputs: [{ name: "train", uri: "s3://lab/data" }],
		checkpointUri: "s3://lab/checkpoints",
		outputUri: "s3://lab/trainings/spirals-1/output",
		modelUri: "s3://lab/trainings/spirals-1/output/spirals-1/output/model.tar.gz",
		createdMs: Date.parse("2026-11-25T06:00:00Z"),
		startedMs: Date.parse("2026-11-25T06:01:00Z"),
		endedMs: service.nowMs,
	});
	expect(spotWords(training)).toBe("spot, interrupted once");
	expect(training.transitions.map(({ name, endMs }) => [name, endMs === null])).toEqual([
		...["Starting", "Downloading", "Training", "Interrupted", "Starting", "Training", "Uploading"].map((name) => [
			name,
			false,
		]),
		["Completed", false],
	]);
	expect(consoleUrl(training)).toBe("https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/spirals-1");
});

test("each end has its reason", async () => {
	for (const name of ["failed", "slow", "waited", "byhand"]) service.create(name);
	service.fail("failed", "AlgorithmError: ExecuteUserScriptError: ExitCode 1");
	service.stopped("slow", "MaxRuntimeExceeded");
	service.stopped("waited", "MaxWaitTimeExceeded");
	await reader.stop("byhand");
	expect(phaseOfTraining(await told("byhand"))).toBe("stopping");
	expect(endReason(await told("byhand"))).toBe(null);
	// A second wish to stop changes nothing.
	await reader.stop("byhand");
	service.stopped("byhand");
	const ends = await Promise.all(["failed", "slow", "waited", "byhand"].map(told));
	expect(ends.map((each) => [statusOfTraining(each), endReason(each)])).toEqual([
		["failed", "AlgorithmError: ExecuteUserScriptError: ExitCode 1"],
		["stopped", "SageMaker stopped it: it ran longer than its limit."],
		["stopped", "SageMaker stopped it: it waited longer than its limit."],
		["stopped", "It was stopped in SageMaker."],
	]);
	await expect(reader.stop("failed")).rejects.toMatchObject({
		code: "aws.refused",
		message: expect.stringContaining("AWS refused to stop the training failed: The request was rejected"),
	});
});

test("lists every page, the newest first, and later only what changed", async () => {
	for (let at = 0; at < 230; at++) {
		service.nowMs += 1_000;
		service.create(`t-${at}`);
	}
	const all = await reader.list({ createdMs: 0, modifiedMs: 0 }, never);
	expect(all.map(({ name }) => name)).toEqual(Array.from({ length: 230 }, (_, at) => `t-${229 - at}`));
	expect(service.count("ListTrainingJobs")).toBe(3);
	const seenMs = service.nowMs;
	service.nowMs += 5_000;
	service.enter("t-7", "Training");
	expect((await reader.list({ createdMs: 0, modifiedMs: seenMs + 1 }, never)).map(({ name }) => name)).toEqual(["t-7"]);
	const young = await reader.list({ createdMs: seenMs - 1_000, modifiedMs: 0 }, never);
	expect(young.map(({ name }) => name)).toEqual(["t-229", "t-228"]);
});

test("reads tags once, all of their pages, and none where they are known", async () => {
	const Tags = Array.from({ length: 50 }, (_, at) => ({ Key: `k${at}`, Value: "v" }));
	service.create("spirals-1", { Tags: [...Tags, { Key: "gamma:commit", Value: "abc" }] });
	expect(Object.keys((await told()).tags)).toHaveLength(51);
	expect(service.count("ListTags")).toBe(2);
	expect((await reader.describe("spirals-1", { known: "yes" }, never))?.tags).toEqual({ known: "yes" });
	expect(service.count("ListTags")).toBe(2);
	expect(await reader.describe("nobody", null, never)).toBe(null);
});

describe("what goes wrong is one sentence", () => {
	test.each([
		["ThrottlingException", "Rate exceeded", "aws.throttled", /no more requests just now/],
		[
			"AccessDeniedException",
			"User ada may not",
			"aws.refused",
			/list the trainings: User ada may not\. “Gamma: Copy AWS Policy”/,
		],
		[
			"ExpiredTokenException",
			"The security token included in the request is expired",
			"aws.expiredToken",
			/aws sso login/,
		],
		["UnrecognizedClientException", "The security token is invalid", "aws.noCredentials", /AWS does not know you/],
		["RequestTimeTooSkewed", "The difference is too large", "aws.clockSkew", /clock is wrong/],
		[
			"InvalidSignatureException",
			"Signature expired: 20261125T060000Z is now earlier",
			"aws.clockSkew",
			/clock is wrong/,
		],
		[
			"InvalidSignatureException",
			"The request signature we calculated does not match",
			"aws.refused",
			/does not match/,
		],
	])("%s: %s", async (error, message, code, words) => {
		service.refuse("ListTrainingJobs", error, message, { times: 100, status: error.startsWith("Access") ? 403 : 400 });
		await expect(reader.list({ createdMs: 0, modifiedMs: 0 }, never)).rejects.toMatchObject({
			code,
			message: expect.stringMatching(words),
		});
	});

	test("a throttled list is waited for and comes through", async () => {
		service.create("spirals-1");
		service.refuse("ListTrainingJobs", "ThrottlingException", "Rate exceeded", { times: 2 });
		const patient = aReader({ maxAttempts: 5 });
		expect(await patient.list({ createdMs: 0, modifiedMs: 0 }, never)).toHaveLength(1);
		expect(service.count("ListTrainingJobs")).toBe(3);
	});

	test("a slow server is left when nobody waits for it any more", async () => {
		const release = service.hold("ListTrainingJobs");
		const leaving = new AbortController();
		const asked = reader.list({ createdMs: 0, modifiedMs: 0 }, leaving.signal);
		await expect.poll(() => service.count("ListTrainingJobs")).toBe(1);
		leaving.abort();
		await expect(asked).rejects.toMatchObject({ code: "call.cancelled" });
		release();
	});
});

test("taken and impossible names are refused, and ends are told as EventBridge tells them", () => {
	service.create("spirals-1");
	expect(() => service.create("spirals-1")).toThrow("ResourceInUse");
	expect(() => service.create("-no")).toThrow("ValidationException");
	service.fail("spirals-1", "why");
	expect(service.events.map(({ detail }) => [detail.TrainingJobStatus, detail.SecondaryStatus])).toEqual([
		["InProgress", "Starting"],
		["Failed", "Failed"],
	]);
	expect(service.events.at(-1)?.detail).toMatchObject({ FailureReason: "why", TrainingEndTime: service.nowMs });
});
