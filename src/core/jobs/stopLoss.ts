import { formatDuration } from "../durations";
import type { Checkpoint } from "./checkpoints";
import type { TrackedJob } from "./trackedJob";

/**
 * What stopping a job loses, as one sentence: what it trained since its newest checkpoint. Null where nothing is lost,
 * as of a job that has not begun.
 */
export function stopLoss(
	{ job, step }: Pick<TrackedJob, "job" | "step">,
	checkpoints: readonly Checkpoint[] | "unknown",
	nowMs: number,
): string | null {
	if (job.status !== "running") return null;
	const startedMs = job.startedAt === null ? null : Date.parse(job.startedAt);
	const trained = amount(step, startedMs, nowMs);
	if (checkpoints === "unknown") {
		const words = "Gamma does not see its checkpoints: what it trained since the newest is lost.";
		return trained === "" ? words : `It has trained ${trained}. ${words}`;
	}
	const [newest] = checkpoints;
	if (!newest) return `It has no checkpoint: all that it trained is lost${trained === "" ? "" : `, ${trained}`}.`;
	const steps = step !== null && newest.step !== null ? Math.max(0, step - newest.step) : null;
	const since = amount(steps, newest.timestampMs, nowMs);
	const at = newest.step === null ? "" : ` (step ${count(newest.step)})`;
	return since === ""
		? `What it trained since its newest checkpoint${at} is lost.`
		: `${since} since its newest checkpoint${at} ${steps === 1 && newest.timestampMs === null ? "is" : "are"} lost.`;
}

/** `41 steps, 6 min`; empty where neither is known. */
function amount(steps: number | null, sinceMs: number | null, nowMs: number): string {
	const parts = [
		steps === null ? null : `${count(steps)} ${steps === 1 ? "step" : "steps"}`,
		sinceMs === null || Number.isNaN(sinceMs) ? null : formatDuration(Math.max(0, nowMs - sinceMs)),
	];
	return parts.filter((part) => part !== null).join(", ");
}

function count(value: number): string {
	return value.toLocaleString("en");
}
