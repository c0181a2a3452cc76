// Activation time of own code and the sizes of what is shipped. A stub stands for the editor: every call into it answers at once.
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support/peers";
import { header, row, show, timing } from "./support/rounds";

const script = `
const Module = require("node:module");
const anything = () => new Proxy(function () {}, {
	get: (_target, name) => name === Symbol.iterator ? undefined : name === "then" ? undefined : name === Symbol.toPrimitive ? () => "" : anything(),
	apply: () => anything(),
	construct: () => anything(),
	set: () => true,
});
const api = require("node:fs").readFileSync(process.argv[2] + "/node_modules/@types/vscode/index.d.ts", "utf8");
const editor = Object.fromEntries([...api.matchAll(/^\\s*export (?:namespace|class|enum|const) (\\w+)/gm)].map(([, name]) => [name, anything()]));
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? editor : load(name, ...rest));
// An extension host has these loaded long before.
for (const name of ["node:fs", "node:path", "node:crypto", "node:worker_threads", "node:child_process", "node:http", "node:url"]) require(name);
const began = performance.now();
const extension = require(process.argv[1]);
const loaded = performance.now();
try { extension.activate({ subscriptions: [], extensionUri: anything(), extensionPath: process.argv[2], asAbsolutePath: (path) => process.argv[2] + "/" + path, workspaceState: { get() {}, update() {} }, globalState: { get() {}, update() {}, setKeysForSync() {} }, secrets: anything(), globalStorageUri: anything() }); } catch (error) { process.stderr.write(String(error.stack)); }
process.stdout.write(JSON.stringify({ load: loaded - began, activate: performance.now() - loaded }));
process.exit(0);
`;

const loads: number[] = [];
const activations: number[] = [];
for (let round = 0; round < 11; round++) {
	const answer: { load: number; activate: number } = JSON.parse(
		execFileSync(process.execPath, ["-e", script, join(root, "dist", "extension.cjs"), root], { encoding: "utf8" }),
	);
	loads.push(answer.load);
	activations.push(answer.activate);
}
header("Start-up");
row(["load dist/extension.cjs", show(timing(loads)), "", "", "", ""]);
row(["activate()", show(timing(activations)), "", "", "load + activate ≤ 25 ms", ""]);

const kilobytes = (path: string) => `${(statSync(path).size / 1000).toFixed(0)} kB`;
header("Sizes");
for (const name of readdirSync(join(root, "dist")).filter((file) => file.endsWith(".cjs"))) {
	row([`dist/${name}`, kilobytes(join(root, "dist", name)), "", "", name === "extension.cjs" ? "≤ 200 kB" : "", ""]);
}
for (const name of readdirSync(join(root, "dist", "webview")).filter((file) => file.endsWith(".js"))) {
	row([`dist/webview/${name}`, kilobytes(join(root, "dist", "webview", name)), "", "", "", ""]);
}
const vsix = join(root, ".cache", "bench", "gamma.vsix");
execFileSync(
	join(root, "node_modules", ".bin", "vsce"),
	["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", vsix],
	{
		cwd: root,
		stdio: "ignore",
	},
);
row(["the VSIX", kilobytes(vsix), "", "", "≤ 2,500 kB", ""]);
