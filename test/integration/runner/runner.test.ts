import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { EventReader } from "../../support/eventReader";
import { GammaCommand } from "../../support/gammaCommand";
import { GitProject } from "../../support/gitProject";
import { type RelayUnderTest, startTestRelay } from "../../support/relay";
import { isRunning, streamsOf, TrainingProject } from "../../support/trainingProject";

const gamma = new GammaCommand();
let relay: RelayUnderTest;
let project: TrainingProject;
beforeAll(async () => {
	await gamma.build();
	relay = await startTestRelay({ LEASE_SECONDS: "30", LOG_LEVEL: "error" });
});
afterAll(async () => {
	await relay.close();
	gamma.dispose();
});
beforeEach(() => {
	project = new TrainingProject(relay, gamma);
});
afterEach(() => project.remove());

const once = { args: ["--once"] };
const statusOf = async (id: string) => (await project.job(id)).status;
const tagOf = (run: string, key: string) => readFileSync(join(run, "tags", key), "utf8");

describe("one job", () => {
	test("is trained to its end, and everything of it is where it belongs", async () => {
		const sha = project.commit({}, { experiment: "exp", checkpoints: ["checkpoints/*.bin"] });
		project.git.write("train.mjs", "changed by hand");
		const before = project.seen;
		const id = await project.push(sha, { lr: 0.1 });
		const reader = new EventReader(relay.url, relay.token ?? "", project.id);
		await reader.opened;
		const runner = project.runner("r1", once);
		expect(await runner.ended).toBe(0);
		const job = await project.job(id);
		const [run = "", ...others] = project.runsOf(id);
		expect(others).toEqual([]);
		expect(job).toMatchObject({ status: "completed", reason: null, progress: 1, mlflowRunId: run.slice(-32) });
		expect(streamsOf(await project.log(id))).toEqual({
			out: [
				`[gamma] ${sha.slice(0, 7)} of models/x: ${process.execPath} train.mjs\n`,
				...[1, 2, 3].map((epoch) => `epoch ${epoch}/3 loss=${1 / epoch}\n`),
				"[gamma] completed\n",
			].join(""),
			err: "warned 1\nwarned 2\nwarned 3\n",
		});
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^run_name: '?x [0-9a-f]{7}'?$/m);
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^status: 3$/m);
		for (const [key, value] of [
			["mlflow.source.git.commit", sha],
			["mlflow.source.git.branch", "models/x"],
			["gamma.job", id],
			["gamma.runner", "r1"],
			["gamma.params", '{"lr":0.1}'],
		] as const) {
			expect(tagOf(run, key)).toBe(value);
		}
		const points = readFileSync(join(run, "metrics", "loss"), "utf8")
			.trim()
			.split("\n");
		expect(points.map((line) => line.split(" ").slice(1))).toEqual([
			["1", "1"],
			["0.5", "2"],
			["0.3333333333333333", "3"],
		]);
		for (const epoch of [1, 2, 3]) {
			const path = join(run, "artifacts", "checkpoints", `epoch-${epoch}.bin`);
			expect(readFileSync(path, "utf8")).toBe(`weights ${epoch}`);
		}
		await expect.poll(() => reader.events.at(-1)?.data ?? "").toContain('"status":"completed"');
		const told = reader.events.filter(({ kind }) => kind === "job.metric").map(({ data }) => JSON.parse(data));
		expect(told.at(-1)).toMatchObject({ jobId: id, step: 3, metrics: { loss: 1 / 3 } });
		reader.cut();
		// Nothing of it is left, and the person's own repository is as it was.
		expect(project.seen).toBe(before);
		expect(readFileSync(join(project.git.folder, "train.mjs"), "utf8")).toBe("changed by hand");
		expect(runner.kept).toEqual([]);
		const bare = join(runner.dataDir, "repositories", `${project.repository}.git`);
		expect(project.git.gitIn(bare, "worktree", "list").split("\n")).toHaveLength(1);
	});

	test("the repository shows nothing of it while it trains either", async () => {
		const before = project.seen;
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 1000 });
		project.runner("r1", once);
		await expect.poll(() => project.ledger.length).toBe(1);
		expect(project.seen).toBe(before);
		await relay.ask("POST", `/api/jobs/${id}/stop`);
		await expect.poll(() => statusOf(id)).toBe("stopped");
	});

	test("says which of its files go with its checkout", async () => {
		const files = ["checkpoints/a.pt", "out/model.pt", "__pycache__/x.pyc", ...[1, 2, 3, 4, 5, 6].map((n) => `z${n}`)];
		const leaving = `import { mkdirSync, writeFileSync } from "node:fs";
			for (const folder of ["checkpoints", "out", "__pycache__"]) mkdirSync(folder);
			for (const file of ${JSON.stringify(files)}) writeFileSync(file, "x");`;
		const id = await project.push(project.commit({ "train.mjs": leaving, ".gitignore": "out\nmlruns\n" }));
		await project.runner("r1", { args: ["--once"], relay: "", env: { GAMMA_RELAY: relay.url } }).ended;
		const notice =
			'Not kept: out/model.pt, z1, z2, z3, z4 and 2 more. Name what is to be kept as "checkpoints" in .gamma';
		expect(await project.log(id)).toContain(`\n[gamma] ${notice}/train.json.\n[gamma] completed\n`);
		const [run = ""] = project.runsOf(id);
		expect(readdirSync(join(run, "artifacts", "checkpoints")).sort()).toEqual(["a.pt", "manifest.json"]);
	});

	test("finds the data that only the clone has, by links that leave with the checkout", async () => {
		project.git.write("data/train.csv", "1,2");
		project.git.write("labels.csv", "7");
		const read = `import { readFileSync, writeFileSync } from "node:fs";
			console.log(["data/train.csv", "labels.csv", "own/a"].map((path) => readFileSync(path, "utf8")).join(" "));
			writeFileSync("data/cache", "made by the training");`;
		const files = { "train.mjs": read, "own/a": "committed", ".gitignore": "data\nlabels.csv\nmlruns\n" };
		const sha = project.commit(files, { links: ["data", "labels.csv", "own"] });
		const id = await project.push(sha);
		const missing = await project.push(project.commit({}, { links: ["nowhere"] }));
		const before = project.seen;
		project.runner("r1");
		await expect.poll(() => statusOf(missing)).toBe("failed");
		expect(await project.log(id)).toMatch(/\n1,2 7 committed\n\[gamma\] completed\n$/);
		expect((await project.job(missing)).reason).toMatch(
			/^"links" in \.gamma\/train\.json names nowhere, which is not in/,
		);
		expect(readFileSync(join(project.git.folder, "data/train.csv"), "utf8")).toBe("1,2");
		expect(readFileSync(join(project.git.folder, "data/cache"), "utf8")).toBe("made by the training");
		expect(project.seen).toBe(before);
	});

	test("of the demo project is one run, with what the script itself logs", async () => {
		const source = resolve(import.meta.dirname, "../../../examples/spirals");
		project.git.git("rm", "-rq", ".");
		cpSync(source, project.git.folder, { recursive: true });
		const params = JSON.parse(readFileSync(join(source, "params.json"), "utf8"));
		const sha = project.git.commit("short", { "params.json": JSON.stringify({ ...params, epochs: 11 }) });
		const id = await project.push(sha);
		expect(await project.runner("r1", once).ended).toBe(0);
		expect(await project.job(id)).toMatchObject({ status: "completed", progress: 1 });
		expect(
			readdirSync(join(project.git.folder, "mlruns"), { recursive: true }).join("\n").match(/tags$/gm),
		).toHaveLength(1);
		const [run = ""] = project.runsOf(id);
		const points = readFileSync(join(run, "metrics", "val", "loss"), "utf8")
			.trim()
			.split("\n");
		expect(points).toHaveLength(11);
		expect(readdirSync(join(run, "artifacts")).sort()).toEqual(
			expect.arrayContaining(["checkpoints", "decision.png", "logs", "report.md"]),
		);
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^run_name: '?x [0-9a-f]{7}'?$/m);
		expect(tagOf(run, "mlflow.source.git.branch")).toBe("models/x");
	}, 180_000);

	test("that fails says why", async () => {
		const failing = `console.error("Traceback (most recent call last):\\nValueError: lr is negative"); process.exit(3)`;
		const failed = await project.push(project.commit({ "train.mjs": failing }));
		const crashed = await project.push(project.commit({ "train.mjs": "process.kill(process.pid, 'SIGSEGV')" }));
		const missing = await project.push(project.commit({}, { command: ["no-such-program"] }));
		const unsaid = await project.push(project.commit({}, { command: undefined }));
		const wrong = await project.push(project.git.commit("x", { ".gamma/train.json": '{"command": 7}' }));
		project.git.git("remote", "add", "origin", `/nowhere/${project.repository}.git`);
		const unknown = await project.push("c".repeat(40));
		project.runner("r1");
		await expect.poll(() => statusOf(unknown), { timeout: 60_000 }).toBe("failed");
		const reasonOf = async (id: string) => (await project.job(id)).reason;
		expect(await reasonOf(failed)).toBe("The training ended with exit code 3: ValueError: lr is negative");
		expect(await reasonOf(crashed)).toBe("The training was ended by SIGSEGV.");
		expect(await reasonOf(missing)).toBe("no-such-program: there is no such command.");
		expect(await reasonOf(unsaid)).toMatch(/^The commit has no train\.py: say what to run as "command" in \.gamma/);
		expect(await reasonOf(wrong)).toMatch(/^\.gamma\/train\.json, line 1: "command" must be a list/);
		expect(await reasonOf(unknown)).toMatch(/^git fetch failed/);
		expect(await project.log(wrong)).toMatch(/^\[gamma\] failed: \.gamma\/train\.json, line 1/);
	});

	test("whose repository says nothing runs train.py, with the repository's own Python", async () => {
		const python = '#!/bin/sh\necho "own python of $PWD: $*"\nenv | grep -c "^PYTHONUNBUFFERED=1"\n';
		mkdirSync(join(project.git.folder, ".venv", "bin"), { recursive: true });
		project.git.git("rm", "-q", ".gamma/train.json");
		const sha = project.commit({ "train.py": "x", ".gitignore": ".venv\n" });
		project.git.git("rm", "-q", ".gamma/train.json");
		const plain = project.git.commit("plain");
		expect(plain).not.toBe(sha);
		writeFileSync(join(project.git.folder, ".venv", "bin", "python"), python, { mode: 0o755 });
		const id = await project.push(plain);
		expect(await project.runner("r1", once).ended).toBe(0);
		expect(await project.log(id)).toMatch(/^own python of \S+\/tree: train\.py\n1\n/m);
		expect(await statusOf(id)).toBe("completed");
	});

	test("of a re-run gets its params, in the environment and behind the command", async () => {
		const show = "console.log(JSON.stringify([process.env.GAMMA_PARAM_LR, process.argv.slice(2)]))";
		const sha = project.commit({ "train.mjs": show }, { passParams: "arguments", env: { GAMMA_PARAM_LR: "no" } });
		const first = await project.push(sha, { lr: 0.1 });
		project.runner("r1");
		await expect.poll(() => statusOf(first)).toBe("completed");
		const again = await relay.ask<{ id: string }>("POST", "/api/jobs", {
			body: { retryOf: first, params: { lr: 0.2 } },
		});
		await expect.poll(() => statusOf(again.body.id)).toBe("completed");
		expect(await project.log(first)).toContain('["0.1",["--lr","0.1"]]');
		expect(await project.log(again.body.id)).toContain('["0.2",["--lr","0.2"]]');
		const [run = ""] = project.runsOf(again.body.id);
		expect(tagOf(run, "mlflow.runName")).toMatch(/#2$/);
	});

	test("trains what its branch is called, and runs none of it", async () => {
		const sha = project.commit({});
		const branch = "models/$(touch$IFS'pwned');`touch$IFS'pwned'`";
		const id = await project.push(sha, {}, branch);
		const runner = project.runner("r1", once);
		expect(await runner.ended).toBe(0);
		expect(await project.job(id)).toMatchObject({ status: "completed", branch });
		expect(existsSync(join(project.git.folder, "pwned"))).toBe(false);
	});
});

