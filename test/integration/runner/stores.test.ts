import { readdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GammaCommand } from "../../support/gammaCommand";
import { GitProject } from "../../support/gitProject";
import { startMlflowServer } from "../../support/mlflowServer";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { readRuns } from "../../support/sidecar";
import { TrainingProject } from "../../support/trainingProject";

const python = process.env.GAMMA_PYTHON ?? "";
const gamma = new GammaCommand();
let relay: RelayUnderTest;
let project: TrainingProject;
beforeAll(async () => {
	await gamma.build();
	relay = await startTestRelay({ LEASE_SECONDS: "60", LOG_LEVEL: "error" });
});
afterAll(async () => {
	await relay.close();
	gamma.dispose();
});
beforeEach(() => {
	project = new TrainingProject(relay, gamma);
});
afterEach(() => project.remove());

async function train(sha: string, env: Record<string, string> = {}, params = {}): Promise<string> {
	const id = await project.push(sha, params);
	const runner = project.runner("r1", { args: ["--once"], env });
	expect(await runner.ended).toBe(0);
	return id;
}

describe.skipIf(!python)("a job's run as MLflow's own client reads it (needs MLflow)", () => {
	test("is in the repository's folder, and is the run of a script that logs by itself", async () => {
		const script = [
			"import mlflow",
			"with mlflow.start_run():",
			'    mlflow.log_param("lr", 0.1)',
			'    mlflow.log_metric("own", 0.1 + 0.2, step=7)',
			'print("epoch 1/1 loss=0.5")',
		].join("\n");
		const settings = { command: [python, "own.py"], experiment: "exp: [1]" };
		const id = await train(project.commit({ "own.py": script }, settings), { MLFLOW_DISABLE_TELEMETRY: "true" });
		const [run, ...others] = await readRuns(python, join(project.git.folder, "mlruns"), "exp: [1]");
		expect(others).toEqual([]);
		expect(run).toMatchObject({
			id: (await project.job(id)).mlflowRunId,
			status: "FINISHED",
			ended: true,
			tags: { "gamma.job": id, "gamma.attempt": "1", "gamma.exitCode": "0" },
		});
		expect(run?.metrics.own).toEqual([["0.30000000000000004", 7]]);
		expect(run?.metrics.loss).toEqual([["0.5", 1]]);
		expect(project.git.git("status", "--porcelain")).toBe("");
	});

	test("is on the server that the repository names", async () => {
		const folder = await mkdtemp(join(tmpdir(), "gamma-runner-mlflow-"));
		const server = await startMlflowServer(python, `sqlite:///${folder}/mlflow.db`, join(folder, "artifacts"));
		const settings = { env: { MLFLOW_TRACKING_URI: server.url }, experiment: "far" };
		const id = await train(project.commit({}, settings), { GAMMA_SPOOL_DIR: join(folder, "spool") });
		const [run, ...others] = await readRuns(python, server.url, "far");
		expect(others).toEqual([]);
		expect(run).toMatchObject({ id: (await project.job(id)).mlflowRunId, tags: { "gamma.job": id } });
		expect(run?.metrics.loss?.map(([, step]) => step)).toEqual([1, 2, 3]);
		expect(run?.artifacts).toEqual(
			expect.arrayContaining(["checkpoints/epoch-1.bin", "checkpoints/epoch-3.bin", "logs/output.log"]),
		);
		expect(readdirSync(join(folder, "spool"))).toEqual([]);
		expect(readdirSync(project.git.folder)).not.toContain("mlruns");
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});
});

test("a store in an SQLite file is refused with what to do, and the job says so", async () => {
	const id = await train(project.commit({}, { env: { MLFLOW_TRACKING_URI: "sqlite:///mlflow.db" } }));
	expect(await project.job(id)).toMatchObject({
		status: "failed",
		reason: expect.stringMatching(/start a server over it/),
	});
	expect(project.ledger).toEqual([]);
});

test("the experiment is the commit's, else the project's", async () => {
	await project.make();
	await relay.ask("PATCH", `/api/projects/${project.id}`, { body: { mlflowExperiment: "of the project" } });
	const own = await train(project.commit({}, { experiment: "of the commit" }));
	const plain = await train(project.commit({}));
	const listed = await gamma.json(["runs", "--store", join(project.git.folder, "mlruns")]);
	const experiments = new Map(
		(listed as { experimentName: string; tags: Record<string, string> }[]).map((run) => [
			run.tags["gamma.job"],
			run.experimentName,
		]),
	);
	expect([experiments.get(own), experiments.get(plain)]).toEqual(["of the commit", "of the project"]);
});

test("outside of a clone the runs are in the runner's own folder", async () => {
	const nowhere = new GitProject(false);
	const remote = `${project.repository}.git`;
	const id = await project.push(project.git.git("rev-parse", "HEAD"));
	// The forge of whoever has no clone, here a folder.
	nowhere.git("clone", "-q", "--bare", project.git.folder, remote);
	const env = {
		GIT_CONFIG_COUNT: "1",
		GIT_CONFIG_KEY_0: `url.${nowhere.folder}/.insteadOf`,
		GIT_CONFIG_VALUE_0: "https://github.com/",
	};
	const runner = project.runner("r1", { args: ["--once"], cwd: nowhere.folder, env });
	expect(await runner.ended).toBe(0);
	expect(await project.job(id)).toMatchObject({ status: "completed" });
	expect(readdirSync(join(runner.dataDir, "mlruns", "0"))).toHaveLength(2);
	expect(project.runsOf(id)).toEqual([]);
	nowhere.remove();
});
