// `npm start`: the demo project in VS Code with Gamma loaded; the desktop editor when `code` is there, else in the browser.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { makeDemo, trainLive } from "./demo.mjs";
import { trainCartpole } from "./demoCartpole.mjs";
import { startDemoRelay } from "./demoRelay.mjs";
import { root, say } from "./lib/cache.mjs";
import { continueUnderNode24 } from "./lib/node24.mjs";
import { build, installPackages, packageVsix } from "./lib/packages.mjs";
import { editor, python } from "./lib/parts.mjs";
import { isProgram, run } from "./lib/processes.mjs";

await continueUnderNode24();
await installPackages();
await build();

const trainer = await python();
if (trainer.missing) {
	say(`${trainer.missing}: the demo trains with Python's standard library. Install Python 3 and try again.`);
	process.exit(1);
}
const demo = await makeDemo(join(root, ".cache", "demo"), trainer.path);
await trainCartpole(demo).catch((error) => say(`the demo has no robot this time: ${error.message}`));
// A folder of the demo's own: the relay that a person may have started for themselves is none of its business.
const state = join(root, ".cache", "demo-state");
const relay = await startDemoRelay(demo, state).catch((error) => {
	say(`no push trains this time: ${error.message}`);
	return null;
});
if (relay) say("in the demo project `git push` of a branch models/… trains it");
// GAMMA_OPEN is read by the extension: show the side bar and the charts of what trains right now.
const env = { ...process.env, ...(relay && { XDG_STATE_HOME: state }), GAMMA_OPEN: "charts" };
trainLive(demo, trainer.path);
// The signal of Ctrl+C reaches the editor, the relay and the runner alike; this process sees them end.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void end(0));

if (isProgram("code")) {
	say("opening VS Code on the demo project; a training goes on while this command runs (Ctrl+C ends it)");
	await run("code", ["--new-window", "--wait", `--extensionDevelopmentPath=${root}`, demo], { env });
	await end(0);
} else {
	await openInBrowser();
}

async function openInBrowser() {
	const server = await editor();
	if (server.missing) {
		say(`${server.missing}. Install VS Code so that \`code\` is on the PATH, and try again.`);
		process.exit(1);
	}
	const folders = join(root, ".cache", "editor");
	const user = join(folders, "user");
	mkdirSync(join(user, "User"), { recursive: true });
	writeFileSync(
		join(user, "User", "settings.json"),
		JSON.stringify({
			"workbench.startupEditor": "none",
			"workbench.secondarySideBar.defaultVisibility": "hidden",
			"telemetry.telemetryLevel": "off",
			"security.workspace.trust.enabled": false,
		}),
	);
	const entry = join(server.path, "out", "node", "entry.js");
	const extensions = join(folders, "extensions");
	const common = ["--user-data-dir", user, "--extensions-dir", extensions];
	const vsix = join(root, ".cache", "gamma.vsix");
	await packageVsix(vsix);
	await run(process.execPath, [entry, ...common, "--install-extension", vsix, "--force"], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	const port = process.env.PORT ?? (await freePort());
	const address = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(demo)}`;
	const flags = [
		"--auth",
		"none",
		"--bind-addr",
		`127.0.0.1:${port}`,
		"--disable-telemetry",
		"--disable-update-check",
		"--disable-workspace-trust",
	];
	const child = spawn(process.execPath, [entry, ...common, ...flags, demo], {
		env,
		stdio: ["ignore", "pipe", "inherit"],
	});
	child.stdout.on("data", (text) => {
		if (String(text).includes("HTTP server listening")) say(`Gamma is at ${address} (Ctrl+C ends it)`);
	});
	child.on("exit", (code) => void end(code ?? 1));
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
}

async function end(code) {
	await relay?.stop();
	process.exit(code);
}

function freePort() {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.on("error", reject);
		probe.listen(0, "127.0.0.1", () => {
			const { port } = probe.address();
			probe.close(() => resolve(port));
		});
	});
}
