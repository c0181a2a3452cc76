import type { Told } from "../../src/core/jobs/workflowState";
import { isEnd } from "../../src/shared/relay/job";
import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { type JobRow, jobColumns } from "../jobs/jobRows";

export interface Bindings {
	readonly workflowRunId: string | null;
	readonly workflowRunAttempt: number | null;
	readonly sagemakerJobName: string | null;
}

export interface BoundJob extends JobRow {
	readonly workflow_run_attempt: number | null;
}

/**
 * Writes what CI or SageMaker tells of a job, and announces it where the row really changes. A job never goes back: not from
 * running, and not from an end, unless it is the same teller that knows better now (`before` is what it told last): a run whose
 * jobs alone were known, all of them ended, may turn out to be under way.
 */
export async function settleJob(
	transaction: Queryable,
	job: BoundJob,
	bindings: Bindings,
	told: Told,
	before: Told | null,
	announcements: Announcements,
): Promise<BoundJob> {
	const isOurs = before !== null && before.status === job.status && before.reason === job.reason;
	const goesOn = isEnd(job.status) ? isOurs : told.status !== "pending";
	const next = goesOn
		? {
				status: told.status,
				// While it stays in one state, a reason that somebody gave stays too.
				reason: told.status === job.status && told.reason === null ? job.reason : told.reason,
				startedAt: told.startedAt ?? iso(job.started_at),
				completedAt: isEnd(told.status) ? (told.endedAt ?? iso(job.completed_at) ?? new Date().toISOString()) : null,
			}
		: {
				status: job.status,
				reason: job.reason,
				startedAt: iso(job.started_at),
				completedAt: iso(job.completed_at),
			};
	const isSame =
		next.status === job.status &&
		next.reason === job.reason &&
		next.startedAt === iso(job.started_at) &&
		next.completedAt === iso(job.completed_at) &&
		bindings.workflowRunId === job.workflow_run_id &&
		bindings.workflowRunAttempt === job.workflow_run_attempt &&
		bindings.sagemakerJobName === job.sagemaker_job_name;
	if (isSame) return job;
	const [row] = await transaction.query<BoundJob>(
		`update training_jobs set status = $2, reason = $3, started_at = $4::timestamptz, completed_at = $5::timestamptz,
			workflow_run_id = $6, workflow_run_attempt = $7, sagemaker_job_name = $8, updated_at = now()
		where id = $1 returning ${jobColumns}, workflow_run_attempt`,
		[
			job.id,
			next.status,
			next.reason,
			next.startedAt,
			next.completedAt,
			bindings.workflowRunId,
			bindings.workflowRunAttempt,
			bindings.sagemakerJobName,
		],
	);
	if (!row) return job;
	announcements.changed(row);
	return row;
}

/** To milliseconds, as rows are told. */
function iso(time: Date | null): string | null {
	return time?.toISOString() ?? null;
}
