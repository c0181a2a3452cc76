import type { EventKind, EventOf } from "../../src/shared/relay/event";
import type { Job } from "../../src/shared/relay/job";
import type { Queryable } from "../database/database";

/** A job as Postgres gives it; ask for `jobColumns`. */
export interface JobRow {
	readonly id: string;
	readonly project_id: string;
	readonly commit_sha: string;
	readonly branch: string;
	readonly message: string;
	readonly author: string;
	readonly status: Job["status"];
	readonly reason: string | null;
	readonly target: Job["target"];
	readonly attempt: number;
	readonly workflow_run_id: string | null;
	readonly sagemaker_job_name: string | null;
	readonly mlflow_run_id: string | null;
	readonly progress: number | null;
	readonly started_at: Date | null;
	readonly completed_at: Date | null;
	readonly created_at: Date;
	/** What pages of the list go by. */
	readonly sequence: string;
}

export const jobColumns = `id, project_id, commit_sha, branch, message, author, status, reason, target, attempt, workflow_run_id,
	sagemaker_job_name, mlflow_run_id, progress, started_at, completed_at, created_at, sequence`;

export function toJob(row: JobRow): Job {
	return {
		id: row.id,
		projectId: row.project_id,
		commitSha: row.commit_sha,
		branch: row.branch,
		message: row.message,
		author: row.author,
		status: row.status,
		reason: row.reason,
		target: row.target,
		attempt: row.attempt,
		workflowRunId: row.workflow_run_id,
		sagemakerJobName: row.sagemaker_job_name,
		mlflowRunId: row.mlflow_run_id,
		progress: row.progress,
		startedAt: row.started_at?.toISOString() ?? null,
		completedAt: row.completed_at?.toISOString() ?? null,
		createdAt: row.created_at.toISOString(),
	};
}

/**
 * Appends an event to a project's feed, in the transaction of what it tells. Appends take turns until the transaction
 * has committed, so this comes last in it.
 */
export async function appendEvent<K extends EventKind>(
	transaction: Queryable,
	projectId: string,
	jobId: string | null,
	kind: K,
	data: EventOf<K>,
): Promise<void> {
	transaction.sendLast("select gamma_append_event($1, $2, $3, $4)", [projectId, jobId, kind, JSON.stringify(data)]);
}

export function announceJob(transaction: Queryable, kind: "job.created" | "job.updated", row: JobRow): Promise<void> {
	return appendEvent(transaction, row.project_id, row.id, kind, toJob(row));
}
