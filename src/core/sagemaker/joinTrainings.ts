import { sameCommit } from "../git/commitIndex";
import type { TrackedJob } from "../jobs/trackedJob";
import { commitOfTraining } from "./belongs";
import { endReason, statusOfTraining, type Training } from "./training";

/** What a commit is called, where the clone knows it. */
export type LineOf = (
	sha: string,
) => { readonly subject: string; readonly author: string; readonly isOwn: boolean } | undefined;

/**
 * Jobs with what SageMaker says of them: by the job's own `sagemakerJobName`, then by the job's id in its tags, then by
 * commit and branch where one job waits for it. A training that no job is known of is a job of its own.
 */
export function joinTrainings(
	jobs: ReadonlyMap<string, TrackedJob>,
	trainings: Iterable<Training>,
	lineOf: LineOf = () => undefined,
): ReadonlyMap<string, TrackedJob> {
	const joined = new Map(jobs);
	const byName = new Map<string, string>();
	for (const [id, { job }] of jobs) if (job.sagemakerJobName !== null) byName.set(job.sagemakerJobName, id);
	const commits = [...new Set([...jobs.values()].map(({ job }) => job.commitSha))];
	const newestFirst = [...trainings].sort((a, b) => b.createdMs - a.createdMs);
	const taken = new Set<string>();
	for (const training of newestFirst) {
		const commit = commitOfTraining(training, commits);
		const named = byName.get(training.name);
		const byTag = commit?.jobId != null && jobs.has(commit.jobId) ? commit.jobId : undefined;
		const id = named ?? byTag ?? (commit ? waitingFor(jobs, commit.commitSha, commit.branch, taken) : undefined);
		const before = id === undefined || taken.has(id) ? undefined : jobs.get(id);
		if (id !== undefined && before) {
			taken.add(id);
			joined.set(id, withTraining(before, training, named === undefined && (commit?.isGuess ?? true)));
		} else {
			const own = toOwnJob(training, commit, lineOf);
			joined.set(own.job.id, own);
		}
	}
	return numbered(joined);
}

/** Without a relay the trainings of one push are its attempts, in the order in which they were begun. */
function numbered(jobs: Map<string, TrackedJob>): ReadonlyMap<string, TrackedJob> {
	const pushes = new Map<string, TrackedJob[]>();
	for (const tracked of jobs.values()) {
		if (!tracked.training || tracked.source === "relay" || tracked.job.commitSha === "") continue;
		const key = `${tracked.job.branch}\n${tracked.job.commitSha}`;
		pushes.set(key, [...(pushes.get(key) ?? []), tracked]);
	}
	const begun = ({ training }: TrackedJob) => training?.createdMs ?? 0;
	for (const attempts of pushes.values()) {
		if (attempts.length < 2) continue;
		attempts.sort((a, b) => begun(a) - begun(b));
		for (const [at, tracked] of attempts.entries())
			jobs.set(tracked.job.id, { ...tracked, job: { ...tracked.job, attempt: at + 1 } });
	}
	return jobs;
}

/** The newest job of the commit that no training has been found for and that SageMaker may train. */
function waitingFor(
	jobs: ReadonlyMap<string, TrackedJob>,
	commitSha: string,
	branch: string | null,
	taken: ReadonlySet<string>,
): string | undefined {
	let found: TrackedJob | undefined;
	for (const tracked of jobs.values()) {
		const { job, source } = tracked;
		if (taken.has(job.id) || !sameCommit(job.commitSha, commitSha) || (branch !== null && job.branch !== branch))
			continue;
		if (job.sagemakerJobName !== null || (source === "relay" && job.target !== "sagemaker")) continue;
		if (!found || job.createdAt > found.job.createdAt) found = tracked;
	}
	return found?.job.id;
}

function withTraining(tracked: TrackedJob, training: Training, isGuess: boolean): TrackedJob {
	const { job, source } = tracked;
	const status = statusOfTraining(training);
	// What a relay was told stays the job's state: a contradiction is shown, not papered over.
	const told =
		source === "relay"
			? { reason: job.reason ?? (job.status === status ? endReason(training) : null) }
			: {
					status,
					reason: endReason(training),
					startedAt: toIso(training.startedMs) ?? job.startedAt,
					completedAt: toIso(training.endedMs),
				};
	return {
		...tracked,
		job: { ...job, ...told, target: "sagemaker", sagemakerJobName: training.name },
		metrics: { ...training.metrics, ...tracked.metrics },
		lastSignMs: Math.max(tracked.lastSignMs, training.modifiedMs),
		training: { ...training, isGuess },
	};
}

function toOwnJob(training: Training, commit: ReturnType<typeof commitOfTraining>, lineOf: LineOf): TrackedJob {
	const line = commit ? lineOf(commit.commitSha) : undefined;
	return {
		job: {
			id: `sagemaker:${training.name}`,
			projectId: "",
			commitSha: commit?.commitSha ?? "",
			branch: commit?.branch ?? "SageMaker",
			message: line?.subject ?? training.name,
			author: line?.author ?? "",
			status: statusOfTraining(training),
			reason: endReason(training),
			target: "sagemaker",
			attempt: 1,
			workflowRunId: commit?.workflowRunId ?? null,
			sagemakerJobName: training.name,
			mlflowRunId: training.tags["mlflow:runId"] ?? training.environment.MLFLOW_RUN_ID ?? null,
			progress: null,
			startedAt: toIso(training.startedMs),
			completedAt: toIso(training.endedMs),
			createdAt: toIso(training.createdMs) ?? "",
		},
		source: "sagemaker",
		repository: null,
		metrics: training.metrics,
		step: null,
		logSizeBytes: null,
		lastSignMs: training.modifiedMs,
		isOwn: line?.isOwn ?? false,
		url: null,
		training: { ...training, isGuess: commit?.isGuess ?? true },
	};
}

function toIso(ms: number | null): string | null {
	return ms === null || !(Math.abs(ms) < 8.64e15) ? null : new Date(ms).toISOString();
}
