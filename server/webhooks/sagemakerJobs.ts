import type { SagemakerNews } from "../../src/core/jobs/readSagemaker";
import type { Database, Queryable } from "../database/database";
import { Announcements } from "../jobs/announcements";
import { type JobRow, jobColumns } from "../jobs/jobRows";
import type { Taken } from "./delivery";
import { earlyOf, forgetEarly, keepEarly } from "./earlyTrainings";
import { type BoundJob, settleJob } from "./settleJob";

/** Any number, the same for every relay. */
const earlyLock = 7_426_005;

/** SageMaker's own word on a training job: the job it belongs to takes it over, and its name where it had none. */
export async function takeSagemaker(
	transaction: Queryable,
	news: SagemakerNews,
	announcements: Announcements,
): Promise<Taken> {
	let job = await findJob(transaction, news);
	if (!job) {
		// Whoever makes a job meanwhile reads what is kept first, or this sees the job.
		await transaction.query(`select pg_advisory_xact_lock(${earlyLock})`);
		job = await findJob(transaction, news);
	}
	if (!job) {
		await keepEarly(transaction, news);
		return { outcome: "noJob" };
	}
	const bindings = {
		workflowRunId: job.workflow_run_id,
		workflowRunAttempt: job.workflow_run_attempt,
		sagemakerJobName: job.sagemaker_job_name ?? (await freeName(transaction, news.jobName)),
	};
	const settled = await settleJob(transaction, job, bindings, news.told, null, announcements);
	return { outcome: settled === job ? "unchanged" : "changed", projectId: job.project_id, jobId: job.id };
}

/** Jobs that were just made or named hear what SageMaker told before; it comes last but for the events. */
export async function takeEarly(
	transaction: Queryable,
	jobs: readonly JobRow[],
	announcements: Announcements,
): Promise<void> {
	if (jobs.length === 0) return;
	await transaction.query(`select pg_advisory_xact_lock_shared(${earlyLock})`);
	for (const news of await earlyOf(transaction, jobs)) {
		const { outcome } = await takeSagemaker(transaction, news, announcements);
		if (outcome !== "noJob") await forgetEarly(transaction, news.jobName);
	}
}

/** The same for a job that a person made or named: answers the job as it stands then. */
export function settleEarly(database: Database, jobId: string): Promise<JobRow | undefined> {
	return database.asRelay(async (transaction) => {
		const read = () => transaction.query<JobRow>(`select ${jobColumns} from training_jobs where id = $1`, [jobId]);
		const announcements = new Announcements();
		await takeEarly(transaction, await read(), announcements);
		const [row] = await read();
		await announcements.append(transaction);
		return row;
	});
}

/** By the tags that it was submitted with, else by its name. A job that trains under another name is another's. */
async function findJob(transaction: Queryable, news: SagemakerNews): Promise<BoundJob | null> {
	const [row] = await transaction.query<BoundJob>(
		`select ${jobColumns}, workflow_run_attempt from training_jobs
		where id = (select id from (
			select id, 1 as rank, sequence from training_jobs
				where id::text = lower($2) and (sagemaker_job_name is null or sagemaker_job_name = $1)
			union all select id, 2, sequence from training_jobs where sagemaker_job_name = $1
			union all select j.id, 3, j.sequence from training_jobs j join projects p on p.id = j.project_id
				where j.commit_sha = $3 and j.sagemaker_job_name is null and j.target = 'sagemaker'
				and (p.id::text = lower($4) or lower(p.repository) = lower($4) or p.name = $4)
		) as found order by rank, sequence desc limit 1)
		for update`,
		[news.jobName, news.jobId, news.commitSha, news.project],
	);
	return row ?? null;
}

async function freeName(transaction: Queryable, name: string): Promise<string | null> {
	const taken = await transaction.query("select id from training_jobs where sagemaker_job_name = $1", [name]);
	return taken.length > 0 ? null : name;
}
