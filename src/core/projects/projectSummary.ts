import { isEnd, type Job } from "../../shared/relay/job";
import { formatAge } from "../durations";

/** How a project is doing, from its newest jobs. */
export interface ProjectSummary {
	readonly runningCount: number;
	readonly waitingCount: number;
	/** Ended badly since the last look. */
	readonly failedCount: number;
	/** When its newest job was pushed, in milliseconds since the epoch; null where it has none. */
	readonly lastJobMs: number | null;
}

export function summariseJobs(jobs: readonly Job[], lookedMs: number): ProjectSummary {
	const count = (test: (job: Job) => boolean) => jobs.filter(test).length;
	const times = jobs.map(({ createdAt }) => Date.parse(createdAt)).filter((ms) => Number.isFinite(ms));
	return {
		runningCount: count(({ status }) => status === "running"),
		waitingCount: count(({ status }) => status === "pending"),
		failedCount: count((job) => job.status === "failed" && endedMs(job) > lookedMs),
		lastJobMs: times.length === 0 ? null : Math.max(...times),
	};
}

/** The parts of a row's description, the likeliest to matter first; `no jobs yet` for none. */
export function summaryWords(summary: ProjectSummary, nowMs: number): readonly string[] {
	const { runningCount, waitingCount, failedCount, lastJobMs } = summary;
	if (lastJobMs === null) return ["no jobs yet"];
	return [
		failedCount > 0 ? `${failedCount} failed since you looked` : "",
		runningCount > 0 ? `${runningCount} running` : "",
		waitingCount > 0 ? `${waitingCount} waiting` : "",
		formatAge(lastJobMs, nowMs),
	].filter((word) => word !== "");
}

function endedMs(job: Job): number {
	const ms = Date.parse(job.completedAt ?? job.createdAt);
	return isEnd(job.status) && Number.isFinite(ms) ? ms : Number.NEGATIVE_INFINITY;
}
