import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/adapters/library/openStore";
import { StoreLibrary } from "../../../src/adapters/library/storeLibrary";
import { folderToolbox } from "../../../src/adapters/mcp/folderToolbox";
import { serveTools } from "../../../src/adapters/mcp/serveTools";
import { GammaCommand } from "../../support/gammaCommand";
import { GitProject } from "../../support/gitProject";
import { testLogger } from "../../support/testLogger";

const project = new GitProject();
const id = "0123456789abcdef0123456789abcdef";

describe("Gamma's tools over MCP, asked by the protocol's own client", () => {
	const client = new Client({ name: "test", version: "1" });
	const library = new StoreLibrary({ open: openStore, logger: testLogger });
	beforeAll(async () => {
		const run = `mlruns/1/${id}`;
		project.commit("Warm up", {
			"train.py": "lr = 0.1\n",
			".env": "SECRET=canary",
			"mlruns/1/meta.yaml": "artifact_location: a\nexperiment_id: '1'\nlifecycle_stage: active\nname: digits\n",
			[`${run}/meta.yaml`]: `artifact_uri: a\nend_time: 2\nentry_point_name: ''\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: warm-fox-12\nrun_uuid: ${id}\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1\nstatus: 3\ntags: []\nuser_id: ada\n`,
			[`${run}/metrics/loss`]: "1700000000000 0.5 1\n1700000001000 0.25 2\n",
			[`${run}/params/lr`]: "0.1",
		});
		const toolbox = await folderToolbox(project.folder, library, [{ uri: `${project.folder}/mlruns` }]);
		const [here, there] = InMemoryTransport.createLinkedPair();
		await serveTools(toolbox, there);
		await client.connect(here);
	});
	afterAll(async () => {
		await client.close();
		library.dispose();
		project.remove();
	});
	const call = async (name: string, given: Record<string, unknown>) => {
		const answer = await client.callTool({ name, arguments: given });
		const [first] = answer.content as { type: string; text: string }[];
		return { text: first?.text ?? "", isError: answer.isError };
	};

	test("lists the tools that read, and no other", async () => {
		const { tools } = await client.listTools();
		expect(tools.map(({ name }) => name)).toEqual(
			expect.arrayContaining(["gamma_read_file", "gamma_git_diff", "gamma_list_runs", "gamma_read_metric"]),
		);
		expect(tools.filter(({ name }) => /propose|training|comment|job/.test(name))).toEqual([]);
		for (const { inputSchema, annotations } of tools) {
			expect(inputSchema.type).toBe("object");
			expect(annotations?.readOnlyHint).toBe(true);
		}
	});

	test("reads code, history, runs and metrics", async () => {
		expect((await call("gamma_read_file", { path: "train.py" })).text).toContain("1\tlr = 0.1");
		expect((await call("gamma_git_log", {})).text).toContain("Warm up");
		expect((await call("gamma_list_runs", {})).text).toContain("warm-fox-12");
		const metric = await call("gamma_read_metric", { metric: "loss", runs: ["warm-fox-12"] });
		expect(metric.text).toContain("2,0.25");
	});

	test("refuses what the agent is refused too, and what is not there", async () => {
		for (const [name, given] of [
			["gamma_read_file", { path: ".env" }],
			["gamma_read_file", { path: "../x" }],
			["gamma_read_file", {}],
			["gamma_propose_new_file", { path: "x", title: "t", text: "x" }],
			["gamma_bash", {}],
		] as const) {
			expect((await call(name, given)).isError).toBe(true);
		}
	});

	test("the program itself serves them, started as the editor's definition of a server starts it", async () => {
		const gamma = new GammaCommand();
		await gamma.build({ mcp: "src/adapters/lazy/mcp.ts" });
		const program = join(gamma.folder, "dist", "gamma.cjs");
		const transport = new StdioClientTransport({
			...{ command: process.execPath, args: [program, "mcp"], cwd: project.folder, stderr: "pipe" },
			env: { PATH: process.env.PATH ?? "", ELECTRON_RUN_AS_NODE: "1" },
		});
		const other = new Client({ name: "test", version: "1" });
		try {
			await other.connect(transport);
			const { tools } = await other.listTools();
			expect(tools.map(({ name }) => name)).toEqual((await client.listTools()).tools.map(({ name }) => name));
			const answer = await other.callTool({ name: "gamma_list_runs", arguments: {} });
			expect(JSON.stringify(answer.content)).toContain("warm-fox-12");
		} finally {
			await other.close();
			gamma.dispose();
		}
	});
});
