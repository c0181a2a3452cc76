import type { JobPageJob } from "../../src/shared/panels/jobPanel";

export const stateIcons = {
	pending: "circle-outline",
	running: "sync",
	silent: "warning",
	completed: "pass",
	failed: "error",
	stopped: "circle-slash",
} as const satisfies Record<JobPageJob["state"], string>;

/** `1 h 5 min`, `6 min 12 s`: how long it ran, or runs by now; null where nobody said when it began. */
export function ranWords({ startedMs, completedMs }: JobPageJob, nowMs: number): string | null {
	if (startedMs === null) return null;
	const seconds = Math.max(0, Math.round(((completedMs ?? nowMs) - startedMs) / 1000));
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** What a training says; one that is through and still runs is not done. */
export function percentOf(progress: number): number {
	return Math.min(99, Math.max(0, Math.floor(progress * 100)));
}
