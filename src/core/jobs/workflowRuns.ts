import * as z from "zod/mini";
import { isModelsBranch } from "../git/gitRepository";
import { foreignTime, storable } from "./foreignText";
import { readGithub } from "./readGithub";
import type { WorkflowFact } from "./workflowState";

/** The latest attempt of one run of a workflow on a `models` branch, as GitHub's own list tells it. */
export interface WorkflowRun {
	readonly id: string;
	readonly attempt: number;
	readonly branch: string;
	readonly commitSha: string;
	readonly message: string;
	readonly author: string;
	/** Its page at GitHub; null where the answer names none. */
	readonly url: string | null;
	/** Both in milliseconds since the epoch. */
	readonly createdMs: number;
	readonly updatedMs: number;
	readonly fact: WorkflowFact;
}

/** What came of asking for the runs. A failure is data: the list that was there before stays, and says why it is old. */
export type WorkflowAnswer =
	| { readonly is: "runs"; readonly runs: readonly WorkflowRun[] }
	| {
			readonly is: "failed";
			readonly why: "unauthorized" | "limited" | "unreachable" | "refused";
			/** One sentence that says what to do. */
			readonly reason: string;
			/** Not to ask before then, in milliseconds since the epoch; null where nobody said. */
			readonly notBeforeMs: number | null;
	  };

/** The port to GitHub Actions. Rejects only with `call.cancelled`. */
export interface WorkflowLister {
	/** `repository` is `owner/name`. Newest first, a bounded number. */
	list(repository: string, token: string, signal?: AbortSignal): Promise<WorkflowAnswer>;
}

const name = z.nullish(storable(300));
const page = z.object({ workflow_runs: z.array(z.unknown()) });
const shown = z.object({
	event: z.nullish(z.string()),
	html_url: z.nullish(storable(2_000)),
	created_at: foreignTime,
	updated_at: foreignTime,
	actor: z.nullish(z.object({ login: name })),
	head_commit: z.nullish(z.object({ message: z.nullish(storable(10_000)), author: z.nullish(z.object({ name })) })),
});

/**
 * Runs that a push to a `models` branch began, from an answer of `GET /repos/{owner}/{repo}/actions/runs`; null for what is
 * no such answer. A run that is not as GitHub documents it is passed over.
 */
export function readWorkflowRuns(body: unknown): readonly WorkflowRun[] | null {
	const parsed = z.safeParse(page, body);
	return parsed.success ? parsed.data.workflow_runs.flatMap((run) => readRun(run) ?? []) : null;
}

function readRun(run: unknown): WorkflowRun | null {
	const repository = typeof run === "object" && run !== null && "repository" in run ? run.repository : undefined;
	const news = readGithub("workflow_run", { repository, workflow_run: run });
	const more = z.safeParse(shown, run);
	if (news.is !== "workflow" || !more.success || !isModelsBranch(news.branch)) return null;
	const { event, html_url, created_at, updated_at, actor, head_commit } = more.data;
	if (event !== undefined && event !== null && event !== "push") return null;
	const createdMs = Date.parse(created_at ?? "") || 0;
	return {
		id: news.runId,
		attempt: news.attempt,
		branch: news.branch,
		commitSha: news.commitSha,
		message: head_commit?.message ?? "",
		author: actor?.login || head_commit?.author?.name || "",
		url: html_url?.startsWith("https://") ? html_url : null,
		createdMs,
		updatedMs: Date.parse(updated_at ?? "") || createdMs,
		fact: news.fact,
	};
}

const jobsPage = z.object({ jobs: z.array(z.unknown()) });

/** What the jobs of a run tell of it (`GET …/actions/runs/{id}/jobs`): which one failed, and at which step. */
export function readWorkflowJobs(body: unknown): readonly WorkflowFact[] {
	const parsed = z.safeParse(jobsPage, body);
	if (!parsed.success) return [];
	return parsed.data.jobs.flatMap((job) => {
		// Its run is one of a `models` branch, which is all that the reader of deliveries asks of a job's own.
		const workflow_job = typeof job === "object" ? { ...job, head_branch: "models" } : job;
		const news = readGithub("workflow_job", { repository: { full_name: "" }, workflow_job });
		return news.is === "workflow" ? [news.fact] : [];
	});
}
