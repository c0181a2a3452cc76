import { isEnd, type Job, type JobStatus } from "../../shared/relay/job";
import { formatAge, formatDuration } from "../durations";
import type { JobsState, TrackedJob } from "./trackedJob";

/** A job's status as a person should hear it: `silent` is one that runs and has given no sign for a while. */
export type JobState = JobStatus | "silent";

/** A runner tells of itself every few seconds, a training of its metrics at least as often as that, as a rule. */
export const silentAfterMs = 180_000;

/** What a view knows when it draws jobs. */
export interface JobsMoment {
	readonly nowMs: number;
	/** Since when everything that jobs do would have been heard; null while updates are late. */
	readonly heardSinceMs: number | null;
}

export function momentOf(state: JobsState, nowMs: number): JobsMoment {
	return { nowMs, heardSinceMs: state.kind === "live" ? state.sinceMs : null };
}

export function jobStateOf(tracked: TrackedJob, moment: JobsMoment): JobState {
	return silentSinceMs(tracked, moment) === null ? tracked.job.status : "silent";
}

/** When the last sign came, where it is long ago: silence counts from when it would have been heard. */
function silentSinceMs({ job, source, lastSignMs }: TrackedJob, { nowMs, heardSinceMs }: JobsMoment): number | null {
	// Only a runner speaks all the time; of SageMaker and GitHub Actions one hears when they begin and end.
	if (job.status !== "running" || job.target !== "runner" || source !== "relay" || heardSinceMs === null) return null;
	return nowMs - Math.max(lastSignMs, heardSinceMs) > silentAfterMs ? lastSignMs : null;
}

/** How long it ran, or runs already, in milliseconds; null before it began and where nobody said when. */
export function ranMs(job: Job, nowMs: number): number | null {
	const began = timeOf(job.startedAt);
	const ended = isEnd(job.status) ? timeOf(job.completedAt) : nowMs;
	return began === null || ended === null ? null : Math.max(0, ended - began);
}

/** Whether somebody is going to train it: of a commit in git alone nobody knows. */
export function isWaiting({ job, source }: TrackedJob): boolean {
	return job.status === "pending" && source !== "git";
}

/** The state with its ages, e.g. `Running for 6 min`, `Silent for 4 min`, `Failed 3 h ago, after 12 min`. */
export function jobSentence(tracked: TrackedJob, moment: JobsMoment): string {
	const { job } = tracked;
	const { nowMs } = moment;
	const silent = silentSinceMs(tracked, moment);
	if (silent !== null) return `Running, silent for ${formatDuration(nowMs - silent)}`;
	const ran = ranMs(job, nowMs);
	if (job.status === "running") return ran === null ? "Running" : `Running for ${formatDuration(ran)}`;
	if (job.status === "pending" && !isWaiting(tracked)) return "No run yet";
	if (job.status === "pending") return `Waiting for ${formatDuration(nowMs - (timeOf(job.createdAt) ?? nowMs))}`;
	const word = { completed: "Completed", failed: "Failed", stopped: "Stopped" }[job.status];
	const endedMs = timeOf(job.completedAt);
	const end = endedMs === null ? word : `${word} ${formatAge(endedMs, nowMs)}`;
	return ran === null ? end : `${end}, after ${formatDuration(ran)}`;
}

/** Milliseconds since the epoch; null for what is absent or no time. */
export function timeOf(text: string | null): number | null {
	const ms = text === null ? Number.NaN : Date.parse(text);
	return Number.isNaN(ms) ? null : ms;
}
