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

/** What a program prints, trimmed; undefined when it is not there or fails. */
export function ask(command, ...args) {
	const answer = spawnSync(command, args, { encoding: "utf8" });
	return answer.status === 0 ? answer.stdout.trim() : undefined;
}

export function isProgram(command) {
	return ask(process.platform === "win32" ? "where" : "which", command) !== undefined;
}
