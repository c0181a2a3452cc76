import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPostgres } from "../../../server/database/postgres";
import { TrainingCheck } from "../../../server/sagemaker/trainingCheck";
import { TrainingReader } from "../../../server/sagemaker/trainingReader";
import type { Job } from "../../../src/shared/relay/job";
import { buildRelay } from "../../support/builtRelay";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { RelayProcess } from "../../support/relayProcess";
import { SagemakerService } from "../../support/sagemakerService";
import { testLogger } from "../../support/testLogger";
import { awsSecret, commit, postAws, queryAsRelay } from "../../support/webhooks";

const patient = { timeout: 60_000, interval: 50 };

/** reliability.md, R12: events that never came. */
describe.skipIf(!postgresFolder)("trainings of which AWS is silent (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let folder: string;
	let sagemaker: SagemakerService;
	let relay: RelayProcess;
	let program: string;
	let project: string;
	let environment: Record<string, string>;
	const before = { ...process.env };
	beforeAll(async () => {
		postgres = await startPostgres();
		sagemaker = await SagemakerService.start();
		folder = mkdtempSync(join(tmpdir(), "gamma-trainings-"));
		program = await buildRelay(folder);
		environment = { ...sagemaker.environment, DATABASE_URL: postgres.url, PORT: "0", AWS_EVENTS_SECRET: awsSecret };
		Object.assign(process.env, sagemaker.environment);
		await start();
		const made = await ask<{ id: string }>("POST", "/api/projects", {
			...{ name: "p", repository: "acme/trained", target: "sagemaker" },
		});
		project = made.id;
	});
	afterAll(async () => {
		process.env = before;
		await relay?.stop();
		await sagemaker?.stop();
		await postgres?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	async function start() {
		relay = await RelayProcess.start(program, { ...environment, LOG_LEVEL: "info" });
	}

	async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
		const response = await fetch(`${relay.url}${path}`, {
			method,
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		expect(response.ok).toBe(true);
		return (await response.json()) as Body;
	}

	/** A job whose training SageMaker has, and whose events EventBridge delivers as the test wants it. */
	async function train(n: number): Promise<{ readonly name: string; readonly job: () => Promise<Job> }> {
		const name = `trained-${n}-${randomUUID().slice(0, 8)}`;
		sagemaker.create(name);
		const { id } = await ask<Job>("POST", "/api/jobs", {
			projectId: project,
			commitSha: commit(n),
			branch: "models/x",
		});
		await ask("PATCH", `/api/jobs/${id}`, { sagemakerJobName: name });
		return { name, job: () => ask<Job>("GET", `/api/jobs/${id}`) };
	}

	/** As EventBridge tells it: more than once. */
	async function tell(name: string) {
		for (const event of sagemaker.events.filter(({ detail }) => detail.TrainingJobName === name)) {
			for (let time = 0; time < 2; time++) expect((await postAws(relay.url, event)).status).toBe(202);
		}
	}

	test("end in the relay as they ended in SageMaker, each told once; a wrong key changes nothing", async () => {
		const [lost, failed, told, unknown] = [await train(1), await train(2), await train(3), await train(4)];
		for (const { name } of [lost, failed, told]) sagemaker.enter(name, "Training");
		for (const { name } of [lost, failed, told]) await tell(name);
		for (const { job } of [lost, failed, told]) expect((await job()).status).toBe("running");
		// The last word on two of them is never delivered; that on another comes before the first word on it comes again.
		sagemaker.complete(lost.name);
		sagemaker.fail(failed.name, "AlgorithmError: exit code 1");
		sagemaker.complete(told.name);
		await tell(told.name);
		const last = sagemaker.events.findLast(({ detail }) => detail.TrainingJobName === lost.name);
		expect((await postAws(relay.url, last, "another secret, as long as it")).status).toBe(401);
		expect((await lost.job()).status).toBe("running");
		await ask("PATCH", `/api/jobs/${(await unknown.job()).id}`, { sagemakerJobName: "never-made-1" });

		const asked = sagemaker.count("DescribeTrainingJob");
		const database = connectPostgres(postgres.url, testLogger);
		const reader = new TrainingReader("us-east-1");
		const names: string[] = [];
		const read = (name: string, signal: AbortSignal) => {
			names.push(name);
			return reader.read(name, signal);
		};
		// The clock is shortened, and nothing else: a look each 50 ms, and 1 s of silence.
		const check = new TrainingCheck({ database, read, logger: testLogger }, { everyMs: 50, quietMs: 1_000 });
		await expect.poll(async () => (await lost.job()).status, patient).toBe("completed");
		await expect.poll(failed.job, patient).toMatchObject({ status: "failed", reason: "AlgorithmError: exit code 1" });
		// The one that SageMaker does not know is asked about again, but not with every look.
		await expect.poll(() => names.filter((name) => name === "never-made-1").length, patient).toBeGreaterThan(1);
		expect(names).not.toContain(told.name);
		expect(names.filter((name) => name === lost.name)).toHaveLength(1);
		expect((await unknown.job()).status).toBe("pending");
		await check.close();
		await database.close();
		expect(sagemaker.count("DescribeTrainingJob")).toBe(asked + names.length);

		// A late event of what is over says nothing new: each state was told once.
		await tell(lost.name);
		const events = await queryAsRelay<{ kind: string; status: string; job: string }>(
			postgres.url,
			"select kind, data::jsonb->>'status' as status, job_id as job from events where job_id = $1 order by events.id",
			[(await lost.job()).id],
		);
		expect(events.map(({ status }) => status).filter((status) => status !== "pending")).toEqual([
			"running",
			"completed",
		]);
	});

	test("are asked about as the relay starts, with its own client, and what it may not ask is said once", async () => {
		const { name, job } = await train(9);
		sagemaker.enter(name, "Training");
		await tell(name);
		await relay.stop();
		sagemaker.complete(name);
		sagemaker.refuse("DescribeTrainingJob", "AccessDeniedException", "not authorized", { times: 1 });
		await start();
		const said = () => relay.log.filter(({ msg }) => msg === "SageMaker cannot be asked about trainings now");
		await expect.poll(said, patient).toHaveLength(1);
		expect((await job()).status).toBe("running");
		await relay.stop();
		await start();
		await expect.poll(async () => (await job()).status, patient).toBe("completed");
		expect(relay.log.map(({ msg }) => msg)).toContain("SageMaker told what no event had");
	});
});
