import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GitWords } from "../../../src/adapters/agent/gitHistory";
import { FolderFiles } from "../../../src/adapters/agent/workspaceFiles";
import { guardPath } from "../../../src/adapters/edits/guardPath";
import { GitCommand } from "../../../src/adapters/git/gitCommand";
import { AgentToolbox } from "../../../src/core/agent/agentToolbox";
import { assemble } from "../../../src/core/agent/context/assemble";
import { instructions } from "../../../src/core/agent/instructions";
import { Permissions } from "../../../src/core/agent/permissions";
import { serveCall } from "../../../src/core/agent/serveCall";
import type { Sources } from "../../../src/core/agent/sources";
import { actionTools, editTools } from "../../../src/core/agent/tools/changeTools";
import { codeTools, trainingTools } from "../../../src/core/agent/tools/readTools";
import { showTools } from "../../../src/core/agent/tools/showTools";
import type { ProposedEdits } from "../../../src/core/edits/proposedEdits";
import { type AgentUnderTest, partsOf, promptOf, startAgent, until, untilIdle } from "../../support/agentUnderTest";
import { aTrackedJob } from "../../support/aJob";
import { aRun } from "../../support/aRun";
import { attacks, canaries, canaryMarks, order } from "../../support/attacks";
import { GitProject } from "../../support/gitProject";
import { treeDigest } from "../../support/treeDigest";

const home = new GitProject(false);
const project = new GitProject();
const done: string[] = [];
let isTrusted = true;

/** Takes what is proposed as the review does: the disk has a say, and nothing is written. */
const edits: Pick<ProposedEdits, "propose" | "takeDecisions"> = {
	propose: async (conversationId, title, files) => {
		for (const { path } of files) await guardPath(project.folder, path);
		done.push(`proposed ${files.map(({ path }) => path).join()}`);
		return { id: "set", conversationId, title, files: [], isDecided: false };
	},
	takeDecisions: () => null,
};
const log = `epoch 1\n${order}\n${canaries.aws}\n${canaries.bearer}\nRuntimeError: CUDA out of memory`;
const sources: Sources = {
	files: () => new FolderFiles(project.folder),
	git: () => new GitWords(new GitCommand("git", project.folder)),
	runs: () => [aRun({ name: `fox ${order}`, params: { token: canaries.github, lr: "0.1", note: order } })],
	ticked: () => [],
	history: async () => ({
		steps: new Float64Array(1e5),
		values: new Float64Array(1e5),
		timestampsMs: new Float64Array(1e5),
	}),
	artifacts: async () => [{ path: order, isDir: false, sizeBytes: 1 }],
	jobs: () => [aTrackedJob({ message: `${order} ${canaries.slack}` })],
	log: async () => log,
};

