import type { Database } from "../database/database";
import { announceJob, type JobRow, jobColumns } from "../jobs/jobRows";
import { demandUnended, holdLease } from "./leases";

/**
 * A runner that may not train the job after all gives it back: it waits for one that has these labels, besides those it wanted
 * before. The claim does not count. 409 when the lease is lost.
 */
export function release(
	database: Database,
	userId: string,
	jobId: string,
	lease: string,
	labels: readonly string[],
): Promise<JobRow> {
	return database.asRelay(async (transaction) => {
		const job = await holdLease(transaction, userId, jobId, lease);
		demandUnended(job);
		await transaction.query("delete from leases where job_id = $1", [jobId]);
		const [row] = await transaction.query<JobRow>(
			`update training_jobs set status = case when stop_requested then 'stopped' else 'pending' end,
				completed_at = case when stop_requested then now() end, claims = greatest(claims - 1, 0), updated_at = now(),
				labels = array(select distinct unnest(labels || $2::text[]) order by 1),
				reason = case when stop_requested then reason else $3 end
			where id = $1 returning ${jobColumns}`,
			[jobId, labels, labels.length === 0 ? null : `It waits for a runner with the label ${labels.join(", ")}.`],
		);
		if (row) await announceJob(transaction, "job.updated", row);
		return row ?? job;
	});
}
