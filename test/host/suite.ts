// Runs inside a real extension host: code-server's (test/e2e/host.test.ts) or the desktop editor's (`npm run test:desktop`).
import assert from "node:assert/strict";
import * as vscode from "vscode";

interface GammaApi {
	readonly version: number;
	runs(): readonly { readonly name: string; readonly metrics: Readonly<Record<string, number>> }[];
	jobs(): readonly { readonly branch: string; readonly status: string; readonly mlflowRunId: string | null }[];
	openCharts(runIds: readonly string[]): void;
	readonly onDidChangeRuns: (listener: () => void) => { dispose(): void };
	readonly onDidChangeJobs: (listener: () => void) => { dispose(): void };
}

const suite: Record<string, () => Promise<void>> = {
	"the extension activates and hands out its API": async () => {
		const api = await activate();
		assert.equal(api.version, 1);
		assert.ok(Array.isArray(api.jobs()));
	},
	"the jobs of the clone are there without a relay, and their change is told": async () => {
		const api = await activate();
		const trained = () =>
			api.jobs().filter(({ branch, mlflowRunId }) => branch === "models/momentum" && mlflowRunId !== null);
		let changes = 0;
		const listening = api.onDidChangeJobs(() => changes++);
		const deadlineMs = Date.now() + 20_000;
		while (trained().length < 1) {
			assert.ok(Date.now() < deadlineMs, `only ${JSON.stringify(api.jobs())} after 20 s`);
			await new Promise((done) => setTimeout(done, 100));
		}
		assert.ok(trained().every(({ status }) => status === "completed"));
		await vscode.commands.executeCommand("gamma.refreshJobs");
		assert.ok(changes > 0);
		listening.dispose();
	},
	"the runs of the open folder are there": async () => {
		const api = await activate();
		const deadlineMs = Date.now() + 20_000;
		while (!api.runs().some((run) => run.name === "plain-sgd")) {
			assert.ok(Date.now() < deadlineMs, `only ${api.runs().map((run) => run.name)} after 20 s`);
			await new Promise((done) => setTimeout(done, 100));
		}
		assert.ok((api.runs().find((run) => run.name === "plain-sgd")?.metrics["val/acc"] ?? 0) > 0.5);
	},
	"other agents of the editor find the tools that read, and no other; what they read is the folder's runs":
		async () => {
			await activate();
			const promised: { name: string }[] = extension().packageJSON.contributes.languageModelTools;
			const found = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith("gamma_"));
			assert.deepEqual(found.sort(), promised.map(({ name }) => name).sort());
			assert.ok(!found.some((name) => /propose|start|stop|comment|file/.test(name)));
			const invoke = async (name: string, input: object) => {
				const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
				return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : "")).join("");
			};
			assert.match(await invoke("gamma_list_runs", { text: "plain-sgd" }), /^<data>\n1 runs\nplain-sgd /);
			assert.match(
				await invoke("gamma_read_metric", { metric: "val/loss", runs: ["plain-sgd"] }),
				/val\/loss: \d+ points/,
			);
			assert.match(await invoke("gamma_list_jobs", {}), /models\/momentum/);
			await assert.rejects(invoke("gamma_read_run", { run: "no such run" }), /There is no run/);
			await assert.rejects(invoke("gamma_read_run", { run: "../../etc" }), /There is no run/);
		},
	"every contributed command is registered": async () => {
		await activate();
		const registered = new Set(await vscode.commands.getCommands(true));
		const contributed: { command: string }[] = extension().packageJSON.contributes.commands;
		assert.ok(contributed.length > 10);
		assert.deepEqual(
			contributed.map(({ command }) => command).filter((id) => !registered.has(id)),
			[],
		);
	},
	"the charts panel opens as an editor tab": async () => {
		const api = await activate();
		api.openCharts([]);
		await new Promise((done) => setTimeout(done, 1000));
		const labels = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
		assert.ok(labels.includes("Charts"), labels.join());
	},
};

function extension(): vscode.Extension<GammaApi> {
	const found = vscode.extensions.getExtension<GammaApi>("gamma-ml.gamma");
	assert.ok(found, "gamma-ml.gamma is not loaded");
	return found;
}

async function activate(): Promise<GammaApi> {
	return extension().activate();
}

/** The entry both test runners call. */
export async function run(): Promise<void> {
	const failures: string[] = [];
	for (const [name, test] of Object.entries(suite)) {
		try {
			await test();
			console.log(`ok ${name}`);
		} catch (error) {
			console.log(`not ok ${name}: ${error instanceof Error ? error.stack : error}`);
			failures.push(name);
		}
	}
	if (failures.length > 0) throw new Error(`${failures.length} failed: ${failures.join("; ")}`);
}
