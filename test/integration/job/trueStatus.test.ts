import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SagemakerReader } from "../../../src/adapters/aws/sagemakerReader";
import { endServerRun } from "../../../src/adapters/mlflow/endServerRun";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import { toRelayClient } from "../../../src/adapters/mmp/submitToRelay";
import { RelayFeed } from "../../../src/adapters/relay/relayFeed";
import { AwsAccess } from "../../../src/core/aws/awsAccess";
import { awsOfEnvironment } from "../../../src/core/aws/awsChoice";
import { Emitter } from "../../../src/core/emitter";
import { jobOfRun } from "../../../src/core/jobs/jobAttempts";
import { JobModel } from "../../../src/core/jobs/jobModel";
import { RelayJobs } from "../../../src/core/jobs/relayJobs";
import { joinTrainings } from "../../../src/core/sagemaker/joinTrainings";
import { SagemakerWatch } from "../../../src/core/sagemaker/sagemakerWatch";
import { endReason } from "../../../src/core/sagemaker/training";
import type { Job } from "../../../src/shared/relay/job";
import type { Project } from "../../../src/shared/relay/project";
import { disagreementsOfJob } from "../../../src/ui/panels/jobTrueStatus";
import { type RunningServer, startMlflowServer } from "../../support/mlflowServer";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { SagemakerService } from "../../support/sagemakerService";
import { testLogger } from "../../support/testLogger";

const python = process.env.GAMMA_PYTHON;
const hour = 3600_000;
const sha = "0123456789abcdef0123456789abcdef01234567";
const patience = { timeout: 60_000, interval: 100 };

describe.skipIf(!python)("one training and its witnesses (needs MLflow's Python)", () => {
	let folder: string;
	let mlflow: RunningServer;
	let relay: RelayUnderTest;
	let service: SagemakerService;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "gamma-true-"));
		service = await SagemakerService.start();
		[mlflow, relay] = await Promise.all([
			startMlflowServer(python ?? "", `sqlite:///${join(folder, "mlflow.db")}`, join(folder, "artifacts")),
			startTestRelay({ LOG_LEVEL: "error" }),
		]);
	});
	afterAll(async () => {
		await mlflow?.stop();
		await relay?.close();
		await service?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const begin = async (runName: string) => {
		const tags = [
			{ key: "mlflow.runName", value: runName },
			{ key: "mlflow.source.git.commit", value: sha },
		];
		const body = JSON.stringify({ experiment_id: "0", start_time: Date.now() - 4 * hour, tags });
		const headers = { "content-type": "application/json" };
		const made = await fetch(`${mlflow.url}/api/2.0/mlflow/runs/create`, { method: "POST", headers, body });
		return ((await made.json()) as { run: { info: { run_id: string } } }).run.info.run_id;
	};

	/** The jobs of the relay with what SageMaker says of them, as a window of the editor has them. */
	function aWindow() {
		const client = toRelayClient(relay.url, relay.token ?? "", testLogger);
		const source = new RelayJobs({
			url: relay.url,
			relay: client,
			follow: (projectId, reader) => new RelayFeed({ client, projectId, reader, logger: testLogger }),
			isShown: () => true,
			ownCommits: async () => new Set(),
			urlOf: () => null,
			logger: testLogger,
		});
		const sagemaker = new SageMakerClient({
			...{ region: "us-east-1", endpoint: service.url, maxAttempts: 2 },
			credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "of the tests" },
		});
		const never = new Emitter<void>();
		const access = new AwsAccess({ readChoice: () => awsOfEnvironment, onDidChangeChoice: never.event });
		const watch = new SagemakerWatch({
			access,
			attention: { isPaid: true, onDidChange: never.event },
			reader: async () => new SagemakerReader(sagemaker),
			project: async () => ({ project: "ada/spirals", role: null, names: new Set() }),
		});
		const jobs = new JobModel();
		jobs.use(source);
		jobs.joinWith({
			join: (told) => joinTrainings(told, watch.trainings.values()),
			doors: [],
			onDidChange: watch.onDidChange,
		});
		const dispose = () => {
			jobs.dispose();
			watch.dispose();
			access.dispose();
			source.dispose();
			sagemaker.destroy();
		};
		return { client, jobs, watch, dispose };
	}

	test("a relay's job and a training that name each other by tags are one job, whose contradictions are said and mended", async () => {
		const wish = { name: "spirals", repository: "ada/spirals", target: "sagemaker" };
		const project = (await relay.ask<Project>("POST", "/api/projects", { body: wish })).body;
		const pushed = { projectId: project.id, branch: "models/wider", commitSha: sha, message: "Wider" };
		const { id } = (await relay.ask<Job>("POST", "/api/jobs", { body: pushed })).body;
		const runId = await begin("calm-owl-11");
		const name = "spirals-models-wider-0123456-42-1";
		const tags = { "gamma:project": "ada/spirals", "gamma:commit": sha, "gamma:job": id };
		service.nowMs = Date.now() - 4 * hour;
		service.create(name, { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
		service.enter(name, "Training");
		service.nowMs = Date.now() - 3 * hour;
		service.fail(name, "AlgorithmError: out of memory");

		const store = new MlflowServerStore({ id: "s", url: mlflow.url, label: "server" });
		const { client, jobs, dispose } = aWindow();
		try {
			await expect.poll(() => jobs.job(id)?.training?.status, patience).toBe("Failed");
			expect([...jobs.snapshot.jobs.keys()]).toEqual([id]);
			// What the relay was told stays the job's state, and the tags are no guess.
			expect(jobs.job(id)).toMatchObject({
				job: { status: "pending", sagemakerJobName: name },
				training: { isGuess: false, reason: "AlgorithmError: out of memory" },
			});
			const look = async () => {
				const tracked = jobs.job(id);
				if (!tracked) throw new Error("the job is gone");
				const run = await store.run(runId);
				expect(jobOfRun(run, [tracked])).toBe(tracked);
				const scene = { run, canWriteRun: store.kind === "mlflow-server", lastLogMs: null, lastCheckpointMs: null };
				return { tracked, found: disagreementsOfJob(tracked, { ...scene, nowMs: Date.now() }) };
			};
			const { tracked, found } = await look();
			expect(found).toEqual([
				{
					words: "The relay says it waits, SageMaker that it failed 3 h ago.",
					mend: { kind: "endJob", status: "failed" },
				},
				{ words: "MLflow says RUNNING, the job failed 3 h ago.", mend: { kind: "endRun", status: "FAILED" } },
			]);

			const reason = tracked.training ? endReason(tracked.training) : null;
			await client.changeJob(id, { status: "failed", reason });
			await expect
				.poll(() => jobs.job(id)?.job, patience)
				.toMatchObject({ status: "failed", reason: "AlgorithmError: out of memory" });
			expect((await look()).found.map(({ words }) => words)).toEqual(["MLflow says RUNNING, the job failed 3 h ago."]);

			const endMs = Date.now();
			await endServerRun({ url: mlflow.url }, runId, "FAILED", endMs);
			expect((await look()).found).toEqual([]);
			expect(await store.run(runId)).toMatchObject({ status: "FAILED", endTimeMs: endMs });
			await expect(endServerRun({ url: mlflow.url }, "0".repeat(32), "FAILED", endMs)).rejects.toMatchObject({
				code: "store.refused",
				message: expect.stringContaining("The run's end could not be written"),
			});
		} finally {
			dispose();
			store.dispose();
		}
	});
});
