import type { WorkflowNews } from "../../src/core/jobs/readGithub";
import { joinFact, nothingKnown, type Told, tellJob, type WorkflowState } from "../../src/core/jobs/workflowState";
import { isEnd } from "../../src/shared/relay/job";
import type { Queryable } from "../database/database";
import type { Announcements } from "../jobs/announcements";
import { bindRun, type RunAttempt } from "./bindRun";
import type { Rules, Taken } from "./delivery";
import type { ProjectRow } from "./projectRow";
import type { TakenPush } from "./pushes";
import { type BoundJob, settleJob } from "./settleJob";

export interface WorkflowOfProject {
	readonly news: WorkflowNews;
	readonly project: ProjectRow;
}

interface RunRow {
	readonly project_id: string;
	readonly run_id: string;
	readonly attempt: number;
	readonly commit_sha: string;
	readonly branch: string;
	readonly state: string;
	readonly job_id: string | null;
}

const runColumns = "project_id, run_id, attempt, commit_sha, branch, state, job_id";

/**
 * Joins what was told of runs to what is known of them, and lets their jobs follow. The jobs that pushes just made may have
 * runs that were told of before.
 */
export async function takeWorkflows(
	transaction: Queryable,
	told: readonly WorkflowOfProject[],
	pushes: readonly TakenPush[],
	announcements: Announcements,
	rules: Rules,
): Promise<readonly Taken[]> {
	const keyOf = (projectId: string, runId: string, attempt: number) => `${projectId} ${runId} ${attempt}`;
	const runs = new Map<string, RunAttempt>();
	for (const { news, project } of told) {
		const key = keyOf(project.id, news.runId, news.attempt);
		const { runId, attempt, commitSha, branch } = news;
		const facts = [...(runs.get(key)?.facts ?? []), news.fact];
		runs.set(key, { projectId: project.id, runId, attempt, commitSha, branch, facts });
	}
	const known = new Map<string, RunRow>();
	for (const row of await knownRuns(transaction, [...runs.values()])) {
		known.set(keyOf(row.project_id, row.run_id, row.attempt), row);
	}
	for (const row of await runsThatWait(transaction, pushes)) {
		const key = keyOf(row.project_id, row.run_id, row.attempt);
		known.set(key, row);
		if (!runs.has(key)) runs.set(key, { ...fromRow(row), facts: [] });
	}
	const taken = new Map<string, Taken>();
	for (const [key, run] of [...runs].sort(([, a], [, b]) => inOrder(a, b))) {
		taken.set(key, await takeRun(transaction, run, known.get(key), announcements, rules));
	}
	return told.map(
		({ news, project }) => taken.get(keyOf(project.id, news.runId, news.attempt)) ?? { outcome: "unchanged" },
	);
}

function fromRow(row: RunRow): Omit<RunAttempt, "facts"> {
	return {
		projectId: row.project_id,
		runId: row.run_id,
		attempt: row.attempt,
		commitSha: row.commit_sha,
		branch: row.branch,
	};
}

/** GitHub's ids grow: the older run comes first, whatever came first. */
function inOrder(a: RunAttempt, b: RunAttempt): number {
	return (
		a.runId.length - b.runId.length || (a.runId < b.runId ? -1 : a.runId > b.runId ? 1 : 0) || a.attempt - b.attempt
	);
}

async function takeRun(
	transaction: Queryable,
	run: RunAttempt,
	row: RunRow | undefined,
	announcements: Announcements,
	rules: Rules,
): Promise<Taken> {
	const before: WorkflowState = row ? (JSON.parse(row.state) as WorkflowState) : nothingKnown;
	const state = run.facts.reduce(joinFact, before);
	const text = JSON.stringify(state);
	const isNew = text !== row?.state;
	if (!isNew && row?.job_id) return { outcome: "unchanged", projectId: run.projectId, jobId: row.job_id };
	const bound = await bindRun(transaction, run, state.workflow, announcements);
	if (isNew || bound) {
		await transaction.query(
			`insert into workflow_runs (project_id, run_id, attempt, commit_sha, branch, state, job_id)
			values ($1, $2, $3, $4, $5, $6, $7)
			on conflict (project_id, run_id, attempt) do update set state = excluded.state, job_id = excluded.job_id, updated_at = now()`,
			[run.projectId, run.runId, run.attempt, run.commitSha, run.branch, text, bound?.id ?? null],
		);
	}
	if (!bound) return { outcome: "noJob", projectId: run.projectId };
	const bindings = {
		workflowRunId: run.runId,
		workflowRunAttempt: run.attempt,
		sagemakerJobName: bound.sagemaker_job_name,
	};
	const follow = (known: WorkflowState) => leaveToSagemaker(tellJob(known), bound, rules);
	const settled = await settleJob(transaction, bound, bindings, follow(state), follow(before), announcements);
	return { outcome: settled === bound ? "unchanged" : "changed", projectId: run.projectId, jobId: bound.id };
}

/** A workflow that began a training in SageMaker ends when it has submitted it, or waits for it: how that went, AWS says. */
function leaveToSagemaker(told: Told, job: BoundJob, { hearsOfSagemaker }: Rules): Told {
	const isTheirs = hearsOfSagemaker && job.sagemaker_job_name !== null && isEnd(told.status);
	return isTheirs ? { status: "running", reason: null, startedAt: told.startedAt, endedAt: null } : told;
}

function knownRuns(transaction: Queryable, runs: readonly RunAttempt[]): Promise<readonly RunRow[]> {
	if (runs.length === 0) return Promise.resolve([]);
	return transaction.query<RunRow>(
		`select ${runColumns} from workflow_runs where (project_id, run_id, attempt) in (
			select * from unnest($1::uuid[], $2::text[], $3::integer[]))`,
		[runs.map(({ projectId }) => projectId), runs.map(({ runId }) => runId), runs.map(({ attempt }) => attempt)],
	);
}

function runsThatWait(transaction: Queryable, pushes: readonly TakenPush[]): Promise<readonly RunRow[]> {
	const jobs = pushes.flatMap(({ job }) => (job?.target === "sagemaker" ? [job] : []));
	if (jobs.length === 0) return Promise.resolve([]);
	return transaction.query<RunRow>(
		`select ${runColumns} from workflow_runs where job_id is null and (project_id, commit_sha, branch) in (
			select * from unnest($1::uuid[], $2::text[], $3::text[]))`,
		[jobs.map((job) => job.project_id), jobs.map((job) => job.commit_sha), jobs.map((job) => job.branch)],
	);
}