describe("a commit", () => {
	test("that wants labels waits for a runner that has them, and holds up nobody", async () => {
		const id = await project.push(project.commit({}, { labels: ["gpu", "big"] }));
		const other = await project.push(project.commit({}, { labels: [] }));
		const small = project.runner("small", { args: ["--label", "gpu"] });
		await expect.poll(() => statusOf(other)).toBe("completed");
		expect(await project.job(id)).toMatchObject({
			status: "pending",
			reason: "It waits for a runner with the label big.",
		});
		expect(small.kept).toEqual([]);
		project.runner("large", { args: ["--label", "big", "--label", "gpu"] });
		await expect.poll(() => statusOf(id)).toBe("completed");
		expect(project.ledger.filter(({ job }) => job === id).map(({ runner }) => runner)).toEqual(["large", "large"]);
		expect(await project.log(id)).not.toContain("given back");
	});

	test("that only the remote has is fetched from there, and the clone does not change", async () => {
		const server = new GitProject(false);
		server.git("init", "-q", "--bare", `${project.repository}.git`);
		const remote = join(server.folder, `${project.repository}.git`);
		project.git.git("remote", "add", "origin", remote);
		const before = project.seen;
		const colleague = new GitProject(false);
		colleague.git("clone", "-q", project.git.folder, ".");
		const sha = colleague.commit("theirs", { "train.mjs": 'console.log("from afar")' });
		colleague.git("push", "-q", remote, `${sha}:refs/heads/models/x`);
		const id = await project.push(sha);
		const runner = project.runner("r1", once);
		expect(await runner.ended).toBe(0);
		expect(runner.said).not.toContain("failed");
		expect(await project.log(id)).toContain("from afar\n");
		expect(project.seen).toBe(before);
		server.remove();
		colleague.remove();
	});

	test("has its submodules, from beside its remote; one that is gone is named and the job goes on", async () => {
		const lib = new GitProject();
		lib.commit("lib", { "lib.mjs": 'export const name = "from the submodule";' });
		const server = new GitProject(false);
		for (const name of ["lib", "gone"]) server.git("clone", "-q", "--bare", lib.folder, `o/${name}.git`);
		server.git("clone", "-q", "--bare", project.git.folder, `${project.repository}.git`);
		project.git.git("remote", "add", "origin", join(server.folder, `${project.repository}.git`));
		const allow = ["-c", "protocol.file.allow=always"];
		project.git.git(...allow, "submodule", "--quiet", "add", "../lib.git", "lib");
		const use = 'import { name } from "./lib/lib.mjs"; console.log(name);';
		const id = await project.push(project.commit({ "train.mjs": use }));
		const env = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "protocol.file.allow", GIT_CONFIG_VALUE_0: "always" };
		project.runner("r1", { env });
		await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe("completed");
		expect(await project.log(id)).toContain("\nfrom the submodule\n");
		project.git.git(...allow, "submodule", "--quiet", "add", "../gone.git", "gone");
		const without = project.commit({});
		rmSync(join(server.folder, "o", "gone.git"), { recursive: true });
		const other = await project.push(without);
		await expect.poll(() => statusOf(other), { timeout: 30_000 }).toBe("completed");
		expect(await project.log(other)).toMatch(/^\[gamma\] Its submodules are not all there \(git submodule failed/);
		for (const each of [lib, server]) each.remove();
	});
});

