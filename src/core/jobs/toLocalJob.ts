import type { JobStatus } from "../../shared/relay/job";
import type { Run } from "../../shared/run";
import type { ForgeAddress } from "../git/forgeAddress";
import type { CommitLine } from "../git/gitRepository";
import { toLine } from "../plainText";
import { failureReason } from "../runs/failureReason";
import type { LocalTraining } from "./localTrainings";
import type { TrackedJob } from "./trackedJob";
import { type Told, tellJob } from "./workflowState";

/** The job of a training, with nothing said that nobody knows. */
export function toLocalJob(
	training: LocalTraining,
	line: CommitLine | undefined,
	forge: ForgeAddress | null,
): TrackedJob {
	const { branch, commitSha, workflow, runs } = training;
	const [newest] = runs;
	const told = tell(training);
	const createdMs = createdAt(training, line);
	return {
		job: {
			id: localJobId(branch, commitSha),
			projectId: "",
			commitSha,
			branch,
			message: line?.subject ?? workflow?.message ?? "",
			author: line?.author ?? workflow?.author ?? "",
			status: told.status,
			reason: told.reason,
			target: workflow === null ? "runner" : "sagemaker",
			attempt: workflow?.attempt ?? 1,
			workflowRunId: workflow?.id ?? null,
			sagemakerJobName: null,
			mlflowRunId: newest?.id ?? null,
			progress: null,
			startedAt: told.startedAt,
			completedAt: told.endedAt,
			createdAt: new Date(createdMs).toISOString(),
		},
		source: workflow === null ? "git" : "actions",
		repository: forge?.repository ?? null,
		metrics: newest?.metrics ?? {},
		step: null,
		logSizeBytes: null,
		lastSignMs: Math.max(createdMs, newest?.lastSignMs ?? 0, workflow?.updatedMs ?? 0),
		isOwn: training.isPushedHere || (line?.isOwn ?? false),
		url: urlOf(training, forge),
	};
}

export function localJobId(branch: string, commitSha: string): string {
	return `git:${branch}:${commitSha}`;
}

/**
 * A workflow that has not ended, or that ended badly, is the job's state. One that went well may only have handed the
 * training over: then, and without any, what was logged says how it is.
 */
function tell(training: LocalTraining): Told {
	const { workflow, runs } = training;
	const ofRuns = tellRuns(runs);
	if (workflow === null) return ofRuns ?? nothingLogged(training.isPushed);
	const ofWorkflow = tellJob(workflow.fact);
	if (!ofRuns) return ofWorkflow;
	if (ofWorkflow.status === "completed") return { ...ofRuns, startedAt: ofWorkflow.startedAt ?? ofRuns.startedAt };
	const hasBegun = ofWorkflow.status === "pending" && ofRuns.status === "running";
	return hasBegun ? ofRuns : ofWorkflow;
}

const statusOfRun: Readonly<Record<Run["status"], JobStatus>> = {
	RUNNING: "running",
	SCHEDULED: "pending",
	FINISHED: "completed",
	FAILED: "failed",
	KILLED: "stopped",
};

/** One that goes on counts before the newest: a training may log several. */
function tellRuns(runs: readonly Run[]): Told | null {
	const run = runs.find(({ status }) => status === "RUNNING") ?? runs[0];
	if (!run) return null;
	const starts = runs.flatMap(({ startTimeMs }) => startTimeMs ?? []);
	const status = statusOfRun[run.status];
	return {
		status,
		reason: status === "failed" || status === "stopped" ? reasonOf(run) : null,
		startedAt: starts.length > 0 ? toIso(Math.min(...starts)) : null,
		endedAt: status === "running" || status === "pending" ? null : toIso(run.endTimeMs),
	};
}

function reasonOf(run: Run): string {
	const said = failureReason(run)
		?.text.split("\n")
		.findLast((text) => text.trim() !== "");
	const name = toLine(run.name || run.id, 80);
	if (said !== undefined) return toLine(said, 300);
	return run.status === "FAILED" ? `Its run “${name}” failed.` : `Its run “${name}” was killed.`;
}

function nothingLogged(isPushed: boolean): Told {
	const reason = isPushed
		? "Nothing has been logged for this commit yet."
		: "Not pushed yet, and nothing has been logged for this commit.";
	return { status: "pending", reason, startedAt: null, endedAt: null };
}

/** When it was pushed, as near as anybody says; never later than its first run began. */
function createdAt({ isPushedHere, seenMs, workflow, runs }: LocalTraining, line: CommitLine | undefined): number {
	const firstRunMs = Math.min(...runs.flatMap(({ startTimeMs }) => startTimeMs ?? []));
	const pushedMs = (isPushedHere ? seenMs : null) ?? workflow?.createdMs ?? line?.committedMs ?? seenMs;
	const known = [pushedMs ?? Number.POSITIVE_INFINITY, firstRunMs].filter((ms) => Number.isFinite(ms) && ms > 0);
	return known.length > 0 ? Math.min(...known) : 0;
}

function urlOf({ workflow, isPushed, commitSha }: LocalTraining, forge: ForgeAddress | null): string | null {
	if (workflow?.url) return workflow.url;
	return isPushed && forge?.host === "github.com" ? `https://github.com/${forge.repository}/commit/${commitSha}` : null;
}

function toIso(ms: number | null): string | null {
	return ms === null || !(Math.abs(ms) < 8.64e15) ? null : new Date(ms).toISOString();
}
