// Builds everything into dist/: the extension, its library worker, the `gamma` command, the relay and one script per panel.
// What is heavy and seldom needed is a file of its own, loaded by `lazy()` on first use (dependencies.md, section 2).

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import * as esbuild from "esbuild";
import { mujocoInNode } from "./tools/lib/mujocoInNode.mjs";
import { mujocoWithoutEval } from "./tools/lib/mujocoWithoutEval.mjs";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");

const common = {
	bundle: true,
	minify: production,
	sourcemap: production ? false : "linked",
	metafile: true,
	logLevel: "warning",
	outdir: "dist",
};

/** Programs that run on Node: their own code in one file each. */
const programs = {
	extension: "src/gamma.ts",
	libraryWorker: "src/adapters/library/libraryWorker.ts",
	gamma: "src/cli/main.ts",
};

/** What is not needed at the start, behind a file of its own; `lazy("yaml")` loads dist/yaml.cjs. */
const lazyParts = {
	artifacts: "src/adapters/lazy/artifacts.ts",
	artifactsView: "src/ui/artifacts/artifacts.ts",
	anthropic: "src/adapters/lazy/anthropic.ts",
	aws: "src/adapters/lazy/aws.ts",
	commands: "src/ui/commands/runsCommands.ts",
	awsDialogs: "src/ui/aws/awsDialogs.ts",
	chat: "src/ui/agent/agentChat.ts",
	code: "src/ui/code/codeParts.ts",
	edits: "src/adapters/lazy/edits.ts",
	engine: "src/ui/agent/engine.ts",
	git: "src/adapters/lazy/git.ts",
	github: "src/adapters/lazy/github.ts",
	insights: "src/ui/insights/insights.ts",
	jobs: "src/ui/jobs/jobDialogs.ts",
	localJobs: "src/core/jobs/makeLocalJobs.ts",
	localRelay: "src/adapters/lazy/localRelay.ts",
	logs: "src/ui/jobs/log/jobLogParts.ts",
	mcp: "src/adapters/lazy/mcp.ts",
	mmp: "src/adapters/lazy/mmp.ts",
	mujoco: "src/adapters/lazy/mujoco.ts",
	otherAgents: "src/ui/otherAgents/otherAgents.ts",
	panels: "src/ui/panels/panelParts.ts",
	parquet: "src/adapters/lazy/parquet.ts",
	previews: "src/adapters/lazy/previews.ts",
	projects: "src/ui/projects/projects.ts",
	relay: "src/adapters/lazy/relay.ts",
	review: "src/ui/edits/editReview.ts",
	servers: "src/ui/stores/serverConnection.ts",
	session: "src/ui/session/sessionParts.ts",
	setup: "src/ui/mmp/setupParts.ts",
	summaries: "src/ui/summaries/summaries.ts",
	supabase: "src/adapters/lazy/supabase.ts",
	trainings: "src/ui/jobs/trainings/trainings.ts",
	viewer: "src/ui/viewer/viewerParts.ts",
	viewerReaders: "src/adapters/lazy/viewerReaders.ts",
	why: "src/ui/why/whyPanel.ts",
	yaml: "src/adapters/lazy/yaml.ts",
};

/** `gamma rollout`'s threads. */
const rolloutWorker = "src/adapters/mujoco/rolloutWorker.ts";

/** The relay runs by itself too (`node dist/server/main.js`); its embedded database is a folder beside it. */
const relay = {
	...common,
	entryPoints: {
		main: "server/main.ts",
		s3: "server/artifacts/s3Bucket.ts",
		sagemaker: "server/sagemaker/trainingReader.ts",
	},
	outdir: "dist/server",
	platform: "node",
	target: "node22",
	format: "cjs",
	loader: { ".sql": "text" },
	define: { __GAMMA_VERSION__: JSON.stringify(JSON.parse(readFileSync("package.json", "utf8")).version) },
	external: ["@electric-sql/pglite", "./pglite/*", "pg-native"],
};
const engineFiles = ["index.cjs", "pglite.wasm", "pglite.data", "initdb.wasm"];

/** WebAssembly that the viewer and the command share, read when it is used. */
const engines = {
	"@mujoco/mujoco/mujoco.wasm": "mujoco.wasm",
	"onnxruntime-web/dist/ort-wasm-simd-threaded.wasm": "onnxruntime.wasm",
};

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

/** `import * as vscode` would copy the 400 names of the editor's API once per file, a fifth of the start: each takes the API itself. */
const editorAsItIs = {
	name: "editor as it is",
	setup: (build) =>
		build.onLoad({ filter: /\bsrc\W(gamma|(compose|ui)\W.*)\.ts$/ }, async ({ path }) => ({
			contents: (await readFile(path, "utf8")).replace(
				/^import \* as vscode from "vscode";/m,
				'import vscode = require("vscode");',
			),
			loader: "ts",
		})),
};

const { mujoco, ...plainParts } = lazyParts;

const node = {
	...common,
	entryPoints: present({ ...programs, ...plainParts }),
	platform: "node",
	target: "node20",
	format: "cjs",
	outExtension: { ".js": ".cjs" },
	external: ["vscode", "./*.cjs"],
	plugins: [editorAsItIs],
};

const simulators = { ...node, ...mujocoInNode, entryPoints: { mujoco, rolloutWorker } };

const panels = existsSync("webview")
	? Object.fromEntries(
			readdirSync("webview", { withFileTypes: true })
				.filter((entry) => entry.isDirectory() && existsSync(`webview/${entry.name}/main.ts`))
				.map((entry) => [entry.name, `webview/${entry.name}/main.ts`]),
		)
	: {};

const browser = {
	...common,
	entryPoints: panels,
	outdir: "dist/webview",
	platform: "browser",
	target: "es2022",
	format: "iife",
	tsconfig: "tsconfig/webview.json",
	define: { "process.env.NODE_ENV": '"production"' },
	plugins: [mujocoWithoutEval],
};

async function copyAssets() {
	await mkdir("dist/webview", { recursive: true });
	await cp("webview/common/panel.css", "dist/webview/panel.css");
	await mkdir("dist/server/pglite", { recursive: true });
	for (const file of engineFiles) {
		await cp(`node_modules/@electric-sql/pglite/dist/${file}`, `dist/server/pglite/${file}`);
	}
	for (const [from, name] of Object.entries(engines)) await cp(`node_modules/${from}`, `dist/webview/${name}`);
	for (const file of ["codicon.css", "codicon.ttf"]) {
		await cp(`node_modules/@vscode/codicons/dist/${file}`, `dist/webview/${file}`);
	}
}

if (watch) {
	await copyAssets();
	for (const options of [node, simulators, relay, browser]) await (await esbuild.context(options)).watch();
} else {
	await copyAssets();
	const results = await Promise.all([node, simulators, relay, browser].map((options) => esbuild.build(options)));
	const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
	// Read by the size checks (test/unit/bundles.test.ts, bench).
	await writeFile("dist/meta.json", JSON.stringify({ outputs }));
}
