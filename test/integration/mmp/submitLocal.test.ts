import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { RelayFiles } from "../../../src/adapters/localRelay/relayFiles";
import type { Job } from "../../../src/shared/relay/job";
import type { Project } from "../../../src/shared/relay/project";
import { GammaCommand } from "../../support/gammaCommand";
import { freePort } from "../../support/mlflowServer";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { TrainingProject } from "../../support/trainingProject";

const gamma = new GammaCommand();
let relay: RelayUnderTest;
let project: TrainingProject;
let sha: string;
beforeAll(async () => {
	await gamma.build();
	relay = await startTestRelay({ LOG_LEVEL: "error" });
});
afterAll(async () => {
	await relay.close();
	gamma.dispose();
});
beforeEach(() => {
	project = new TrainingProject(relay, gamma);
	sha = project.commit({}, { experiment: "e" });
	project.git.git("checkout", "-q", "-b", "models/x");
	project.git.git("remote", "add", "origin", `git@github.com:${project.repository}.git`);
});
afterEach(() => project.remove());

const submit = (args: readonly string[] = [], env: Record<string, string> = {}) =>
	gamma.run(["submit", "--target", "local", ...args], {
		cwd: project.git.folder,
		env: { GAMMA_RELAY: relay.url, GAMMA_TOKEN: relay.token ?? "", XDG_STATE_HOME: "/nowhere", ...env },
	});
const projects = async () =>
	(await relay.ask<{ items: Project[] }>("GET", "/api/projects")).body.items.filter(
		({ repository }) => repository === project.repository,
	);

test("makes the project and the job, and a runner trains it to its end", async () => {
	const runner = project.runner("r", { args: ["--once"] });
	const said = await submit(["--wait", "--json"]);
	expect(said.code, said.err).toBe(0);
	const told = JSON.parse(said.out) as { jobId: string };
	expect(told).toMatchObject({ target: "local", commit: sha, branch: "models/x", status: "completed", reason: null });
	const [made, ...others] = await projects();
	expect([made?.target, others]).toEqual(["runner", []]);
	const job = (await relay.ask<Job>("GET", `/api/jobs/${told.jobId}`)).body;
	expect(job).toMatchObject({
		projectId: made?.id,
		commitSha: sha,
		message: "train",
		status: "completed",
		target: "runner",
	});
	expect(project.runsOf(told.jobId)).toHaveLength(1);
	expect(said.err).toContain("gamma: the job is completed\n");
	expect(await runner.ended).toBe(0);
});

test("a training that fails ends --wait with 1 and says why", async () => {
	project.commit({ "train.mjs": "process.exit(3)" });
	const runner = project.runner("r", { args: ["--once"] });
	const said = await submit(["--wait"]);
	expect(said.code).toBe(1);
	expect(said.out).toMatch(/ of models\/x is failed as \S+: \S/);
	await runner.ended;
});

test("a second job is of the same project, and without --wait it is only made", async () => {
	const first = JSON.parse((await submit(["--json"])).out) as { jobId: string; status: string };
	const second = JSON.parse((await submit(["--json", "--branch", "models/y"])).out) as { jobId: string };
	expect(first.status).toBe("pending");
	const jobs = await Promise.all(
		[first, second].map(async ({ jobId }) => (await relay.ask<Job>("GET", `/api/jobs/${jobId}`)).body),
	);
	expect(new Set(jobs.map(({ projectId }) => projectId)).size).toBe(1);
	expect(jobs.map(({ branch }) => branch)).toEqual(["models/x", "models/y"]);
});

test("a project that SageMaker trains is left to it", async () => {
	await submit();
	const [made] = await projects();
	await relay.ask("PATCH", `/api/projects/${made?.id}`, { body: { target: "sagemaker" } });
	const said = await submit();
	expect(said.code).toBe(1);
	expect(said.err).toContain(`The relay leaves ${project.repository} to SageMaker`);
});

test.each([
	[["--branch", "main"], {}, 1, "main is no branch of models: push to models or models/…, or name one with --branch."],
	[[], { GAMMA_TOKEN: "" }, 1, "The relay wants a token: give it in GAMMA_TOKEN, or with --token."],
	[[], { GAMMA_TOKEN: "another" }, 1, "does not know you"],
	[[], { GAMMA_RELAY: "" }, 1, "Which relay? Start one (gamma relay), or name one with --relay or GAMMA_RELAY."],
	[[], { GAMMA_RELAY: "nowhere" }, 1, "The address of a relay starts with http:// or https:// and a host."],
	[["--target", "moon"], {}, 2, "Allowed choices are local, sagemaker."],
])("%j with %j is refused in one sentence", async (args, env, code, sentence) => {
	const said = await submit(args, env);
	expect([said.code, said.out]).toEqual([code, ""]);
	expect(said.err).toContain(sentence);
});

test("without a word the relay is this machine's own, by the files that it leaves", async () => {
	const state = mkdtempSync(join(tmpdir(), "gamma-state-"));
	await new RelayFiles(join(state, "gamma", "relay")).makeFolder();
	await new RelayFiles(join(state, "gamma", "relay")).publish(relay.url, relay.token ?? "");
	const said = await submit(["--json"], { GAMMA_RELAY: "", GAMMA_TOKEN: "", XDG_STATE_HOME: state });
	expect([said.code, said.err]).toEqual([0, ""]);
	const { jobId } = JSON.parse(said.out) as { jobId: string };
	expect((await relay.ask<Job>("GET", `/api/jobs/${jobId}`)).body.commitSha).toBe(sha);
	rmSync(state, { recursive: true });
});

test("a relay that is not there is said", async () => {
	const said = await submit([], { GAMMA_RELAY: `http://127.0.0.1:${await freePort()}` });
	expect(said.code).toBe(1);
	expect(said.err).toContain("is not running (connection refused).");
});

test("a key that nobody reads is named, and trains all the same", async () => {
	project.commit({}, { comand: ["python3"] });
	const said = await submit();
	expect([said.code, said.err]).toEqual([0, "gamma: Nobody reads “comand” in .gamma/train.json: is it misspelt?\n"]);
});
