import type { SagemakerNews } from "../../src/core/jobs/readSagemaker";
import { isEnd } from "../../src/shared/relay/job";
import type { Queryable } from "../database/database";

interface EarlyRow {
	readonly news: string;
}

/** Told longer ago, no job comes for it any more. */
const keptDays = 30;

/** Keeps what SageMaker tells before its job is there: an end stays an end, and the first beginning that was told. */
export async function keepEarly(transaction: Queryable, news: SagemakerNews): Promise<void> {
	const [row] = await transaction.query<EarlyRow>(
		"select news from early_trainings where sagemaker_job_name = $1 for update",
		[news.jobName],
	);
	const known = row && (JSON.parse(row.news) as SagemakerNews);
	if (known && isEnd(known.told.status) && !isEnd(news.told.status)) return;
	const kept: SagemakerNews = {
		...news,
		jobId: news.jobId ?? known?.jobId ?? null,
		commitSha: news.commitSha ?? known?.commitSha ?? null,
		project: news.project ?? known?.project ?? null,
	};
	await transaction.query(
		`insert into early_trainings (sagemaker_job_name, news, commit_sha, job_id) values ($1, $2, $3, $4)
		on conflict (sagemaker_job_name) do update
			set news = excluded.news, commit_sha = excluded.commit_sha, job_id = excluded.job_id, updated_at = now()`,
		[news.jobName, JSON.stringify(kept), kept.commitSha, kept.jobId?.toLowerCase() ?? null],
	);
	await transaction.query("delete from early_trainings where updated_at < now() - make_interval(days => $1)", [
		keptDays,
	]);
}

/** What was told early of trainings that may be these jobs', oldest first. */
export async function earlyOf(
	transaction: Queryable,
	jobs: readonly { readonly id: string; readonly commit_sha: string; readonly sagemaker_job_name: string | null }[],
): Promise<readonly SagemakerNews[]> {
	if (jobs.length === 0) return [];
	const rows = await transaction.query<EarlyRow>(
		`select news from early_trainings
		where job_id = any($1::text[]) or commit_sha = any($2::text[]) or sagemaker_job_name = any($3::text[])
		order by updated_at`,
		[
			jobs.map(({ id }) => id),
			jobs.map(({ commit_sha }) => commit_sha),
			jobs.flatMap(({ sagemaker_job_name }) => sagemaker_job_name ?? []),
		],
	);
	return rows.map(({ news }) => JSON.parse(news) as SagemakerNews);
}

export async function forgetEarly(transaction: Queryable, jobName: string): Promise<void> {
	await transaction.query("delete from early_trainings where sagemaker_job_name = $1", [jobName]);
}
