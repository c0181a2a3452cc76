import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import examples from "@octokit/webhooks-examples";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/relay/job";
import { copyDemo, type DemoCopy, demoFolder } from "../../support/demoCopy";
import { EventReader } from "../../support/eventReader";
import { sign } from "../../support/webhooks";

const root = resolve(import.meta.dirname, "../../..");
const isBuilt = existsSync(join(root, "dist", "server", "main.js")) && existsSync(join(root, "dist", "gamma.cjs"));

/** As `npm start` brings it: nothing is configured, a person pushes. */
describe.skipIf(!demoFolder || !isBuilt)("the demo project, pushed to", () => {
	const state = mkdtempSync(join(tmpdir(), "gamma-demo-state-"));
	let demo: DemoCopy;
	let relay: ChildProcess;
	/** Of a person whose git knows nothing of them. */
	const env = {
		...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT|MLFLOW)_/.test(name))),
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_CONFIG_SYSTEM: "/dev/null",
		HOME: state,
	};
	let url = "";
	let token = "";

	beforeAll(async () => {
		demo = copyDemo();
		[relay, { url, token }] = await startRelay();
	});
	afterAll(async () => {
		await endRelay();
		demo.remove();
		rmSync(state, { recursive: true, force: true });
	});

	async function startRelay(): Promise<[ChildProcess, { url: string; token: string }]> {
		const child = spawn(process.execPath, [join(root, "tools", "demoRelay.mjs"), demo.folder, state], {
			env,
			stdio: ["ignore", "pipe", "pipe"],
		});
		let said = "";
		child.stderr.on("data", (bytes) => {
			said += String(bytes);
		});
		const line = await new Promise<string>((done, fail) => {
			child.stdout.once("data", (bytes) => done(String(bytes)));
			child.once("exit", () => fail(new Error(`the demo's relay ended: ${said}`)));
		});
		return [child, JSON.parse(line) as { url: string; token: string }];
	}

	async function endRelay(): Promise<number | null> {
		if (relay.exitCode !== null) return relay.exitCode;
		const ended = new Promise<number | null>((done) => relay.once("exit", done));
		relay.kill("SIGTERM");
		return ended;
	}

	function git(...args: string[]): { status: number | null; out: string; err: string } {
		const { status, stdout, stderr } = spawnSync("git", args, { cwd: demo.folder, env, encoding: "utf8" });
		return { status, out: stdout.trim(), err: stderr };
	}

	/** A commit with one param changed, of a training that takes a moment only. */
	function change(branch: string, title: string): string {
		const params = join(demo.folder, "params.json");
		const text = readFileSync(params, "utf8");
		git("checkout", "-q", "-B", branch);
		writeFileSync(
			params,
			text.replace(/"epochs": \d+/, '"epochs": 4').replace(/"seed": (\d+)/, (_, n) => `"seed": ${Number(n) + 1}`),
		);
		expect(git("commit", "-q", "-a", "-m", title).status).toBe(0);
		return git("rev-parse", "HEAD").out;
	}

	const jobs = async (): Promise<readonly Job[]> => {
		const response = await fetch(`${url}/api/jobs`, { headers: { authorization: `Bearer ${token}` } });
		return ((await response.json()) as { items: Job[] }).items;
	};
	const jobOf = async (commitSha: string) => (await jobs()).find((job) => job.commitSha === commitSha);

	test("what was there before trains nothing", async () => {
		expect(git("ls-remote", "--heads", "origin").out).toContain("refs/heads/models/cosine");
		expect(await jobs()).toEqual([]);
	});

	test("one push is one job: it is trained to its end, its events tell so, and its run is in the demo's store", async () => {
		const project = await fetch(`${url}/api/projects`, { headers: { authorization: `Bearer ${token}` } });
		const { items } = (await project.json()) as { items: { id: string; repository: string }[] };
		expect(items.map(({ repository }) => repository)).toEqual(["demo/spirals"]);
		const reader = new EventReader(url, token, items[0]?.id ?? "");
		await reader.opened;
		const sha = change("models/mine", "Change the seed\n\nWith a body.");
		const pushed = git("push");
		expect(pushed.err).toContain("gamma: models/mine is with the relay");
		await expect.poll(async () => (await jobOf(sha))?.status, { timeout: 90_000 }).toBe("completed");
		const job = await jobOf(sha);
		expect(job).toMatchObject({
			branch: "models/mine",
			message: "Change the seed\n\nWith a body.",
			author: "Ada",
			attempt: 1,
		});
		const told = reader.events.filter(({ data }) => data.includes(job?.id ?? "no job"));
		expect(told[0]?.kind).toBe("job.created");
		expect(new Set(told.map(({ kind }) => kind))).toEqual(
			new Set(["job.created", "job.updated", "job.metric", "job.log"]),
		);
		reader.cut();
		const run = runFolder(job?.mlflowRunId ?? "");
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^status: 3$/m);
		expect(readFileSync(join(run, "tags", "mlflow.source.git.commit"), "utf8")).toBe(sha);
		expect(readFileSync(join(run, "params", "epochs"), "utf8")).toBe("4");
		expect(lines(join(run, "metrics", "val", "loss"))).toBe(4);
		expect(lines(join(run, "metrics", "train", "loss"))).toBe(4 * 9 * 2);
		expect(readdirSync(join(run, "artifacts"))).toEqual(expect.arrayContaining(["decision.png", "report.md"]));
		expect(git("status", "--porcelain").out).toBe("");
	});

	function runFolder(id: string): string {
		const store = join(demo.folder, "mlruns");
		return (
			readdirSync(store)
				.map((experiment) => join(store, experiment, id))
				.find((run) => id !== "" && existsSync(run)) ?? "no run"
		);
	}
	const lines = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n").length;

	test("two commits in one push are one job, of the newer; a push to main and a deleted branch are none", async () => {
		change("models/mine", "First of two");
		const sha = change("models/mine", "Second of two");
		const before = (await jobs()).length;
		git("push");
		git("checkout", "-q", "-B", "main");
		git("commit", "-q", "--allow-empty", "-m", "Nothing to train");
		expect(git("push", "--force").status).toBe(0);
		await expect.poll(async () => (await jobOf(sha))?.status, { timeout: 90_000 }).toBe("completed");
		git("push", "origin", "--delete", "models/mine");
		expect((await jobs()).length).toBe(before + 1);
	});

	test("what the hook says is what GitHub says, key by key", async () => {
		const file = join(state, "demo", "spirals.git", "gamma-relay.json");
		const right = readFileSync(file, "utf8");
		const heard: { headers: IncomingHttpHeaders; body: string }[] = [];
		const server = createServer((request, response) => {
			let body = "";
			request.setEncoding("utf8").on("data", (text: string) => {
				body += text;
			});
			request.on("end", () => {
				heard.push({ headers: request.headers, body });
				response.writeHead(202).end();
			});
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const { port } = server.address() as AddressInfo;
		writeFileSync(file, JSON.stringify({ ...JSON.parse(right), url: `http://127.0.0.1:${port}` }));
		const sha = change("models/heard", "Heard");
		// The server is in this process, which may not wait for git.
		await new Promise((done) => spawn("git", ["push"], { cwd: demo.folder, env, stdio: "ignore" }).once("exit", done));
		writeFileSync(file, right);
		await new Promise((done) => server.close(done));
		const [told] = heard;
		const push = JSON.parse(told?.body ?? "{}") as { head_commit: object; commits: readonly object[] };
		const pushes: readonly object[] = examples.find(({ name }) => name === "push")?.examples ?? [];
		const [github] = pushes.map((each) => each as typeof push);
		const withCommits = pushes.map((each) => each as typeof push).find(({ commits }) => commits.length > 0);
		expect(Object.keys(push).sort()).toEqual(Object.keys(github ?? {}).sort());
		expect(Object.keys(push.head_commit).sort()).toEqual(Object.keys(withCommits?.commits[0] ?? {}).sort());
		expect(push).toMatchObject({
			ref: "refs/heads/models/heard",
			after: sha,
			created: true,
			deleted: false,
			forced: false,
		});
		expect(push.head_commit).toMatchObject({ id: sha, message: "Heard", modified: ["params.json"], added: [] });
		expect(told?.headers).toMatchObject({ "x-github-event": "push", "content-type": "application/json" });
		const { secret } = JSON.parse(right) as { secret: string };
		expect(told?.headers["x-hub-signature-256"]).toBe(sign(told?.body ?? "", secret));
	});

	test("a push that was signed with another secret makes nothing", async () => {
		const file = join(state, "demo", "spirals.git", "gamma-relay.json");
		const right = readFileSync(file, "utf8");
		writeFileSync(file, JSON.stringify({ ...JSON.parse(right), secret: "another" }));
		const sha = change("models/forged", "Forged");
		const pushed = git("push");
		writeFileSync(file, right);
		expect(pushed.err).toContain("gamma: the relay did not take the push (401)");
		expect(await jobOf(sha)).toBeUndefined();
	});

	test("the end of npm start ends relay and runner; a push then says so, and the next start goes on", async () => {
		expect(await endRelay()).toBe(0);
		await expect(fetch(`${url}/api/health`)).rejects.toThrow();
		change("models/later", "While nobody listens");
		const pushed = git("push");
		expect([pushed.status, pushed.err.includes("gamma: the relay is not running (ECONNREFUSED)")]).toEqual([0, true]);
		const known = new Set((await restart()).map(({ id }) => id));
		expect(known.size).toBeGreaterThan(1);
		const sha = change("models/later", "Again");
		expect(git("push").err).toContain("is with the relay");
		await expect.poll(async () => (await jobOf(sha))?.status, { timeout: 90_000 }).toBe("completed");
	});

	async function restart(): Promise<readonly Job[]> {
		[relay, { url, token }] = await startRelay();
		return jobs();
	}
});
