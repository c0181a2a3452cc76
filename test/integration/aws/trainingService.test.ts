import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TrainingService } from "../../../src/adapters/aws/trainingService";
import { endServerRun } from "../../../src/adapters/mlflow/endServerRun";
import { awsOfEnvironment } from "../../../src/core/aws/awsChoice";
import { toCheckpointInput } from "../../../src/core/sagemaker/checkpointInput";
import { SagemakerService } from "../../support/sagemakerService";

const never = new AbortController().signal;
let service: SagemakerService;
let trainings: TrainingService;
beforeEach(async () => {
	service = await SagemakerService.start();
	for (const [name, value] of Object.entries(service.environment)) vi.stubEnv(name, value);
	trainings = new TrainingService(awsOfEnvironment);
});
afterEach(async () => {
	vi.unstubAllEnvs();
	await service.stop();
});

test("a copy is a training of no job and run, with files of its own", async () => {
	service.create("first", {
		HyperParameters: { lr: "0.1", epochs: "3" },
		Environment: { GAMMA_COMMIT: "abc", GAMMA_JOB_ID: "j1", MLFLOW_RUN_ID: "r1" },
		CheckpointConfig: { S3Uri: "s3://lab/trainings/first/checkpoints", LocalPath: "/opt/ml/checkpoints" },
		Tags: [
			{ Key: "gamma:commit", Value: "abc" },
			{ Key: "gamma:job", Value: "j1" },
			{ Key: "aws:cloudformation:stack-name", Value: "s" },
		],
	});
	await trainings.clone("first", { newName: "second", params: { lr: "0.5" } });
	const { body } = service.asked.findLast(({ action }) => action === "CreateTrainingJob") ?? {};
	expect(body).toMatchObject({
		TrainingJobName: "second",
		HyperParameters: { lr: "0.5", epochs: "3" },
		Environment: { GAMMA_COMMIT: "abc" },
		CheckpointConfig: { S3Uri: "s3://lab/trainings/second/checkpoints" },
		OutputDataConfig: { S3OutputPath: "s3://lab/trainings/second/output" },
		Tags: [
			{ Key: "gamma:commit", Value: "abc" },
			{ Key: "gamma:clonedFrom", Value: "first" },
		],
	});
	expect(Object.keys((body as { Environment: object }).Environment)).toEqual(["GAMMA_COMMIT"]);
	await expect(trainings.clone("first", { newName: "second", params: {} })).rejects.toMatchObject({
		code: "aws.refused",
		message: "A training named second exists already: choose another name.",
	});
});

test("a copy of a training with a shared checkpoint folder does not go on where that one ended", async () => {
	service.create("first", { CheckpointConfig: { S3Uri: "s3://lab/shared/" } });
	await trainings.clone("first", { newName: "second", params: {} });
	expect(service.asked.findLast(({ action }) => action === "CreateTrainingJob")?.body).toMatchObject({
		CheckpointConfig: { S3Uri: "s3://lab/shared/second" },
	});
});

test("a copy that goes on from a checkpoint finds it among its inputs, in the place of the one before it", async () => {
	const input = (ChannelName: string, S3Uri: string) => ({
		ChannelName,
		DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3DataDistributionType: "FullyReplicated", S3Uri } },
	});
	service.create("first", { InputDataConfig: [input("gamma", "s3://lab/trainings/first/input/")] });
	const go = (name: string, newName: string, uri: string, isFolder: boolean) => {
		const checkpoint = toCheckpointInput(uri, isFolder);
		return trainings.clone(name, { newName, params: { resume_from: checkpoint.path }, checkpoint });
	};
	const asked = () => service.asked.findLast(({ action }) => action === "CreateTrainingJob")?.body;
	await go("first", "second", "s3://lab/trainings/first/checkpoints/step 100.pt", false);
	expect(asked()).toMatchObject({
		HyperParameters: { resume_from: "/opt/ml/input/data/checkpoint/step 100.pt" },
		InputDataConfig: [
			input("gamma", "s3://lab/trainings/first/input/"),
			{ ...input("checkpoint", "s3://lab/trainings/first/checkpoints/step 100.pt"), InputMode: "File" },
		],
	});
	await go("second", "third", "s3://lab/hf/checkpoint-500", true);
	expect(asked()).toMatchObject({
		HyperParameters: { resume_from: "/opt/ml/input/data/checkpoint" },
		InputDataConfig: [
			input("gamma", "s3://lab/trainings/first/input/"),
			{ ...input("checkpoint", "s3://lab/hf/checkpoint-500/"), InputMode: "File" },
		],
	});
	// A copy of a copy that changes a hyperparameter alone goes on from the same checkpoint.
	await trainings.clone("third", { newName: "fourth", params: { lr: "1" } });
	expect(asked()).toMatchObject({ HyperParameters: { lr: "1", resume_from: "/opt/ml/input/data/checkpoint" } });
	expect((asked() as { InputDataConfig: unknown[] }).InputDataConfig).toHaveLength(2);
});

test.each(["runs:/abc/checkpoints/a.pt", "/home/me/a.pt", "s3://lab", "s3://lab/", "https://lab/a.pt"])(
	"%s is no checkpoint that SageMaker can read",
	(uri) => {
		expect(() => toCheckpointInput(uri, false)).toThrow("SageMaker reads checkpoints from S3 only");
	},
);

test("the age of a log is that of its last line, and none of another training", async () => {
	service.create("first");
	service.create("first-2");
	service.print("first-2", "hello");
	expect(await trainings.lastLogMs("first", never)).toBe(null);
	service.nowMs = 1_700_000_000_123;
	service.print("first", "hello");
	expect(await trainings.lastLogMs("first", never)).toBe(1_700_000_000_123);
});

test("the end of a run is written into the MLflow server, and its refusal is said", async () => {
	const asked: unknown[] = [];
	let status = 200;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			asked.push([
				request.method,
				request.url,
				request.headers.authorization,
				JSON.parse(String(Buffer.concat(chunks))),
			]);
			const refusal = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run 'r' not found" };
			response
				.writeHead(status, { "content-type": "application/json" })
				.end(JSON.stringify(status === 200 ? {} : refusal));
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	try {
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const auth = { kind: "bearer", token: "t" } as const;
		await endServerRun({ url, auth }, "r", "FAILED", 5);
		expect(asked).toEqual([
			["POST", "/api/2.0/mlflow/runs/update", "Bearer t", { run_id: "r", status: "FAILED", end_time: 5 }],
		]);
		status = 404;
		await expect(endServerRun({ url, auth }, "r", "FAILED", 5)).rejects.toMatchObject({
			code: "store.refused",
			message: expect.stringMatching(/^The run's end could not be written: .*Run 'r' not found/),
		});
	} finally {
		server.closeAllConnections();
		server.close();
	}
});
