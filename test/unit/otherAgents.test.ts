import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { AgentToolbox } from "../../src/core/agent/agentToolbox";
import { answerElsewhere, type OtherMessage, type OtherModel } from "../../src/core/agent/answerElsewhere";
import { Permissions } from "../../src/core/agent/permissions";
import { serveCall } from "../../src/core/agent/serveCall";
import type { Sources } from "../../src/core/agent/sources";
import { actionTools, editTools } from "../../src/core/agent/tools/changeTools";
import { trainingTools } from "../../src/core/agent/tools/readTools";
import { chatParticipantId, lentTools, mcpProviderId } from "../../src/core/contributions";
import { aRun } from "../support/aRun";

const done: string[] = [];
const sources: Sources = {
	...{ files: () => null, git: () => null, ticked: () => [], artifacts: async () => [] },
	runs: () => [
		aRun({ name: "warm-fox-12", metrics: { loss: 0.25 }, params: { token: "hf_CanaryCanaryCanaryCanaryCanary01" } }),
	],
	history: async () => ({ steps: new Float64Array(), values: new Float64Array(), timestampsMs: new Float64Array() }),
	jobs: () => [],
	log: async () => null,
};
/** As it is lent, and with more in it than is lent: the policy alone has to hold. */
const toolboxOf = (isTrusted: boolean) =>
	new AgentToolbox({
		tools: [
			...trainingTools(sources),
			...editTools(sources, () => ({ propose: async () => Promise.reject(new Error(`${done.push("proposed")}`)) })),
			...actionTools(() => ({
				retry: async () => `${done.push("started")}`,
				stop: async () => void done.push("stopped"),
				comment: async () => void done.push("commented"),
			})),
		],
		permissions: new Permissions({ get: () => undefined, set: () => {} }),
		isTrusted: () => isTrusted,
	});
const toolbox = toolboxOf(false);
const never = new AbortController().signal;

const manifest = z
	.object({
		contributes: z.object({
			languageModelTools: z.array(
				z.object({ name: z.string(), modelDescription: z.string(), inputSchema: z.record(z.string(), z.unknown()) }),
			),
			mcpServerDefinitionProviders: z.array(z.object({ id: z.string() })),
			chatParticipants: z.array(z.object({ id: z.string(), name: z.string() })),
		}),
	})
	.parse(JSON.parse(readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8")));

describe("what other agents of the editor are promised", () => {
	test("is what the agent's own tools are: by name, by words, by schema", () => {
		const { languageModelTools } = manifest.contributes;
		const lent = trainingTools(sources).filter(({ name }) => (lentTools as readonly string[]).includes(name));
		expect(languageModelTools).toEqual(
			lent.map(({ name, tool }) => {
				const { $schema, ...inputSchema } = tool.input_schema;
				expect($schema).toBeDefined();
				return { name: `gamma_${name}`, modelDescription: tool.description, inputSchema };
			}),
		);
		expect(languageModelTools.map(({ name }) => name.slice("gamma_".length)).sort()).toEqual([...lentTools].sort());
		for (const { effect } of lent) expect(effect).toBe("read");
	});

	test("a server and a participant under the ids that are registered", () => {
		expect(manifest.contributes.mcpServerDefinitionProviders.map(({ id }) => id)).toEqual([mcpProviderId]);
		expect(manifest.contributes.chatParticipants).toEqual([{ id: chatParticipantId, name: "gamma" }]);
	});
});

describe("a call of another agent", () => {
	test("reads, without secrets; what would be asked or changed is refused, and nothing happens", async () => {
		const read = await serveCall(toolbox, { name: "read_run", input: { run: "warm-fox-12" } }, never);
		expect(read.isError).toBe(false);
		expect(read.text).toContain('"loss": 0.25');
		expect(read.text).not.toContain("Canary");
		const calls: [string, unknown][] = [
			["start_training", { job: "job1" }],
			["stop_training", { job: "job1" }],
			["comment_on_job", { job: "job1", text: "hi" }],
			["propose_new_file", { path: ".vscode/tasks.json", title: "t", text: "{}" }],
			["propose_edit", { path: "a.py", title: "t", edits: [{ old: "a", new: "b" }] }],
			["read_run", { run: 7 }],
			["no_such_tool", {}],
			["__proto__", {}],
		];
		for (const [name, input] of calls) expect((await serveCall(toolbox, { name, input }, never)).isError).toBe(true);
		// Where a person would be asked there is nobody to say yes.
		const asked = await serveCall(toolboxOf(true), { name: "start_training", input: { job: "job1" } }, never);
		expect(asked).toEqual({ text: "This is not served here.", isError: true });
		expect(done).toEqual([]);
	});
});

describe("@gamma, with a model of the editor's", () => {
	type Part = { kind: "text"; text: string } | { kind: "call"; id: string; name: string; input: unknown };
	async function ask(script: readonly (readonly Part[])[], signal = never) {
		const seen: OtherMessage[][] = [];
		const shown: string[] = [];
		const model: OtherModel = {
			async *answer(messages, tools) {
				expect(tools.some(({ name }) => /propose|training/.test(name))).toBe(false);
				seen.push([...messages]);
				yield* script[seen.length - 1] ?? [{ kind: "call", id: `c${seen.length}`, name: "list_runs", input: {} }];
			},
		};
		const sink = { text: (words: string) => shown.push(words), progress: (line: string) => shown.push(`(${line})`) };
		await answerElsewhere([{ kind: "person", text: "How is the fox?" }], { model, toolbox, shown: sink, signal });
		return { seen, shown };
	}

	test("looks, is told what there is, and answers", async () => {
		const { seen, shown } = await ask([
			[
				{ kind: "text", text: "I look. " },
				{ kind: "call", id: "c1", name: "read_run", input: { run: "warm-fox-12" } },
				{ kind: "call", id: "c2", name: "start_training", input: { job: "job1" } },
			],
			[{ kind: "text", text: "It is well." }],
		]);
		expect(shown).toEqual(["I look. ", "(read run warm-fox-12)", "(train job job1 again)", "It is well."]);
		expect(seen[0]?.map(({ kind }) => kind)).toEqual(["person", "person"]);
		const [calls, results] = seen[1]?.slice(2) ?? [];
		expect(calls).toMatchObject({ kind: "calls", text: "I look. ", calls: [{ id: "c1" }, { id: "c2" }] });
		expect(results).toMatchObject({
			kind: "results",
			results: [
				{ id: "c1", text: expect.stringMatching(/^<data>[\s\S]*0\.25/) },
				{ id: "c2", text: expect.stringContaining("not trusted") },
			],
		});
		expect(done).toEqual([]);
	});

	test("a model that looks without end is held up, and one that is stopped stops", async () => {
		const endless = await ask([]);
		expect(endless.seen.length).toBe(10);
		expect(endless.shown.at(-1)).toContain("ask for less at once");
		const stopped = await ask([], AbortSignal.abort());
		expect(stopped).toEqual({ seen: [], shown: [] });
	});
});
