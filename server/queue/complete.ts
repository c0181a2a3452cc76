import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import type { Problem } from "../problem";
import { type Access, refusalOf } from "./leases";

export interface Completion {
	readonly userId: string;
	readonly jobId: string;
	readonly lease: string;
	readonly status: "completed" | "failed" | "stopped";
	readonly exitCode?: number | undefined;
	readonly error?: string | undefined;
	readonly mlflowRunId?: string | undefined;
}

/** Ends of jobs, one of each at most; a job that has ended stays as it is. Its row, or why it may not be ended. */
export async function completeAll(
	transaction: Queryable,
	ends: readonly Completion[],
	announcements: Announcements,
): Promise<(JobRow | Problem)[]> {
	if (ends.length === 0) return [];
	const ids = ends.map(({ jobId }) => jobId);
	const given = [ids, ends.map(({ userId }) => userId), ends.map(({ lease }) => lease)];
	const held = `given (job, person, token)
		join leases l on l.job_id = given.job and l.token = given.token and l.user_id = given.person`;
	// In one round trip, and still one statement after the other: a takeover that the lock waited for is seen.
	const [jobs, accesses, changed] = await Promise.all([
		transaction.query<JobRow>(
			`select ${jobColumns} from training_jobs where id = any($1::uuid[]) order by sequence for update`,
			[ids],
		),
		transaction.query<Access & { readonly job: string }>(
			`select given.job, (select m.role from members m join training_jobs j on j.project_id = m.project_id
					where j.id = given.job and m.user_id = given.person) as role,
				exists (select from leases l where l.job_id = given.job and l.token = given.token and l.user_id = given.person) as is_held
			from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as given (job, person, token)`,
			given,
		),
		transaction.query<JobRow>(
			`update training_jobs j set status = end_status, reason = coalesce(end_reason, case when end_status = 'stopped' then reason end),
				mlflow_run_id = coalesce(end_run, mlflow_run_id), completed_at = now(), updated_at = now()
			from unnest($1::uuid[], $4::text[], $5::text[], $6::text[]) as ended (ended_job, end_status, end_reason, end_run)
			where j.id = ended_job and j.status in ('pending', 'running')
				and j.id in (select given.job from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as ${held})
				and exists (select from unnest($1::uuid[], $2::uuid[]) as given (job, person) join members m on m.user_id = given.person
					where given.job = j.id and m.project_id = j.project_id and m.role in ('owner', 'member'))
			returning ${jobColumns}`,
			[
				...given,
				ends.map(({ status }) => status),
				ends.map(reasonOf),
				ends.map(({ mlflowRunId }) => mlflowRunId ?? null),
			],
		),
	]);
	const byId = new Map([...jobs, ...changed].map((row) => [row.id, row]));
	const accessOf = new Map(accesses.map((access) => [access.job, access]));
	for (const row of changed) announcements.changed(row);
	return ids.map((id) => {
		const job = byId.get(id.toLowerCase());
		return refusalOf(job, accessOf.get(id.toLowerCase())) ?? (job as JobRow);
	});
}

function reasonOf({ status, exitCode, error }: Completion): string | null {
	if (error) return error;
	if (status === "failed" && exitCode !== undefined) return `The training ended with exit code ${exitCode}.`;
	return null;
}
