import { spawn, spawnSync } from "node:child_process";

/** Runs a program to its end with its output shown; rejects when it fails. */
export function run(command, args, options = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { stdio: options.quiet ? "ignore" : "inherit", ...options });
		child.on("error", reject);
		child.on("exit", (code, signal) =>
			code === 0 ? resolve() : reject(new Error(`${command} ${args[0] ?? ""} ended with ${signal ?? code}`)),
		);
	});
}

/** Lines of a silent program that are shown when it fails. */
const lastLines = 40;

/** Runs a program to its end without a word, unless it fails: then with the end of what it said. */
export function runQuietly(command, args, options = {}) {
	return new Promise((resolve, reject) => {
		const said = [];
		const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => said.push(bytes));
		child.on("error", reject);
		child.on("close", (code, signal) => {
			if (code === 0) return resolve();
			const lines = Buffer.concat(said).toString("utf8").trimEnd().split("\n");
			process.stderr.write(`${lines.slice(-lastLines).join("\n")}\n`);
			reject(new Error(`${command} ${args[0] ?? ""} ended with ${signal ?? code}`));
		});
	});
}

/** What a program prints, trimmed; undefined when it is not there or fails. */
export function ask(command, ...args) {
	const answer = spawnSync(command, args, { encoding: "utf8" });
	return answer.status === 0 ? answer.stdout.trim() : undefined;
}

export function isProgram(command) {
	return ask(process.platform === "win32" ? "where" : "which", command) !== undefined;
}
