import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Asks, and kills what has not ended in ten seconds. With `-s`: dash takes a group after `--` in no other way. */
const script = `read -r word; test "$word" = done && exit
kill -s TERM -- "-$1"
for second in 1 2 3 4 5 6 7 8 9 10; do kill -s 0 -- "-$1" || exit; sleep 1; done
kill -s KILL -- "-$1"`;

/** The variable by which everything that a job started is known, whatever process group it is in. */
export const markVariable = "GAMMA_JOB_MARK";

/**
 * Ends a process group when this process is gone without having said so: the guard reads a pipe that only we hold, and hears its
 * end however we end. A training must not go on beside the runner that took it over. Returns how to let the group be.
 */
export function guardGroup(groupId: number): () => void {
	const guard = spawn("/bin/sh", ["-c", script, "gamma-guard", String(groupId)], {
		detached: true,
		env: { PATH: process.env.PATH },
		stdio: ["pipe", "ignore", "ignore"],
	});
	guard.on("error", () => {});
	guard.stdin.on("error", () => {});
	guard.unref();
	return () => guard.stdin.end("done\n");
}

/** Kills what bears a job's mark and outlived it: a daemon in a session of its own, or all of it after a crash. Linux only. */
export function endMarked(mark: string): void {
	const wanted = `${markVariable}=${mark}`;
	for (const name of processes()) {
		if (!environmentOf(name).includes(wanted)) continue;
		try {
			process.kill(Number(name), "SIGKILL");
		} catch {
			// It has ended.
		}
	}
}

function processes(): string[] {
	try {
		return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
	} catch {
		return [];
	}
}

function environmentOf(name: string): string[] {
	try {
		return readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
	} catch {
		return [];
	}
}
