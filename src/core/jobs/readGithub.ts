import * as z from "zod/mini";
import { foreignId, foreignTime, storable, toStorable } from "./foreignText";
import type { Stage, WorkflowFact } from "./workflowState";

/** Why a delivery makes and changes nothing. */
export type PassedBy = "ping" | "tag" | "branchDeleted" | "otherBranch" | "otherKind" | "unreadable";

export interface Push {
	readonly is: "push";
	/** `owner/name` in lower case: GitHub compares without case. */
	readonly repository: string;
	readonly branch: string;
	readonly commitSha: string;
	readonly message: string;
	readonly author: string;
	/** Alike when the same push is told again, by whichever hook; another when the branch was moved away and back. */
	readonly origin: string;
	readonly installationId: string | null;
}

export interface WorkflowNews {
	readonly is: "workflow";
	readonly repository: string;
	readonly branch: string;
	readonly commitSha: string;
	readonly runId: string;
	readonly attempt: number;
	readonly fact: WorkflowFact;
}

export interface InstallationNews {
	readonly is: "installation";
	/** `takenAway`: from these repositories alone. */
	readonly change: "given" | "removed" | "suspended" | "takenAway";
	readonly installationId: string;
	readonly repositories: readonly string[];
}

export interface Passed {
	readonly is: "passedBy";
	readonly outcome: PassedBy;
}

export type GithubNews = Push | WorkflowNews | InstallationNews | Passed;

const passedBy = (outcome: PassedBy): Passed => ({ is: "passedBy", outcome });

/** Reads a delivery of this kind (`X-GitHub-Event`). Never throws: what is not as GitHub documents it is `unreadable`. */
export function readGithub(kind: string, body: unknown): GithubNews {
	switch (kind) {
		case "ping":
			return passedBy("ping");
		case "push":
			return readPush(body);
		case "workflow_run":
			return readWorkflowRun(body);
		case "workflow_job":
			return readWorkflowJob(body);
		case "installation":
		case "installation_repositories":
			return readInstallation(body);
		default:
			return passedBy("otherKind");
	}
}

const sha = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/i), z.toLowerCase());
const name = z.nullish(storable(300));
const fullName = z.string().check(z.maxLength(300), z.toLowerCase());
const repository = z.object({ full_name: fullName });
/** A push to a branch of models trains (architecture.md, section 2). */
const isModels = (branch: string) => branch === "models" || branch.startsWith("models/");

const pushBody = z.object({
	ref: storable(1_000),
	before: z.nullish(storable(64)),
	after: sha,
	deleted: z.nullish(z.boolean()),
	repository: z.object({ full_name: fullName, pushed_at: z.nullish(z.union([z.int(), storable(100)])) }),
	head_commit: z.nullish(
		z.object({
			message: z.nullish(storable(10_000)),
			author: z.nullish(z.object({ username: name, name })),
		}),
	),
	pusher: z.nullish(z.object({ name })),
	installation: z.nullish(z.object({ id: foreignId })),
});

function readPush(body: unknown): GithubNews {
	const parsed = z.safeParse(pushBody, body);
	if (!parsed.success) return passedBy("unreadable");
	const { ref, before, after, deleted, repository, head_commit, pusher, installation } = parsed.data;
	if (ref.startsWith("refs/tags/")) return passedBy("tag");
	const branch = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : "";
	if (!isModels(branch)) return passedBy("otherBranch");
	if (deleted || /^0+$/.test(after)) return passedBy("branchDeleted");
	const author = head_commit?.author;
	return {
		is: "push",
		repository: repository.full_name,
		branch,
		commitSha: after,
		message: head_commit?.message ?? "",
		author: author?.username || author?.name || pusher?.name || "",
		origin: `push:${branch}:${before ?? ""}:${after}:${repository.pushed_at ?? ""}`,
		installationId: installation?.id ?? null,
	};
}

const attempt = z.nullish(z.int().check(z.gte(1), z.lte(1_000_000)));

