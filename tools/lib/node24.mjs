// npm under Node 20 silently picks older releases, and node:sqlite needs Node 22.13: everything runs under Node 24,
// which is brought as an npm package (the program itself, no install script) where the machine has an older one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { bring, say } from "./cache.mjs";
import { run } from "./processes.mjs";

const version = "24.21.0";
const packageName = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

const hasNode24 = Number(process.versions.node.split(".")[0]) >= 24;

/** Folder that holds the `node` program to use. */
export async function node24Folder() {
	if (hasNode24) return undefined;
	const folder = await bring(`node-${version}`, (at) =>
		run("npm", [
			"install",
			"--prefix",
			at,
			"--no-save",
			"--ignore-scripts",
			"--loglevel=error",
			`${packageName}@${version}`,
		]),
	);
	return join(folder, "node_modules", packageName, "bin");
}

/** Goes on under Node 24: re-runs this very command with it when the machine's own Node is older. */
export async function continueUnderNode24() {
	const bin = await node24Folder();
	if (bin === undefined) return;
	const program = join(bin, process.platform === "win32" ? "node.exe" : "node");
	if (!existsSync(program)) throw new Error(`Node ${version} could not be brought; install Node 24 and try again.`);
	say(`going on under Node ${version}`);
	const ended = spawnSync(program, process.argv.slice(1), {
		stdio: "inherit",
		env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
	});
	process.exit(ended.status ?? 1);
}
