import { assertNever } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { formatAge, formatDuration } from "../durations";

/** A run's status as a person should hear it: `silent` is one that says it runs and has written nothing for a while. */
export type RunState = "running" | "silent" | "scheduled" | "finished" | "failed" | "killed" | "damaged";

/** Long enough for a slow epoch's logging, short enough to notice a dead training before lunch. */
export const silentAfterMs = 120_000;

export function runStateOf(run: Run, nowMs: number): RunState {
	if (run.problem !== null) return "damaged";
	switch (run.status) {
		case "RUNNING":
			return isSilent(run, nowMs, silentAfterMs) ? "silent" : "running";
		case "SCHEDULED":
			return "scheduled";
		case "FINISHED":
			return "finished";
		case "FAILED":
			return "failed";
		case "KILLED":
			return "killed";
		default:
			return assertNever(run.status);
	}
}

/** Whether the run's last sign of life is older than that; a run whose store tells none is not silent. */
export function isSilent(run: Run, nowMs: number, afterMs: number): boolean {
	return run.lastSignMs !== null && nowMs - run.lastSignMs > afterMs;
}

export function isActive(run: Run): boolean {
	return run.lifecycleStage === "active" && run.experimentStage === "active";
}

export function isEnded(run: Run): boolean {
	return run.status === "FINISHED" || run.status === "FAILED" || run.status === "KILLED";
}

/** The state with its ages, e.g. `Running, silent for 6 min` or `Failed 3 h ago, after 12 min`. */
export function stateSentence(run: Run, nowMs: number): string {
	if (run.status === "RUNNING") return runningSentence(run, nowMs);
	if (run.status === "SCHEDULED") return "Scheduled";
	const word = { FINISHED: "Finished", FAILED: "Failed", KILLED: "Killed" }[run.status];
	const end = run.endTimeMs === null ? word : `${word} ${formatAge(run.endTimeMs, nowMs)}`;
	if (run.startTimeMs === null || run.endTimeMs === null) return end;
	return `${end}, after ${formatDuration(run.endTimeMs - run.startTimeMs)}`;
}

function runningSentence(run: Run, nowMs: number): string {
	if (run.lastSignMs !== null && isSilent(run, nowMs, silentAfterMs)) {
		return `Running, silent for ${formatDuration(nowMs - run.lastSignMs)}`;
	}
	return run.startTimeMs === null ? "Running" : `Running for ${formatDuration(nowMs - run.startTimeMs)}`;
}
