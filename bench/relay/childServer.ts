import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A server under measurement, in a process of its own (or in several: a master and its workers). */
export interface ChildServer {
	readonly url: string;
	readonly pids: readonly number[];
	stop(): Promise<void>;
}

/**
 * For every server on Node alike: a young generation of 4 MB instead of 16, which thousands of streams otherwise fill with what
 * nobody needs any more (server/README.md).
 */
export const nodeOptions = "--max-semi-space-size=4";

/** Starts a script of Node's; the first line that it prints is its URL. */
export async function startScript(
	file: string,
	environment: Readonly<Record<string, string>> = {},
): Promise<ChildServer> {
	const child = spawn(process.execPath, [file], {
		env: { ...process.env, NODE_ENV: "production", NODE_OPTIONS: nodeOptions, ...environment },
		stdio: ["ignore", "pipe", "inherit"],
	});
	const url = await new Promise<string>((done, fail) => {
		let out = "";
		child.stdout.setEncoding("utf8").on("data", (text: string) => {
			out += text;
			if (out.includes("\n")) done(out.slice(0, out.indexOf("\n")));
		});
		child.once("exit", () => fail(new Error(`${file} ended before it listened`)));
	});
	return { url, pids: [child.pid ?? 0], stop: () => end(child) };
}

export async function end(child: ChildProcess): Promise<void> {
	const ended = new Promise((done) => child.once("exit", done));
	child.kill("SIGTERM");
	const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
	await ended;
	clearTimeout(late);
}

/** Memory in kB, what is shared among processes counted once (`Pss`). */
export function memoryKb(pids: readonly number[]): number {
	return sum(pids, (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]));
}

/** CPU time used so far, in seconds (clock ticks are hundredths on Linux). */
export function cpuSeconds(pids: readonly number[]): number {
	return sum(pids, (pid) => {
		const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
		return (Number(fields[11]) + Number(fields[12])) / 100;
	});
}

/** The processes that this one started. */
export function childrenOf(pid: number): number[] {
	return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
		readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
	);
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
	return pids.reduce((total, pid) => total + of(pid), 0);
}
