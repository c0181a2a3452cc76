import type { SagemakerNews } from "../../src/core/jobs/readSagemaker";
import type { Queryable } from "../database/database";
import { jobColumns } from "../jobs/jobRows";
import type { Announcements } from "./announcements";
import type { Taken } from "./delivery";
import { type BoundJob, settleJob } from "./settleJob";

/** SageMaker's own word on a training job: the job it belongs to takes it over, and its name where it had none. */
export async function takeSagemaker(
	transaction: Queryable,
	news: SagemakerNews,
	announcements: Announcements,
): Promise<Taken> {
	const job = await findJob(transaction, news);
	if (!job) return { outcome: "noJob" };
	const bindings = {
		workflowRunId: job.workflow_run_id,
		workflowRunAttempt: job.workflow_run_attempt,
		sagemakerJobName: job.sagemaker_job_name ?? (await freeName(transaction, news.jobName)),
	};
	const settled = await settleJob(transaction, job, bindings, news.told, null, announcements);
	return { outcome: settled === job ? "unchanged" : "changed", projectId: job.project_id, jobId: job.id };
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
