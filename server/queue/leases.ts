import { isEnd } from "../../src/shared/relay/job";
import type { Database, Queryable } from "../database/database";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import { notFound, Problem } from "../problem";

/** A runner's right to a job. Its token only grows from lease to lease: whoever holds a smaller one is late. */
export interface Lease {
	readonly token: string;
	readonly expiresAt: string;
	/** How long it lasts from one renewal to the next: a runner's clock may not be the database's. */
	readonly seconds: number;
}

export interface HeldJob extends JobRow {
	readonly stop_requested: boolean;
	/** Nothing of it was written for a minute. */
	readonly is_quiet: boolean;
}

/** What a person may do with a job, and whether a lease of theirs is its newest. */
export interface Access {
	readonly role: string | null;
	readonly is_held: boolean;
}

/** 404 where the person may not see the job, 403 where they may only look, 409 when the lease is lost; null where they hold it. */
export function refusalOf(job: JobRow | undefined, access: Access | undefined): Problem | null {
	if (!job || !access?.role) return notFound();
	if (access.role === "viewer") return new Problem(403, "A viewer of the project may not do that.");
	return access.is_held ? null : lost();
}

const lost = () => new Problem(409, "The lease is lost: the job is no longer this runner's.");

/**
 * Locks the job and goes on when the token is its newest lease, expired or not: who asks is still the last one who had it.
 * Every write of a runner comes through here. 409 when the lease is lost; 404 where the person may not see the job.
 * The lease is read after the lock, in a statement of its own, or a takeover that the lock waited for would not be seen.
 */
export async function holdLease(
	transaction: Queryable,
	userId: string,
	jobId: string,
	token: string,
): Promise<HeldJob> {
	// One round trip, and still one statement after the other.
	const [[job], [access]] = await Promise.all([
		transaction.query<HeldJob>(
			`select ${jobColumns}, stop_requested, updated_at < now() - interval '1 minute' as is_quiet
			from training_jobs where id = $1 for update`,
			[jobId],
		),
		transaction.query<Access>(
			`select (select m.role from members m join training_jobs j on j.project_id = m.project_id
					where j.id = $1 and m.user_id = $2) as role,
				exists (select from leases where job_id = $1 and token = $3 and user_id = $2) as is_held`,
			[jobId, userId, token],
		),
	]);
	const refusal = refusalOf(job, access);
	if (refusal) throw refusal;
	return job as HeldJob;
}

/** Makes a lease last its whole time again, by the database's clock. */
export async function renewLease(transaction: Queryable, jobId: string, leaseSeconds: number): Promise<string> {
	const [row] = await transaction.query<{ expires_at: Date }>(
		"update leases set expires_at = clock_timestamp() + make_interval(secs => $2) where job_id = $1 returning expires_at",
		[jobId, leaseSeconds],
	);
	if (!row) throw lost();
	return row.expires_at.toISOString();
}

/** A relay that starts may have been away: nobody could renew a lease meanwhile, so each lasts its whole time from now. */
export async function renewAllLeases(database: Database, leaseSeconds: number): Promise<void> {
	await database.asRelay((transaction) =>
		transaction.query(
			`update leases set expires_at = greatest(expires_at, clock_timestamp() + make_interval(secs => $1))
			where job_id in (select j.id from training_jobs j where j.status = 'running' order by j.sequence for update of j)`,
			[leaseSeconds],
		),
	);
}

/** 409 when the job has ended: nothing more is to be done for it. */
export function demandUnended(job: JobRow): void {
	if (isEnd(job.status)) throw new Problem(409, `The job has ended as ${job.status}.`);
}
