import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FolderFiles } from "../../../src/adapters/agent/workspaceFiles";
import { AgentToolbox } from "../../../src/core/agent/agentToolbox";
import { LiveEdits } from "../../../src/core/agent/liveEdits";
import type { Sources } from "../../../src/core/agent/sources";
import { editTools } from "../../../src/core/agent/tools/changeTools";
import { showTools } from "../../../src/core/agent/tools/showTools";
import type { ProposedEdits, ProposedFile } from "../../../src/core/edits/proposedEdits";
import { readAgentView, type ShownBlock } from "../../../src/shared/agent/agentView";
import { type AgentUnderTest, partsOf, promptOf, startAgent, until, untilIdle } from "../../support/agentUnderTest";
import { aRun } from "../../support/aRun";
import type { Reply } from "../../support/claudeServer";
import { GitProject } from "../../support/gitProject";
import { seriesOf } from "../../support/series";

const project = new GitProject();
const source = 'lr = 0.1\nepochs = 80\nprint("ready")\n';
const wide = Array.from({ length: 5_000 }, (_, at) => [at, at === 3_000 ? Number.NaN : 1 / (at + 1)] as const);
const runs = [
	aRun({ key: "s/1", id: "id-owl", name: "owl", params: { lr: "0.1" }, metrics: { "val/loss": 0.5, acc: Number.NaN } }),
	aRun({ key: "s/2", id: "id-fox", name: "fox", params: { lr: "0.2" }, metrics: { "val/loss": 0.4 } }),
];
const sources: Sources = {
	files: () => new FolderFiles(project.folder),
	git: () => null,
	runs: () => runs,
	ticked: () => [],
	history: async (key, metric) =>
		seriesOf(
			metric === "val/loss"
				? key === "s/1"
					? wide
					: [
							[0, 1],
							[1, 0.4],
						]
				: [],
		),
	artifacts: async () => [],
	jobs: () => [],
	log: async () => null,
};
const edit = {
	path: "train.py",
	title: "Train for less time",
	edits: [
		{ old: "lr = 0.1", new: "lr = 0.05  # a tenth was too much for so few examples" },
		{ old: "epochs = 80", new: "epochs = 6  # enough to see it" },
	],
};

