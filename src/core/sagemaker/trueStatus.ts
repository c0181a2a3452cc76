import type { JobStatus } from "../../shared/relay/job";
import type { RunStatus } from "../../shared/run";
import { formatAge } from "../durations";

/** What each witness of one training says. Times are milliseconds since the epoch; null where it has said nothing. */
export interface Witnesses {
	readonly nowMs: number;
	/** The relay or git; null where none knows the job. */
	readonly job: { readonly status: JobStatus; readonly isManaged: boolean } | null;
	/** SageMaker's own word. */
	readonly service: { readonly status: JobStatus; readonly endedMs: number | null } | null;
	readonly run: {
		readonly status: RunStatus;
		readonly endedMs: number | null;
		/** Whether Gamma can write its end: an MLflow server's run, and no folder's or file's. */
		readonly canWrite: boolean;
	} | null;
	readonly lastLogMs: number | null;
	readonly lastMetricMs: number | null;
	readonly lastCheckpointMs: number | null;
}

/** One disagreement in words, and how it is mended: by a button, or by what the person can do. */
export interface Disagreement {
	readonly words: string;
	readonly mend:
		| { readonly kind: "endRun"; readonly status: "FINISHED" | "FAILED" | "KILLED" }
		| { readonly kind: "endJob"; readonly status: "completed" | "failed" | "stopped" }
		| { readonly kind: "byHand"; readonly remedy: string };
}

/** A running training that has shown no sign of life for so long is worth a word. */
export const quietAfterMs = 30 * 60_000;
/** An end reaches one witness later than another; no disagreement before. */
export const graceMs = 2 * 60_000;

const endOfRun: Readonly<Partial<Record<JobStatus, "FINISHED" | "FAILED" | "KILLED">>> = {
	completed: "FINISHED",
	failed: "FAILED",
	stopped: "KILLED",
};
const saidAs: Readonly<Record<JobStatus, string>> = {
	pending: "waits",
	running: "runs",
	completed: "completed",
	failed: "failed",
	stopped: "was stopped",
};

/** Where the witnesses contradict each other. The service that computes is believed. */
export function disagreementsOf(said: Witnesses): readonly Disagreement[] {
	const { service, job, run, nowMs } = said;
	const truth = service ?? (job === null ? null : { status: job.status, endedMs: null });
	if (truth === null) return [];
	const found: Disagreement[] = [];
	const isOver = endOfRun[truth.status] !== undefined;
	const isFresh = truth.endedMs !== null && nowMs - truth.endedMs < graceMs;
	const ended = `${saidAs[truth.status]}${truth.endedMs === null ? "" : ` ${formatAge(truth.endedMs, nowMs)}`}`;
	if (service && job && job.status !== service.status && !isFresh && isOver) {
		const status = service.status === "completed" || service.status === "failed" ? service.status : "stopped";
		found.push({
			words: `${job.isManaged ? "The relay" : "Git"} says it ${saidAs[job.status]}, SageMaker that it ${ended}.`,
			mend: job.isManaged
				? { kind: "endJob", status }
				: { kind: "byHand", remedy: "Refresh the jobs; a relay would have heard of it." },
		});
	}
	if (run && isOver && !isFresh) {
		const status = endOfRun[truth.status] ?? "FINISHED";
		const contradicts = run.status === "RUNNING" || run.status === "SCHEDULED" || run.status !== status;
		// A run may end well in a job that fails afterwards, while it uploads.
		const isLaterFailure = run.status === "FINISHED" && truth.status !== "completed";
		if (contradicts && !isLaterFailure)
			found.push({
				words: `MLflow says ${run.status}, the job ${ended}.`,
				mend: run.canWrite
					? { kind: "endRun", status }
					: {
							kind: "byHand",
							remedy: `Gamma only reads this store: end the run with MlflowClient().set_terminated(run_id, "${status}").`,
						},
			});
	}
	if (!isOver && truth.status === "running" && run && (run.status === "FAILED" || run.status === "KILLED"))
		found.push({
			words: `MLflow says ${run.status}, the job goes on${run.endedMs === null ? "" : ` since ${formatAge(run.endedMs, nowMs)}`}.`,
			mend: { kind: "byHand", remedy: "It may train for nothing: look at its log, and stop it if so." },
		});
	const signs = [said.lastLogMs, said.lastMetricMs, said.lastCheckpointMs].filter((ms) => ms !== null);
	const newest = Math.max(...signs);
	if (truth.status === "running" && signs.length > 0 && nowMs - newest > quietAfterMs)
		found.push({
			words: `The job runs, and gave its last sign ${formatAge(newest, nowMs)}.`,
			mend: { kind: "byHand", remedy: "It may hang: look at the end of its log, and stop it if so." },
		});
	return found;
}
