import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, say } from "./cache.mjs";
import { run } from "./processes.mjs";

/** `npm ci` when the lockfile changed since the last one. No install script runs: nothing here needs one. */
export async function installPackages() {
	const lock = createHash("sha256")
		.update(readFileSync(join(root, "package-lock.json")))
		.digest("hex");
	const mark = join(root, "node_modules", ".gamma-lock");
	if (existsSync(mark) && readFileSync(mark, "utf8") === lock) return;
	say("installing the packages");
	await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
	writeFileSync(mark, lock);
}

export async function build(...flags) {
	await run(process.execPath, ["esbuild.mjs", ...flags], { cwd: root });
}

/** The VSIX: README's pictures are in it, so its links stay relative. Builds first (`vscode:prepublish`). */
export async function packageVsix(out) {
	mkdirSync(dirname(out), { recursive: true });
	const flags = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", out];
	await run(join(root, "node_modules", ".bin", "vsce"), ["package", ...flags], {
		cwd: root,
		stdio: ["ignore", "ignore", "inherit"],
	});
}
