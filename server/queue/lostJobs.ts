import type { Database } from "../database/database";
import { announceJob, type JobRow, jobColumns } from "../jobs/jobRows";
import { mostClaims } from "./claim";

/** Any number, the same for every relay: one at a time does this. */
const lockKey = 7_426_003;
const atOnce = 100;

/**
 * Says of jobs whose runner was lost what they are now: failed after the last claim, stopped where that was asked for, else
 * waiting for another runner. The lease of one that waits stays: its holder may come back and renew it.
 */
export async function settleLostJobs(database: Database): Promise<void> {
	await database.asRelay(async (transaction) => {
		const [turn] = await transaction.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock(${lockKey}) as mine`);
		if (!turn?.mine) return;
		const lost = await transaction.query<{ id: string }>(
			`select j.id from training_jobs j join leases l on l.job_id = j.id
			where j.target = 'runner' and j.status = 'running' and l.expires_at < clock_timestamp()
			order by j.sequence limit $1 for update of j skip locked`,
			[atOnce],
		);
		if (lost.length === 0) return;
		// Again now that they are locked: a heartbeat may have come in between.
		const jobs = await transaction.query<JobRow>(
			`update training_jobs set
				status = case when stop_requested then 'stopped' when claims >= $2 then 'failed' else 'pending' end,
				reason = case when stop_requested or claims >= $2 then 'runner lost' else 'runner lost: waiting for another' end,
				completed_at = case when stop_requested or claims >= $2 then now() end, updated_at = now()
			where id = any(array(select l.job_id from leases l where l.job_id = any($1::uuid[]) and l.expires_at < clock_timestamp()))
			returning ${jobColumns}`,
			[lost.map(({ id }) => id), mostClaims],
		);
		const ended = jobs.filter(({ status }) => status !== "pending").map(({ id }) => id);
		await transaction.query("delete from leases where job_id = any($1::uuid[])", [ended]);
		for (const job of jobs) await announceJob(transaction, "job.updated", job);
	});
}
