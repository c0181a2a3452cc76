import type { RunPageRun } from "../../src/shared/panels/runPanel";
import { formatAge } from "../common/number";

/** As in the side bar (src/core/runs/runState.ts). */
const silentAfterMs = 120_000;

export function isSilent(run: RunPageRun, nowMs: number): boolean {
	return run.status === "RUNNING" && run.lastSignMs !== null && nowMs - run.lastSignMs > silentAfterMs;
}

/** `RUNNING, silent for 6 min`, `RUNNING, last sign of life 4 s ago`, `FAILED 3 h ago`: MLflow's word and how old it is. */
export function statusWords(run: RunPageRun, nowMs: number): string {
	if (run.status === "RUNNING") {
		if (run.lastSignMs === null) return "RUNNING";
		const age = formatAge(nowMs - run.lastSignMs);
		return isSilent(run, nowMs) ? `RUNNING, silent for ${age}` : `RUNNING, last sign of life ${age} ago`;
	}
	return run.endTimeMs === null ? run.status : `${run.status} ${formatAge(nowMs - run.endTimeMs)} ago`;
}

/** How long it has been running, or ran: `1 h 5 min`; null where it does not say when it began or ended. */
export function duration(run: RunPageRun, nowMs: number): string | null {
	const end = run.endTimeMs ?? (run.status === "RUNNING" ? nowMs : null);
	if (run.startTimeMs === null || end === null) return null;
	const seconds = Math.max(0, Math.round((end - run.startTimeMs) / 1000));
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
