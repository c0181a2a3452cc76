#!/usr/bin/env node
// The `gamma` command. It needs Node.js 20; SQLite stores need 22.13 or newer, which a checkout has in its tool cache.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = join(dirname(fileURLToPath(import.meta.url)), "..", "dist", "gamma.cjs");
const cache = process.env.GAMMA_DEV_CACHE || join(homedir(), ".cache", "gamma-dev");
const newer = join(cache, "node-24.21.0", "node_modules", `node-linux-${process.arch}`, "bin", "node");
const [major, minor] = process.versions.node.split(".").map(Number);
const isOld = major < 22 || (major === 22 && minor < 13);

// A checkout whose packages are installed builds itself at the first call.
const builder = join(dirname(program), "..", "esbuild.mjs");
const canBuild = existsSync(builder) && existsSync(join(dirname(program), "..", "node_modules", "esbuild"));
if (!existsSync(program) && canBuild) {
	spawnSync(process.execPath, [builder], { cwd: dirname(builder), stdio: ["ignore", "ignore", "inherit"] });
}

if (!existsSync(program)) {
	process.stderr.write("gamma: not built yet; run npm install && npm run build first.\n");
	process.exitCode = 1;
	// Signals are for a training, its runner or the relay: no process stands between, and none of them reads SQLite.
} else if (isOld && !["exec", "relay", "runner"].includes(process.argv[2]) && process.platform === "linux" && existsSync(newer)) {
	const { status, signal, error } = spawnSync(newer, [program, ...process.argv.slice(2)], { stdio: "inherit" });
	if (signal) process.kill(process.pid, signal);
	else if (error) throw error;
	else process.exitCode = status ?? 1;
} else {
	// Node.js 22 and 23 call their SQLite experimental at each start; that is no news to whoever runs this.
	const emitWarning = process.emitWarning;
	process.emitWarning = (warning, ...details) => {
		if (!/SQLite is an experimental feature/.test(String(warning))) emitWarning.call(process, warning, ...details);
	};
	process.argv[1] = program;
	createRequire(import.meta.url)(program);
}
