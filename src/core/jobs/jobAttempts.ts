import type { Job } from "../../shared/relay/job";
import { sameCommit } from "../git/commitIndex";
import type { TrackedJob } from "./trackedJob";

/** The job and every other attempt of its push that is known, the first attempt first. */
export function attemptsOf(job: Job, jobs: Iterable<TrackedJob>): readonly TrackedJob[] {
	return [...jobs]
		.filter(
			({ job: other }) =>
				other.projectId === job.projectId && other.branch === job.branch && other.commitSha === job.commitSha,
		)
		.sort((a, b) => a.job.attempt - b.job.attempt || (a.job.createdAt < b.job.createdAt ? -1 : 1));
}

/** The job of a run: the one that names it, else the newest attempt of its commit. Undefined where there is none. */
export function jobOfRun(
	run: { readonly id: string; readonly commit: string | null },
	jobs: Iterable<TrackedJob>,
): TrackedJob | undefined {
	const commit = run.commit?.trim().toLowerCase() ?? "";
	let found: TrackedJob | undefined;
	for (const each of jobs) {
		if (each.job.mlflowRunId === run.id) return each;
		if (!sameCommit(each.job.commitSha, commit)) continue;
		if (found === undefined || each.job.createdAt > found.job.createdAt) found = each;
	}
	return found;
}

/** The runs of a job: the one it names, and all of its commit but those that another of its attempts names. Newest first. */
export function runsOfJob<
	R extends { readonly id: string; readonly commit: string | null; readonly startTimeMs: number | null },
>(job: Job, attempts: readonly TrackedJob[], runs: Iterable<R>): readonly R[] {
	const others = new Set(attempts.flatMap(({ job: other }) => (other.id === job.id ? [] : (other.mlflowRunId ?? []))));
	return [...runs]
		.filter(
			({ id, commit }) =>
				id === job.mlflowRunId || (sameCommit(job.commitSha, commit?.trim().toLowerCase() ?? "") && !others.has(id)),
		)
		.sort(
			(a, b) =>
				Number(b.id === job.mlflowRunId) - Number(a.id === job.mlflowRunId) ||
				(b.startTimeMs ?? 0) - (a.startTimeMs ?? 0),
		);
}
