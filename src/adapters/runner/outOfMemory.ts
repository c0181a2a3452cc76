import { readFileSync } from "node:fs";

/** How many processes this machine has ended for want of memory since it started; null where it does not count them. */
export function outOfMemoryKills(): number | null {
	try {
		const count = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8"))?.[1];
		return count === undefined ? null : Number(count);
	} catch {
		return null;
	}
}
