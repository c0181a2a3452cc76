import type { Database, Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { announceJob, type JobRow, jobColumns } from "../jobs/jobRows";
import type { Lease } from "./leases";

/** A job that ends its runner each time is given up after as many. */
export const mostClaims = 3;

export interface Claimed {
	readonly job: JobRow;
	readonly lease: Lease;
	/** Where its commit is, and the experiment of its runs where the project names one. */
	readonly project: { readonly repository: string; readonly mlflowExperiment: string | null };
	readonly params: Readonly<Record<string, unknown>>;
	/** What runners before this one wrote: where this one's output begins. */
	readonly logSizeBytes: number;
}

export interface Claimer {
	readonly userId: string;
	readonly runner: string;
	readonly labels: readonly string[];
	readonly leaseSeconds: number;
}

const isFree = `(j.status = 'pending' or (j.status = 'running' and j.claims < ${mostClaims} and l.expires_at < clock_timestamp()))
	and not j.stop_requested`;

interface ClaimedRow extends JobRow {
	readonly params: Readonly<Record<string, unknown>>;
	readonly repository: string;
	readonly mlflow_experiment: string | null;
	readonly log_size: string | null;
	readonly token: string;
	readonly expires_at: Date;
}

/**
 * For each claimer, in their order, the oldest job that it may train, leased to it: null where there is none, `overtaken` where somebody was
 * quicker between the look and the lock.
 */
export async function claimAll(
	transaction: Queryable,
	claimers: readonly Claimer[],
	announcements: Announcements,
): Promise<(Claimed | "overtaken" | null)[]> {
	const claimed: (Claimed | "overtaken" | null)[] = claimers.map(() => null);
	const places = Map.groupBy(claimers.keys(), (at) => JSON.stringify([claimers[at]?.userId, claimers[at]?.labels]));
	for (const alike of places.values()) {
		const wanted = alike.flatMap((at) => claimers[at] ?? []);
		const got = await claimAlike(transaction, wanted, announcements);
		for (const [n, at] of alike.entries()) claimed[at] = got[n] ?? null;
	}
	return claimed;
}

/** Claimers of one person with the same labels: any of them may have any of the jobs. */
async function claimAlike(
	transaction: Queryable,
	claimers: readonly Claimer[],
	announcements: Announcements,
): Promise<(Claimed | "overtaken")[]> {
	const candidates = await transaction.query<{ id: string }>(
		`select j.id from training_jobs j
		join members m on m.project_id = j.project_id and m.user_id = $1 and m.role in ('owner', 'member')
		left join leases l on l.job_id = j.id
		where j.target = 'runner' and j.status in ('pending', 'running') and j.labels <@ $2::text[] and ${isFree}
		order by j.sequence limit $3 for update of j skip locked`,
		[claimers[0]?.userId, claimers[0]?.labels, claimers.length],
	);
	const wanted = claimers.slice(0, candidates.length);
	if (wanted.length === 0) return [];
	// The lock says nothing of the lease, which may have been renewed since: a new statement sees what is now.
	const rows = await transaction.query<ClaimedRow>(
		`with given as (
			select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::double precision[]) as given (job, runner, person, seconds)
		), claimed as (
			update training_jobs set status = 'running', reason = null, claims = claims + 1,
				started_at = coalesce(started_at, now()), updated_at = now()
			where id = any(array(select j.id from training_jobs j left join leases l on l.job_id = j.id
				where j.id = any($1::uuid[]) and ${isFree}))
			returning ${jobColumns}, params,
				(select repository from projects p where p.id = project_id) as repository,
				(select mlflow_experiment from projects p where p.id = project_id) as mlflow_experiment,
				(${sizeOfLog("training_jobs.id")}) as log_size
		), leased as (
			insert into leases (job_id, token, runner, user_id, claimed_at, expires_at)
			select id, nextval('lease_tokens'), runner, person, clock_timestamp(), clock_timestamp() + make_interval(secs => seconds)
			from claimed join given on given.job = claimed.id
			on conflict (job_id) do update set token = excluded.token, runner = excluded.runner, user_id = excluded.user_id,
				claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
			returning job_id, token::text, expires_at
		) select claimed.*, token, expires_at from claimed join leased on leased.job_id = claimed.id`,
		[
			candidates.map(({ id }) => id),
			wanted.map(({ runner }) => runner),
			wanted.map(({ userId }) => userId),
			wanted.map(({ leaseSeconds }) => leaseSeconds),
		],
	);
	const rowOf = new Map(rows.map((row) => [row.id, row]));
	return wanted.map((claimer, at) => {
		const row = rowOf.get(candidates[at]?.id ?? "");
		return row ? toClaimed(row, claimer, announcements) : "overtaken";
	});
}

function toClaimed(row: ClaimedRow, { leaseSeconds }: Claimer, announcements: Announcements): Claimed {
	const { params, repository, mlflow_experiment, log_size, token, expires_at, ...job } = row;
	announcements.changed(job);
	return {
		job,
		lease: { token, expiresAt: expires_at.toISOString(), seconds: leaseSeconds },
		project: { repository, mlflowExperiment: mlflow_experiment },
		params,
		logSizeBytes: Number(log_size ?? 0),
	};
}

/** Nobody heard that the job was theirs: it waits again, and the claim does not count. */
export async function unclaim(database: Database, { job, lease }: Claimed): Promise<void> {
	await database.asRelay(async (transaction) => {
		const [locked] = await transaction.query("select from training_jobs where id = $1 for update", [job.id]);
		if (!locked) return;
		const mine = await transaction.query("delete from leases where job_id = $1 and token = $2 returning job_id", [
			job.id,
			lease.token,
		]);
		if (mine.length === 0) return;
		const [row] = await transaction.query<JobRow>(
			`update training_jobs set status = case when stop_requested then 'stopped' else 'pending' end,
				completed_at = case when stop_requested then now() end, claims = claims - 1, updated_at = now()
			where id = $1 and status = 'running' returning ${jobColumns}`,
			[job.id],
		);
		if (row) await announceJob(transaction, "job.updated", row);
	});
}

function sizeOfLog(job: string): string {
	return `select (start_byte + octet_length(bytes))::text from logs where job_id = ${job} order by start_byte desc limit 1`;
}

/** Bytes of the job's log. */
export async function logSize(transaction: Queryable, jobId: string): Promise<number> {
	const [row] = await transaction.query<{ size: string | null }>(`select (${sizeOfLog("$1")}) as size`, [jobId]);
	return Number(row?.size ?? 0);
}