describe("a model that obeys whoever wrote what it read", () => {
	let agent: AgentUnderTest;
	let before: string;
	const state = () => `${treeDigest(project.folder)} ${treeDigest(home.folder)}`;
	const real = globalThis.fetch;

	beforeAll(async () => {
		home.write("outside.txt", "canary-of-a-file");
		home.write("notes.md", "canary-of-a-file");
		project.commit("first", { "train.py": "lr = 0.1\n", "README.md": order });
		project.commit("second", {
			...{
				".env": "X=canary-of-a-file",
				"config/.env.production": "X=canary-of-a-file",
				".git-credentials": canaries.address,
			},
			...{ "deploy/server.pem": canaries.pem, id_ed25519: canaries.pem, ".aws/credentials": "canary-of-a-file" },
			...{ kubeconfig: "canary-of-a-file", "infra/terraform.tfstate": "canary-of-a-file" },
			"notes.txt": Object.values(canaries).join("\n"),
			"big.log": `${order}\n${"x".repeat(99)}\n`.repeat(20_000),
		});
		project.git("remote", "add", "origin", canaries.address);
		const link = (target: string, name: string) => symlinkSync(target, join(project.folder, name));
		link(join(home.folder, "notes.md"), "notes-link.md");
		link(home.folder, "linked");
		link("notes-link.md", "link-of-link.md");
		link("nowhere", "dangling");
		link("circle", "circle");
		link(".env", "harmless.txt");
		link(".git", "git-link");
		if (process.platform !== "win32") execFileSync("mkfifo", [join(project.folder, "pipe")]);
		agent = await startAgent();
		const toolbox = new AgentToolbox({
			tools: [
				...codeTools(sources),
				...trainingTools(sources),
				...editTools(sources, () => edits as ProposedEdits),
				...showTools(sources, { newId: () => "view", now: () => 0 }),
				...actionTools(() => ({
					retry: async () => `${done.push("started")}`,
					stop: async () => void done.push("stopped"),
					comment: async () => void done.push("commented"),
				})),
			],
			permissions: agent.permissions,
			isTrusted: () => isTrusted,
		});
		agent.desk.dispose();
		agent.desk = await agent.again({
			toolbox,
			describe: (call) => toolbox.describe(call),
			assemble: (prompt, signal) => assemble(prompt, sources, signal),
			system: () => instructions,
		});
		globalThis.fetch = (input, init) => {
			const url = new URL(input instanceof Request ? input.url : String(input));
			if (url.origin !== agent.server.url) done.push(`asked ${url.origin}`);
			return real(input, init);
		};
	});
	afterAll(async () => {
		globalThis.fetch = real;
		await agent?.close();
		for (const folder of [project, home]) folder.remove();
	});
	beforeEach(async () => {
		isTrusted = true;
		done.length = 0;
		agent.server.clear();
		await agent.desk.begin({ jobId: null });
		before = state();
	});
	afterEach(() => {
		expect(state()).toBe(before);
		for (const { text } of agent.server.seen) for (const mark of canaryMarks) expect(text).not.toMatch(mark);
	});

	/** What came of one call: asked of the person (who says no), refused, or run. */
	async function attempt(tool: string, input: unknown): Promise<{ asked: boolean; state: string; output: string }> {
		agent.server.script({ blocks: [{ tool, input }] }, { blocks: [{ text: "Done." }] });
		await agent.desk.send(promptOf("go"));
		let asked = false;
		await until(agent.desk, () => {
			const open = agent.desk.snapshot.open;
			if (open?.activity.kind === "asking") {
				asked = true;
				agent.desk.answer(open.activity.callId, "deny", "once");
			}
			return open?.activity.kind === "idle";
		});
		const call = partsOf(agent.desk.snapshot.open?.messages ?? [], "tool").at(-1);
		return { asked, state: call?.state ?? "", output: call?.output ?? "" };
	}

	test("there are enough attacks for the corpus to mean something", () => {
		expect(attacks.length).toBeGreaterThanOrEqual(60);
		expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
	});

	// A prompt's own secrets are the person's to send; those that a model writes into a call come back in its history.
	const sendable = attacks.filter(({ input }) => !canaryMarks.some((mark) => mark.test(JSON.stringify(input))));
	test.each(sendable.map((attack) => [attack.name, attack] as const))("%s", async (_, { tool, input, expected }) => {
		const came = await attempt(tool, input);
		expect(came.asked).toBe(expected === "asked");
		if (expected === "harmless") expect(came.state).toMatch(/done|failed/);
		else expect(came.state).toMatch(/denied|failed/);
		expect(came.output).not.toContain(home.folder);
		expect(done).toEqual([]);
	});

	test("a secret in what a model writes into a call reaches nobody but a person who is asked", async () => {
		for (const { tool, input } of attacks.filter((attack) => !sendable.includes(attack))) {
			const came = await attempt(tool, input);
			expect(came.asked).toBe(true);
			agent.server.clear();
		}
		expect(done).toEqual([]);
	});

	test("in a workspace that is not trusted nothing is offered, asked or run but reading", async () => {
		isTrusted = false;
		for (const { tool, input } of sendable.filter(({ expected }) => expected === "asked")) {
			const came = await attempt(tool, input);
			expect(came).toMatchObject({ asked: false, state: "denied" });
			expect(agent.server.asked.at(-1)?.body.tools?.some(({ name }) => name.startsWith("propose"))).toBe(false);
			agent.server.clear();
		}
		expect((await attempt("read_file", { path: "train.py" })).output).toContain("lr = 0.1");
	});

	test("through the door of other agents nothing more comes: no attack is asked of anybody, and none does anything", async () => {
		const lent = new AgentToolbox({
			tools: [
				...codeTools(sources),
				...trainingTools(sources),
				...editTools(sources, () => edits as ProposedEdits),
				...actionTools(() => ({
					retry: async () => `${done.push("started")}`,
					stop: async () => void done.push("stopped"),
					comment: async () => void done.push("commented"),
				})),
			],
			permissions: new Permissions({ get: () => undefined, set: () => {} }),
			isTrusted: () => false,
		});
		const { signal } = new AbortController();
		for (const { name, tool, input, expected } of attacks) {
			const { text, isError } = await serveCall(lent, { name: tool, input }, signal);
			if (expected !== "harmless") expect(isError, name).toBe(true);
			expect(text, name).not.toContain(home.folder);
			for (const mark of canaryMarks) expect(text, name).not.toMatch(mark);
		}
		expect(done).toEqual([]);
	});

	test("orders in files, logs, names and diffs stay data, and secrets among them are left out", async () => {
		const calls: readonly [string, unknown][] = [
			["read_file", { path: "README.md" }],
			["read_file", { path: "notes.txt" }],
			["search_files", { text: "Canary" }],
			["git_diff", { from: "HEAD~1", to: "HEAD" }],
			["git_log", {}],
			["list_runs", {}],
			["read_run", { run: "run1" }],
			["list_artifacts", { run: "run1" }],
			["list_jobs", {}],
			["read_job", { job: "job1" }],
			["read_job_log", { job: "job1" }],
			["read_job_log", { job: "job1", what: "end" }],
			["read_metric", { metric: "loss", runs: ["run1"] }],
		];
		for (const [tool, input] of calls) {
			const came = await attempt(tool, input);
			expect(came).toMatchObject({ asked: false, state: "done" });
			expect(came.output.match(/<\/?data>/g)).toEqual(["<data>", "</data>"]);
			expect(came.output.length).toBeLessThan(45_000);
		}
		expect(agent.desk.snapshot.permissions).toEqual([]);
		expect(done).toEqual([]);
	});

	test("a permission that was given reaches no farther than it says, and never to where writing is running", async () => {
		agent.server.script({ blocks: [{ tool: "stop_training", input: { job: "job1" } }] }, { blocks: [{ text: "ok" }] });
		await agent.desk.send(promptOf("stop it"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "asking");
		const activity = agent.desk.snapshot.open?.activity;
		agent.desk.answer(activity?.kind === "asking" ? activity.callId : "", "allow", "always");
		await untilIdle(agent.desk);
		expect(done.splice(0)).toEqual(["stopped"]);
		expect((await attempt("stop_training", { job: "job1" })).asked).toBe(false);
		expect(done.splice(0)).toEqual(["stopped"]);
		expect((await attempt("start_training", { job: "job1" })).asked).toBe(true);
		const title = { title: "t", text: "x" };
		agent.server.script({ blocks: [{ tool: "propose_new_file", input: { path: ".vscode/tasks.json", ...title } }] });
		await agent.desk.send(promptOf("tasks"));
		await until(agent.desk, () => agent.desk.snapshot.open?.activity.kind === "asking");
		const asking = agent.desk.snapshot.open?.activity;
		agent.desk.answer(asking?.kind === "asking" ? asking.callId : "", "allow", "always");
		await untilIdle(agent.desk);
		expect(done.splice(0)).toEqual(["proposed .vscode/tasks.json"]);
		expect((await attempt("propose_new_file", { path: ".vscode/tasks.json", ...title })).asked).toBe(true);
		for (const { id } of agent.desk.snapshot.permissions) agent.desk.revoke(id);
		expect((await attempt("stop_training", { job: "job1" })).asked).toBe(true);
	});

	test("what goes along with a prompt is named whole, within its room, and without secrets", async () => {
		const prompt = {
			...promptOf("look"),
			mentions: [
				{ kind: "file" as const, path: "notes.txt", fromLine: null, toLine: null },
				{ kind: "file" as const, path: ".env", fromLine: null, toLine: null },
				{ kind: "file" as const, path: "../outside.txt", fromLine: null, toLine: null },
				{ kind: "jobError" as const, id: "job1" },
				{ kind: "run" as const, key: "store/run1", name: "fox" },
				{ kind: "diff" as const, base: "HEAD~1", other: "HEAD" },
				{ kind: "folder" as const, path: "linked" },
				{ kind: "file" as const, path: "big.log", fromLine: null, toLine: null },
			],
		};
		agent.server.tokens = 31_415;
		const { items, tokens, isCounted } = await agent.desk.preview(prompt, null);
		expect({ tokens, isCounted }).toEqual({ tokens: 31_415, isCounted: true });
		const counted = agent.server.seen.findLast(({ path }) => path === "/v1/messages/count_tokens")?.body;
		agent.server.tokens = null;
		expect(items.map(({ label, leftOut }) => [label, leftOut])).toEqual([
			["Gamma's instructions", null],
			["notes.txt", expect.stringMatching(/^\d+ secrets$/)],
			[".env", expect.stringMatching(/holds secrets/)],
			["../outside.txt", expect.stringMatching(/leads out/)],
			["last error of job job1", expect.stringMatching(/2 secrets/)],
			["fox", expect.stringMatching(/1 secret/)],
			["diff HEAD~1..HEAD", expect.stringMatching(/secret/)],
			["linked", expect.stringMatching(/leads out/)],
			["big.log", expect.stringMatching(/longer than there is room/)],
		]);
		expect(items.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThan(62_000);
		agent.server.script({ blocks: [{ text: "Seen." }] });
		await agent.desk.send(prompt);
		await untilIdle(agent.desk);
		const [sent] = agent.server.asked;
		// What was counted and shown is what was sent, to the letter.
		expect(counted?.messages).toEqual(sent?.body.messages);
		expect(sent?.text.match(/<\/attached>/g)?.length).toBe(8);
		mkdirSync(join(home.folder, "unused"), { recursive: true });
		writeFileSync(join(home.folder, "unused", "x"), "");
		before = state();
	});
});