describe("the runner's token", () => {
	const token = "s3cret-t0ken-of-the-relay";

	test("reaches neither the training nor a log nor the disk", async () => {
		const own = await startTestRelay({ GAMMA_LOCAL_TOKEN: token, LOG_LEVEL: "info" });
		const at = new TrainingProject(own, gamma);
		const show = "console.log(JSON.stringify(process.env)); console.log('epoch 1/1 loss=1')";
		const id = await at.push(at.commit({ "train.mjs": show }));
		const runner = at.runner("r1", { ...once, env: { RELAY_TOKEN: token, KEPT: "kept" } });
		await expect.poll(async () => (await at.job(id)).status).toBe("completed");
		await runner.ended;
		expect(await at.log(id)).toContain('"KEPT":"kept"');
		expect(await at.log(id)).not.toContain(token);
		expect(runner.said).not.toContain(token);
		expect(own.log.join("\n")).not.toContain(token);
		for (const folder of [runner.dataDir, at.git.folder]) {
			for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
				if (!entry.isFile()) continue;
				expect(readFileSync(join(entry.parentPath, entry.name)).includes(token), entry.name).toBe(false);
			}
		}
		await at.remove();
		await own.close();
	});

	test("on the command line is in no list of processes for long", async () => {
		const runner = project.runner("r1", { token: "", args: ["--token", relay.token ?? ""] });
		await expect.poll(() => runner.said).toContain("waits for jobs");
		expect(readFileSync(`/proc/${runner.pid}/cmdline`, "utf8")).toMatch(/^gamma runner\0*$/);
	});

	test("that is wrong or missing is said in one sentence", async () => {
		const wrong = project.runner("r1", { token: "another-token-than-its" });
		expect(await wrong.ended).toBe(1);
		expect(wrong.said).toMatch(/^gamma: r1 waits for jobs of .*\ngamma: The relay \S+ does not know the token: .*\n$/);
		const missing = project.runner("r1", { token: "" });
		expect(await missing.ended).toBe(1);
		expect(missing.said).toBe("gamma: The relay wants a token: give it in GAMMA_TOKEN, or with --token.\n");
	});
});