describe("what the agent changes and shows, through the vendor's SDK", () => {
	let agent: AgentUnderTest;
	const previews: (ProposedFile | null)[] = [];
	const proposed: Parameters<ProposedEdits["propose"]>[] = [];

	beforeAll(async () => {
		project.commit("Start", { "train.py": source });
		agent = await startAgent();
		agent.desk.dispose();
		const live = new LiveEdits(sources.files, { preview: (_, file) => previews.push(file) });
		const propose: ProposedEdits["propose"] = async (...given) => {
			proposed.push(given);
			const [conversationId, title] = given;
			return { id: "set", conversationId, title, files: [], isDecided: false };
		};
		const toolbox = new AgentToolbox({
			tools: [
				...editTools(
					sources,
					() => ({ propose }),
					() => "run-of-the-job",
				),
				...showTools(sources, { newId: () => "view", now: () => 77 }),
			],
			permissions: agent.permissions,
			isTrusted: () => true,
			preview: (...given) => void live.show(...given),
		});
		agent.desk = await agent.again({ toolbox });
	});
	afterAll(async () => {
		await agent?.close();
		project.remove();
	});
	beforeEach(async () => {
		agent.server.clear();
		previews.length = 0;
		proposed.length = 0;
		await agent.desk.begin({ jobId: null });
	});
	const messages = () => agent.desk.snapshot.open?.messages ?? [];
	const calls = () => partsOf(messages(), "tool");
	const ask = async (...replies: Reply[]) => {
		agent.server.script(...replies, { blocks: [{ text: "Done." }] });
		return agent.ask("go");
	};
	const blocks = (): readonly ShownBlock[] => partsOf(messages(), "view").flatMap(({ view }) => readAgentView(view));

	test("an edit is seen while it is written, in the chat and in its file, and is nothing but a proposal when it is whole", async () => {
		const held = Promise.withResolvers<void>();
		// Up to the middle of the second piece, of a dozen letters an event.
		const gate = (event: number) => (event === 20 ? held.promise : undefined);
		agent.server.script({ blocks: [{ tool: "propose_edit", input: edit }], gate }, { blocks: [{ text: "Done." }] });
		await agent.desk.send(promptOf("shorten it"));
		await until(agent.desk, () => (calls()[0]?.writing?.hunkCount ?? 0) === 2);
		expect(calls()[0]).toMatchObject({
			...{ state: "running", output: null },
			writing: { path: "train.py", kind: "edit", hunks: [edit.edits[0], {}] },
		});
		await expect.poll(() => previews.at(-1)?.text).toContain("too much for so few examples\nepochs = ");
		expect(proposed).toEqual([]);
		held.resolve();
		await untilIdle(agent.desk);
		expect(calls()[0]).toMatchObject({ state: "done" });
		expect(calls()[0]?.writing).toBeUndefined();
		expect(previews.at(-1)).toBeNull();
		const [[, title, files, about] = []] = proposed;
		expect([title, files?.[0]?.text, about]).toEqual([
			edit.title,
			source.replace("lr = 0.1", edit.edits[0]?.new ?? "").replace("epochs = 80", edit.edits[1]?.new ?? ""),
			{ runId: "run-of-the-job" },
		]);
	});

	test("one that is cut off leaves nothing half: no preview, no proposal, and what was kept is whole again", async () => {
		const held = Promise.withResolvers<void>();
		const gate = (event: number) => (event === 20 ? held.promise : undefined);
		agent.server.script({
			blocks: [{ text: "I shorten it." }, { tool: "propose_edit", input: edit }],
			gate,
			cutAfter: 21,
		});
		await agent.desk.send(promptOf("shorten it"));
		await until(agent.desk, () => calls()[0]?.writing !== undefined);
		await expect.poll(() => previews.length).toBeGreaterThan(0);
		const goesOn = Promise.withResolvers<void>();
		agent.server.script({ blocks: [{ text: "The connection was cut." }], gate: () => goesOn.promise });
		held.resolve();
		// Before the next answer begins, not with its end.
		await until(agent.desk, () => agent.server.left === 0 && calls()[0]?.state === "stopped");
		await expect.poll(() => previews.at(-1)).toBeNull();
		goesOn.resolve();
		await untilIdle(agent.desk);
		expect(calls()[0]).toMatchObject({ state: "stopped" });
		expect(JSON.stringify(messages())).not.toContain("hunkCount");
		await expect.poll(() => previews.at(-1)).toBeNull();
		expect(proposed).toEqual([]);
		const kept = JSON.stringify(await agent.store.read(agent.desk.snapshot.open?.id ?? ""));
		expect(kept).toContain("I shorten it.");
		expect(kept).not.toContain("hunkCount");
	});

	test("a proposal names the run it answers: the one the model says, else that of the conversation's job", async () => {
		await ask({ blocks: [{ tool: "propose_edit", input: { ...edit, run: "fox" } }] });
		await ask({ blocks: [{ tool: "propose_delete", input: { path: "train.py", title: "t", run: "no such run" } }] });
		expect(proposed.map(([, , , about]) => about)).toEqual([{ runId: "id-fox" }, { runId: "run-of-the-job" }]);
	});

	test("a chart is drawn from the runs' own points, thinned, with a gap where a value is none, and its receipt", async () => {
		const input = { title: "Loss", metrics: ["val/loss"], runs: ["owl", "id-fox"], log_y: true };
		await ask({ blocks: [{ tool: "draw_chart", input }] });
		const [chart] = blocks();
		expect(chart).toMatchObject({
			...{ kind: "lines", title: "val/loss", metric: "val/loss", isLogY: true },
			receipt: {
				query: expect.stringMatching(/^val\/loss, \d+ of them drawn$/),
				...{ pointCount: 5_002, readAtMs: 77 },
				runs: [
					{ key: "s/1", name: "owl" },
					{ key: "s/2", name: "fox" },
				],
			},
		});
		const [owl, fox] = chart?.kind === "lines" ? chart.series : [];
		expect(owl?.x.length).toBeLessThanOrEqual(1_000);
		expect(owl?.y[owl.x.indexOf(3_000)]).toBeNull();
		expect(fox).toEqual({ label: "fox", x: [0, 1], y: [1, 0.4] });
		expect(calls()[0]?.output).toContain("val/loss: 5002 points of 2 runs");
		await ask({ blocks: [{ tool: "draw_chart", input: { ...input, from_step: 10, to_step: 19 } }] });
		expect(blocks()[1]).toMatchObject({ receipt: { query: "val/loss [10..19]", pointCount: 10 } });
	});

	test("a chart of what is not there is no chart, and says what is", async () => {
		await ask(
			{ blocks: [{ tool: "draw_chart", input: { title: "t", metrics: ["nope"], runs: ["owl"] } }] },
			{ blocks: [{ tool: "draw_chart", input: { title: "t", metrics: ["val/loss"], runs: ["elk"] } }] },
		);
		expect(calls().map(({ state, output }) => [state, output])).toEqual([
			["failed", "None of these runs has nope."],
			["failed", 'There is no run "elk"; list_runs tells which there are.'],
		]);
		expect(blocks()).toEqual([]);
	});

	test("a table is read from the runs; what the model writes itself carries no receipt, whatever it says", async () => {
		const receipt = { query: "trust me", runs: [{ key: "s/1", name: "owl" }], pointCount: 9, readAtMs: 1 };
		const bars = { kind: "bars", title: "B", labels: ["a"], series: [{ label: "l", values: [1] }], receipt };
		const form = { kind: "form", title: "Again", fields: [{ kind: "number", name: "lr", label: "lr", value: 0.1 }] };
		const table = { title: "Runs", runs: ["owl", "fox"], params: ["lr"], metrics: ["val/loss", "acc"] };
		await ask(
			{ blocks: [{ tool: "draw_table", input: table }] },
			{ blocks: [{ tool: "show_view", input: { title: "Mine", blocks: [bars, form] } }] },
			{ blocks: [{ tool: "write_plan", input: { title: "Plan", steps: ["Look", "Then\nact"] } }] },
		);
		expect(calls().map(({ state }) => state)).toEqual(["done", "done", "done"]);
		expect(blocks()).toMatchObject([
			{
				columns: ["run", "lr", "val/loss", "acc"],
				rows: [
					["owl", "0.1", 0.5, "NaN"],
					["fox", "0.2", 0.4, null],
				],
				receipt: { query: "lr, last val/loss, last acc", pointCount: 4 },
			},
			{ kind: "bars", receipt: null },
			{ kind: "form", submit: "Send" },
			{ kind: "text", text: "1. Look\n2. Then\n   act" },
		]);
	});
});
