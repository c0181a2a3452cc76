import { looksLikeTraining, type WorkflowFact } from "../../src/core/jobs/workflowState";
import { isEnd } from "../../src/shared/relay/job";
import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { jobColumns } from "../jobs/jobRows";
import { type BoundJob, settleJob } from "./settleJob";

/** One attempt of one run, as far as a batch is concerned. */
export interface RunAttempt {
	readonly projectId: string;
	readonly runId: string;
	readonly attempt: number;
	readonly commitSha: string;
	readonly branch: string;
	readonly facts: readonly WorkflowFact[];
}

interface Candidate extends BoundJob {
	readonly origin: string;
}

const candidateColumns = `${jobColumns}, workflow_run_attempt, origin`;

/**
 * The job that this attempt of a run trains, or null while there is none: the one that has the run already, else the oldest
 * of the commit and branch that waits for one. Another attempt of a run is another attempt of its job. A job that runners
 * train has a run only when somebody says so: what else the repository's CI does with the commit is not its training.
 */
export async function bindRun(
	transaction: Queryable,
	run: RunAttempt,
	workflow: string | null,
	announcements: Announcements,
): Promise<BoundJob | null> {
	const jobs = await transaction.query<Candidate>(
		`select ${candidateColumns} from training_jobs where project_id = $1 and commit_sha = $2 and branch = $3
		order by sequence for update`,
		[run.projectId, run.commitSha, run.branch],
	);
	const mine = jobs.filter(({ workflow_run_id }) => workflow_run_id === run.runId);
	const exact = mine.find(({ workflow_run_attempt }) => (workflow_run_attempt ?? 1) === run.attempt);
	if (exact) return exact;
	const base =
		mine[0] ??
		jobs.find((job) => job.target === "sagemaker" && job.workflow_run_id === null) ??
		(await lesserRunsJob(transaction, jobs, workflow));
	if (!base) return null;
	if (run.attempt === 1) return base;
	// Attempts arrive in any order: the job that there is stands for the first one.
	if (base.workflow_run_id !== run.runId) {
		const bindings = { workflowRunId: run.runId, workflowRunAttempt: 1, sagemakerJobName: base.sagemaker_job_name };
		await settleJob(transaction, base, bindings, nothingTold, null, announcements);
	}
	// Who asked for a retry here has made its row already.
	const retry = jobs.find(
		(job) => job.origin === base.origin && job.attempt === run.attempt && job.workflow_run_id === null,
	);
	return retry ?? (await makeAttempt(transaction, base, run, announcements));
}

const nothingTold = { status: "pending", reason: null, startedAt: null, endedAt: null } as const;

async function lesserRunsJob(
	transaction: Queryable,
	jobs: readonly Candidate[],
	workflow: string | null,
): Promise<Candidate | undefined> {
	const open = jobs.filter((job) => job.target === "sagemaker" && !isEnd(job.status));
	if (!looksLikeTraining(workflow) || open.length === 0) return undefined;
	const runs = await transaction.query<{ job_id: string; state: string }>(
		"select job_id, state from workflow_runs where job_id = any($1::uuid[])",
		[open.map(({ id }) => id)],
	);
	const lesser = runs.find(
		({ state }) => !looksLikeTraining((JSON.parse(state) as { workflow: string | null }).workflow),
	);
	if (!lesser) return undefined;
	await transaction.query("update workflow_runs set job_id = null where job_id = $1", [lesser.job_id]);
	return open.find(({ id }) => id === lesser.job_id);
}

async function makeAttempt(
	transaction: Queryable,
	base: Candidate,
	run: RunAttempt,
	announcements: Announcements,
): Promise<BoundJob | null> {
	const [row] = await transaction.query<BoundJob>(
		`insert into training_jobs (project_id, branch, commit_sha, message, author, labels, params, origin, target, attempt,
			workflow_run_id, workflow_run_attempt)
		select project_id, branch, commit_sha, message, author, labels, params, origin, target,
			case when exists (select from training_jobs taken
				where taken.project_id = one.project_id and taken.origin = one.origin and taken.attempt = $2)
			then (select max(attempt) + 1 from training_jobs every where every.project_id = one.project_id and every.origin = one.origin)
			else $2 end, $3, $2
		from training_jobs one where id = $1 returning ${candidateColumns}`,
		[base.id, run.attempt, run.runId],
	);
	if (row) announcements.made(row);
	return row ?? null;
}