test.each([
	[[], 1, /^gamma: Which relay\? Start one \(gamma relay\), or name one/],
	[["--relay", "x", "--gpus", "none"], 2, /names no GPUs: give how many there are/],
	[["--relay", "ftp://x", "--token", "t"], 1, /^gamma: The address of a relay starts with http/],
	[["--relay", "http://x", "--token", "a b"], 1, /^gamma: The relay's token is one word/],
	[["--relay", "http://x", "--token", "t", "--repository", "/"], 1, /^gamma: \/ is in no git repository/],
])("gamma runner %j ends with %d", async (args, code, said) => {
	const finished = await gamma.run(["runner", ...args], { env: { XDG_STATE_HOME: gamma.folder } });
	expect(finished.code).toBe(code);
	expect(finished.err).toMatch(said);
});

describe("GPUs", () => {
	test("each job has one of its own, and as many train at once as there are", async () => {
		const sha = project.git.git("rev-parse", "HEAD");
		const ids = [];
		for (let job = 0; job < 6; job++) ids.push(await project.push(sha, { epochs: 5, pace: 100 }));
		project.runner("r1", { args: ["--gpus", "0,3"], env: { CUDA_VISIBLE_DEVICES: "7" } });
		await expect.poll(() => project.ledger.length, { timeout: 60_000 }).toBe(12);
		expect(new Set(project.ledger.map(({ gpu }) => gpu))).toEqual(new Set(["0", "3"]));
		for (const gpu of ["0", "3"]) {
			// One after the other: each ends before the next begins.
			const kinds = project.ledger.filter((entry) => entry.gpu === gpu).map(({ what }) => what);
			expect(kinds).toEqual(kinds.map((_, at) => (at % 2 === 0 ? "begin" : "end")));
		}
		const open = project.ledger.reduce(
			({ now, most }, { what }) => {
				const next = now + (what === "begin" ? 1 : -1);
				return { now: next, most: Math.max(most, next) };
			},
			{ now: 0, most: 0 },
		);
		expect(open).toEqual({ now: 0, most: 2 });
		for (const id of ids) await expect.poll(() => statusOf(id)).toBe("completed");
	});

	test("without --gpus a job sees what the runner sees", async () => {
		await project.push(project.git.git("rev-parse", "HEAD"));
		await project.runner("r1", { ...once, env: { CUDA_VISIBLE_DEVICES: "5,6" } }).ended;
		expect(project.ledger[0]?.gpu).toBe("5,6");
	});
});

/** A training that does not want to end, with a child in its group, a daemon outside of it, and its own pid: all in the log. */
const stubborn = `
import { spawn } from "node:child_process";
process.on("SIGTERM", () => console.log("asked"));
const child = spawn("sleep", ["600"], { stdio: "ignore" });
const daemon = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
console.log("pids " + [process.pid, child.pid, daemon.pid].join(" "));
setInterval(() => {}, 1000);
`;

async function pidsOf(id: string): Promise<number[]> {
	const find = async () => /^pids ([\d ]+)$/m.exec(await project.log(id))?.[1] ?? "";
	await expect.poll(find, { timeout: 30_000 }).not.toBe("");
	return (await find()).split(" ").map(Number);
}

describe("a stop", () => {
	test("asks the training, then ends all of it that is left", async () => {
		const id = await project.push(project.commit({ "train.mjs": stubborn }));
		const runner = project.runner("r1");
		const pids = await pidsOf(id);
		expect(pids.map(isRunning)).toEqual([true, true, true]);
		await relay.ask("POST", `/api/jobs/${id}/stop`);
		await expect.poll(() => statusOf(id), { timeout: 40_000 }).toBe("stopped");
		expect((await project.job(id)).reason).toMatch(/asked it to stop\.$/);
		expect(await project.log(id)).toMatch(/\nasked\n\[gamma\] stopped: It was stopped\.\n$/);
		expect(pids.map(isRunning)).toEqual([false, false, false]);
		expect(runner.isRunning).toBe(true);
		const [run = ""] = project.runsOf(id);
		expect(readFileSync(join(run, "meta.yaml"), "utf8")).toMatch(/^status: 5$/m);
	});

	test.each([
		["SIGTERM", process.execPath],
		["SIGINT", process.execPath],
		...(existsSync("/usr/bin/node") ? [["SIGTERM", "/usr/bin/node"] as const] : []),
	] as const)("of the runner by %s (%s) stops its job, and the relay hears of it", async (signal, node) => {
		const id = await project.push(project.git.git("rev-parse", "HEAD"), { epochs: 10_000 });
		const runner = project.runner("r1", { node });
		await expect.poll(() => project.ledger.length).toBe(1);
		runner.kill(signal);
		expect(await runner.ended).toBe(0);
		const { status, reason } = await project.job(id);
		expect({ status, reason }).toEqual({ status: "stopped", reason: "The runner r1 was ended while it trained." });
		expect(isRunning(project.ledger[0]?.pid ?? 0)).toBe(false);
		expect(runner.kept).toEqual([]);
	});

	test("what a training leaves behind ends with it", async () => {
		const leaving = stubborn.replace("setInterval(() => {}, 1000);", "process.exit(0);");
		const id = await project.push(project.commit({ "train.mjs": leaving }));
		project.runner("r1");
		await expect.poll(() => statusOf(id), { timeout: 30_000 }).toBe("completed");
		const pids = await pidsOf(id);
		expect(pids.map(isRunning)).toEqual([false, false, false]);
	});
});