const runBody = z.object({
	action: z.nullish(z.string()),
	repository,
	workflow_run: z.object({
		id: foreignId,
		run_attempt: attempt,
		name,
		head_sha: sha,
		head_branch: z.nullish(storable(1_000)),
		status: z.nullish(z.string()),
		conclusion: z.nullish(storable(100)),
		run_started_at: foreignTime,
		updated_at: foreignTime,
	}),
});

function readWorkflowRun(body: unknown): GithubNews {
	const parsed = z.safeParse(runBody, body);
	if (!parsed.success) return passedBy("unreadable");
	const { action, repository, workflow_run: run } = parsed.data;
	const branch = run.head_branch ?? "";
	if (!isModels(branch)) return passedBy("otherBranch");
	const stage = stageOf(run.status, action);
	return {
		is: "workflow",
		repository: repository.full_name,
		branch,
		commitSha: run.head_sha,
		runId: run.id,
		attempt: run.run_attempt ?? 1,
		fact: {
			workflow: run.name || null,
			run: {
				stage,
				conclusion: stage === 2 ? (run.conclusion ?? null) : null,
				startedAt: run.run_started_at,
				endedAt: stage === 2 ? run.updated_at : null,
			},
			jobs: {},
		},
	};
}

const jobBody = z.object({
	action: z.nullish(z.string()),
	repository,
	workflow_job: z.object({
		id: foreignId,
		run_id: foreignId,
		run_attempt: attempt,
		name,
		workflow_name: name,
		head_sha: sha,
		head_branch: z.nullish(storable(1_000)),
		status: z.nullish(z.string()),
		conclusion: z.nullish(storable(100)),
		started_at: foreignTime,
		completed_at: foreignTime,
		steps: z.nullish(z.array(z.object({ name, conclusion: z.nullish(z.string()) }))),
	}),
});

function readWorkflowJob(body: unknown): GithubNews {
	const parsed = z.safeParse(jobBody, body);
	if (!parsed.success) return passedBy("unreadable");
	const { action, repository, workflow_job: job } = parsed.data;
	const branch = job.head_branch ?? "";
	if (!isModels(branch)) return passedBy("otherBranch");
	const stage = stageOf(job.status, action);
	const bad = (job.steps ?? []).find(({ conclusion }) => /^(failure|timed_out|cancelled)$/.test(conclusion ?? ""));
	return {
		is: "workflow",
		repository: repository.full_name,
		branch,
		commitSha: job.head_sha,
		runId: job.run_id,
		attempt: job.run_attempt ?? 1,
		fact: {
			workflow: job.workflow_name || null,
			run: null,
			jobs: {
				[job.id]: {
					stage,
					conclusion: stage === 2 ? (job.conclusion ?? null) : null,
					startedAt: stage > 0 ? job.started_at : null,
					endedAt: stage === 2 ? job.completed_at : null,
					name: job.name ?? job.id,
					failedStep: stage === 2 ? (bad?.name ?? null) : null,
				},
			},
		},
	};
}

/** `requested`, `queued`, `waiting` and `pending` wait. Where status and action differ, what is further is true already. */
function stageOf(...words: readonly (string | null | undefined)[]): Stage {
	return words.includes("completed") ? 2 : words.includes("in_progress") ? 1 : 0;
}

const named = z.nullish(z.array(repository));
const installationBody = z.object({
	action: z.string(),
	installation: z.object({ id: foreignId }),
	repositories: named,
	repositories_added: named,
	repositories_removed: named,
});

const changes: Readonly<Record<string, InstallationNews["change"]>> = {
	created: "given",
	added: "given",
	removed: "takenAway",
	unsuspend: "given",
	deleted: "removed",
	suspend: "suspended",
};

function readInstallation(body: unknown): GithubNews {
	const parsed = z.safeParse(installationBody, body);
	if (!parsed.success) return passedBy("unreadable");
	const { action, installation, repositories, repositories_added, repositories_removed } = parsed.data;
	const change = Object.hasOwn(changes, action) ? changes[action] : undefined;
	if (!change) return passedBy("otherKind");
	return {
		is: "installation",
		change,
		installationId: toStorable(installation.id, 40),
		repositories: [repositories, change === "takenAway" ? repositories_removed : repositories_added].flatMap(
			(some) => some?.map(({ full_name }) => full_name) ?? [],
		),
	};
}
