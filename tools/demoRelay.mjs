// A relay, a runner and a remote for the demo project: what is pushed to `models/…` there is trained here.
// `node tools/demoRelay.mjs FOLDER STATE` runs it by itself until SIGTERM; its first line is `{"url": …, "token": …}`.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, createWriteStream, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./lib/cache.mjs";
import { ask, run } from "./lib/processes.mjs";

const repository = "demo/spirals";
const launcher = join(root, "bin", "gamma.mjs");
/** A relay has 20 s for its open requests, and a first start makes its database. */
const endWithinMs = 25_000;

/**
 * Starts both for the demo in `folder`; `state` keeps the relay's files, which the editor finds with `XDG_STATE_HOME`.
 * Rejects with what the relay said when it does not start.
 */
export async function startDemoRelay(folder, state) {
	mkdirSync(state, { recursive: true });
	const secret = randomBytes(24).toString("hex");
	const env = { ...process.env, XDG_STATE_HOME: state, GITHUB_WEBHOOK_SECRET: secret, LOG_LEVEL: "warn" };
	for (const name of ["DATABASE_URL", "GAMMA_DATA_DIR", "GAMMA_LOCAL_TOKEN", "SUPABASE_URL", "SUPABASE_JWT_SECRET"]) {
		delete env[name];
	}
	const relay = start(["relay"], { env, log: join(state, "relay-output.log") });
	const { url, token } = JSON.parse(await relay.firstLine);
	try {
		await makeProject(url, token);
		await connectRemote(folder, join(state, `${repository}.git`), { url, secret, repository });
	} catch (error) {
		await relay.stop();
		throw error;
	}
	const runner = start(["runner", "--relay", url, "--name", "demo", "--repository", folder], {
		env: { ...env, GAMMA_TOKEN: token, GITHUB_WEBHOOK_SECRET: "" },
		log: join(state, "runner.log"),
	});
	let stopping;
	const stop = () => {
		stopping ??= runner.stop().then(relay.stop);
		return stopping;
	};
	return { url, token, stop, ended: Promise.race([relay.ended, runner.ended]) };
}

/** A `gamma` command of its own; what it says on standard error goes to a file. */
function start(args, { env, log }) {
	const child = spawn(process.execPath, [launcher, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
	const file = createWriteStream(log);
	let said = "";
	child.stderr.on("data", (bytes) => {
		file.write(bytes);
		said = (said + bytes).slice(-2000);
	});
	const ended = new Promise((done) => child.once("exit", done));
	const firstLine = new Promise((done, fail) => {
		let out = "";
		child.stdout.setEncoding("utf8").on("data", (text) => {
			out += text;
			if (out.includes("\n")) done(out.slice(0, out.indexOf("\n")));
		});
		child.on("error", fail);
		void ended.then(() => fail(new Error(said.trim() || `gamma ${args[0]} ended`)));
	});
	firstLine.catch(() => {});
	const stop = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill("SIGTERM");
		const late = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
		await ended;
		clearTimeout(late);
	};
	return { firstLine, ended, stop };
}

async function makeProject(url, token) {
	const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
	const { items } = await (await fetch(`${url}/api/projects?limit=200`, { headers })).json();
	if (items.some((project) => project.repository === repository)) return;
	const body = JSON.stringify({ name: "spirals", repository, target: "runner" });
	const made = await fetch(`${url}/api/projects`, { method: "POST", headers, body });
	if (!made.ok) throw new Error(`the relay refused the demo's project: ${await made.text()}`);
}

/** The clone's `origin`: a bare repository beside it, whose hook tells the relay of each push. What is there already trains nothing. */
async function connectRemote(folder, remote, relay) {
	const git = (...args) => run("git", args, { cwd: folder, quiet: true });
	const isKnown = existsSync(join(remote, "HEAD"));
	if (!isKnown) {
		mkdirSync(remote, { recursive: true });
		await run("git", ["init", "-q", "--bare", "-b", "main", remote], { quiet: true });
	}
	writeFileSync(join(remote, "gamma-relay.json"), JSON.stringify(relay), { mode: 0o600 });
	if (ask("git", "-C", folder, "remote", "get-url", "origin") === undefined)
		await git("remote", "add", "origin", remote);
	else await git("remote", "set-url", "origin", remote);
	if (!isKnown) await git("push", "-q", "origin", "--all");
	const hook = join(remote, "hooks", "post-receive");
	mkdirSync(join(remote, "hooks"), { recursive: true });
	writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "tools", "demoHook.mjs")}'\n`);
	chmodSync(hook, 0o755);
	await git("config", "push.autoSetupRemote", "true");
	await git("config", "push.default", "current");
	for (const [key, value] of Object.entries({ "user.name": "Ada", "user.email": "ada@example.com" })) {
		if (ask("git", "-C", folder, "config", key) === undefined) await git("config", key, value);
	}
}

if (process.argv[1] && resolve(process.argv[1]) === resolve(import.meta.filename)) {
	const [, , folder, state] = process.argv;
	const demo = await startDemoRelay(resolve(folder), resolve(state));
	process.stdout.write(`${JSON.stringify({ url: demo.url, token: demo.token })}\n`);
	for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void demo.stop());
	await demo.ended;
	await demo.stop();
}
