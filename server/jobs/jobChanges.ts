import { randomUUID } from "node:crypto";
import { isEnd, type JobStatus } from "../../src/shared/relay/job";
import { toAssignments, toChanges } from "../database/changes";
import type { Queryable } from "../database/database";
import { notFound, Problem } from "../problem";
import { announceJob, type JobRow, jobColumns } from "./jobRows";

export type Params = Readonly<Record<string, string | number | boolean | null>>;

/** What a person may say of a job; absent: as it was. */
export interface JobChanges {
	readonly mlflowRunId?: string | null | undefined;
	readonly sagemakerJobName?: string | null | undefined;
	readonly workflowRunId?: string | null | undefined;
	readonly progress?: number | null | undefined;
	readonly status?: JobStatus | undefined;
	readonly reason?: string | null | undefined;
}

const columnOf = {
	mlflowRunId: "mlflow_run_id",
	sagemakerJobName: "sagemaker_job_name",
	workflowRunId: "workflow_run_id",
	progress: "progress",
	status: "status",
	reason: "reason",
} as const;

/** A job that no push made, in its project's usual place. */
export async function makeJob(
	transaction: Queryable,
	wanted: {
		readonly projectId: string;
		readonly branch: string;
		readonly commitSha: string;
		readonly message?: string | undefined;
		readonly params?: Params | undefined;
	},
	author: string,
): Promise<JobRow> {
	const job = await one(
		transaction,
		`insert into training_jobs (project_id, branch, commit_sha, message, author, params, origin, target)
			select id, $2, $3, $4, $5, $6::jsonb, $7, target from projects where id = $1 returning ${jobColumns}`,
		[
			wanted.projectId,
			wanted.branch,
			wanted.commitSha,
			wanted.message ?? "",
			author,
			JSON.stringify(wanted.params ?? {}),
			`hand:${randomUUID()}`,
		],
	);
	await announceJob(transaction, "job.created", job);
	return job;
}

/** One more attempt of the same commit, with what the last one was given but for the params named. */
export async function retryJob(transaction: Queryable, job: JobRow, params: Params): Promise<JobRow> {
	if (!isEnd(job.status)) throw new Problem(409, "The job has not ended: stop it, or wait until it ends.");
	const retry = await one(
		transaction,
		`insert into training_jobs (project_id, branch, commit_sha, message, author, labels, params, origin, target, attempt)
			select project_id, branch, commit_sha, message, author, labels, params || $2::jsonb, origin, target,
				(select max(attempt) + 1 from training_jobs every where every.project_id = one.project_id and every.origin = one.origin)
			from training_jobs one where id = $1 returning ${jobColumns}`,
		[job.id, JSON.stringify(params)],
	);
	await announceJob(transaction, "job.created", retry);
	return retry;
}

/** 409 when the job has ended and this would end it otherwise, or begin it anew. A new state sheds the old one's reason. */
export async function changeJob(transaction: Queryable, id: string, wanted: JobChanges): Promise<JobRow> {
	toChanges(columnOf, wanted);
	const job = await lock(transaction, id);
	const isMove = wanted.status !== undefined && wanted.status !== job.status;
	if (isMove && isEnd(job.status)) throw new Problem(409, `The job has ended as ${job.status}: retry it instead.`);
	if (isMove && wanted.status === "pending") throw new Problem(409, "The job runs: it does not wait again.");
	const changes = toChanges(columnOf, isMove ? { reason: null, ...defined(wanted) } : wanted);
	const isSame = changes.columns.every((column, at) => job[column as keyof JobRow] === changes.values[at]);
	return isSame ? job : update(transaction, id, toAssignments(changes, 2), changes.values);
}

/** A job that waits is stopped; of one that runs the runner hears with its next heartbeat. 409 when it has ended. */
export async function stopJob(transaction: Queryable, id: string, by: string): Promise<JobRow> {
	const job = await lock(transaction, id);
	if (isEnd(job.status)) throw new Problem(409, `The job has ended as ${job.status}.`);
	const who = by === "" ? "Somebody" : by;
	if (job.status === "pending") {
		return update(transaction, id, "status = 'stopped', reason = $2", [`${who} stopped it before it began.`]);
	}
	const asked = await transaction.query("select from training_jobs where id = $1 and stop_requested", [id]);
	if (asked.length > 0) return job;
	return update(transaction, id, "stop_requested = true, reason = $2", [`${who} asked it to stop.`]);
}

async function update(
	transaction: Queryable,
	id: string,
	assignments: string,
	values: readonly unknown[],
): Promise<JobRow> {
	await transaction.query(`update training_jobs set ${assignments}, updated_at = now() where id = $1`, [id, ...values]);
	const changed = await one(
		transaction,
		`update training_jobs set
			started_at = case when status = 'running' then coalesce(started_at, now()) else started_at end,
			completed_at = case when status in ('completed', 'failed', 'stopped') then coalesce(completed_at, now()) end
			where id = $1 returning ${jobColumns}`,
		[id],
	);
	await announceJob(transaction, "job.updated", changed);
	return changed;
}

function lock(transaction: Queryable, id: string): Promise<JobRow> {
	return one(transaction, `select ${jobColumns} from training_jobs where id = $1 for update`, [id]);
}

async function one(transaction: Queryable, sql: string, values: readonly unknown[]): Promise<JobRow> {
	const [row] = await transaction.query<JobRow>(sql, values);
	if (!row) throw notFound();
	return row;
}

function defined(given: object): object {
	return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
