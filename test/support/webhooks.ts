import { createHmac, randomUUID } from "node:crypto";
import { connectPostgres } from "../../server/database/postgres";
import { webhookSecret } from "./relay";
import { testLogger } from "./testLogger";

export const awsSecret = "a secret of EventBridge's connection";

export function sign(body: string | Uint8Array, secret = webhookSecret): string {
	return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

export interface PostOptions {
	readonly delivery?: string;
	readonly signature?: string | null;
}

/** Posts a delivery of GitHub as it would; a body that is a text goes as it is. */
export async function postGithub(
	url: string,
	event: string,
	body: unknown,
	{ delivery = randomUUID(), signature }: PostOptions = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const given = signature === undefined ? sign(text) : signature;
	return answerOf(
		await fetch(`${url}/api/webhooks/github`, {
			method: "POST",
			headers: {
				"content-type": "application/json",
				"x-github-event": event,
				"x-github-delivery": delivery,
				...(given !== null && { "x-hub-signature-256": given }),
			},
			body: text,
		}),
	);
}

export async function postAws(url: string, body: unknown, secret: string | null = awsSecret) {
	return answerOf(
		await fetch(`${url}/api/webhooks/aws`, {
			method: "POST",
			headers: { "content-type": "application/json", ...(secret !== null && { "x-gamma-secret": secret }) },
			body: typeof body === "string" ? body : JSON.stringify(body),
		}),
	);
}

async function answerOf(response: Response): Promise<{ status: number; body: Record<string, unknown> }> {
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const noCommit = "0".repeat(40);
/** A commit's id that tells its number. */
export const commit = (n: number) => n.toString(16).padStart(40, "c");

/** A push as GitHub tells it, as far as anybody reads it. */
export function pushOf(
	repository: string,
	branch: string,
	after: string,
	{
		before = noCommit,
		pushedAt = 1_700_000_000,
		message = "Train\n\nWith more words.",
		...more
	}: Record<string, unknown> & {
		readonly before?: string;
		readonly pushedAt?: number;
		readonly message?: string;
	} = {},
) {
	return {
		ref: `refs/heads/${branch}`,
		before,
		after,
		created: before === noCommit,
		deleted: false,
		forced: false,
		repository: { id: 1, full_name: repository, pushed_at: pushedAt },
		pusher: { name: "pusher" },
		sender: { login: "sender", id: 2 },
		head_commit: { id: after, message, author: { name: "Ada Lovelace", username: "ada", email: "a@x" } },
		...more,
	};
}

export interface RunParts {
	readonly repository: string;
	readonly branch: string;
	readonly sha: string;
	readonly runId: number | string;
	readonly attempt?: number;
	readonly workflow?: string;
}

type Action = "requested" | "queued" | "in_progress" | "completed";

export function runOf(parts: RunParts, action: Action, conclusion: string | null = null) {
	return {
		action,
		repository: { full_name: parts.repository },
		workflow_run: {
			id: parts.runId,
			name: parts.workflow ?? "Train",
			head_branch: parts.branch,
			head_sha: parts.sha,
			event: "push",
			status: action === "requested" ? "queued" : action,
			conclusion,
			run_attempt: parts.attempt ?? 1,
			run_started_at: "2026-01-01T00:00:10Z",
			updated_at: action === "completed" ? "2026-01-01T01:00:00Z" : "2026-01-01T00:00:20Z",
		},
	};
}

export function jobOf(
	parts: RunParts,
	id: number,
	action: Action,
	{ conclusion = null, name = "train", step = "Run training" }: Record<string, string | null> = {},
) {
	return {
		action,
		repository: { full_name: parts.repository },
		workflow_job: {
			id,
			run_id: parts.runId,
			run_attempt: parts.attempt ?? 1,
			workflow_name: parts.workflow ?? "Train",
			head_branch: parts.branch,
			head_sha: parts.sha,
			name,
			status: action,
			conclusion,
			started_at: "2026-01-01T00:00:30Z",
			completed_at: action === "completed" ? `2026-01-01T00:5${id % 10}:00Z` : null,
			steps: [
				{ name: "Check out", status: "completed", conclusion: "success" },
				{ name: step, status: action, conclusion },
			],
		},
	};
}

/** One EventBridge event on a training job. */
export function sagemakerOf(
	jobName: string,
	status: string,
	detail: Readonly<Record<string, unknown>> = {},
	id: string = randomUUID(),
) {
	return {
		version: "0",
		id,
		"detail-type": "SageMaker Training Job State Change",
		source: "aws.sagemaker",
		account: "123456789012",
		time: "2026-01-01T00:00:00Z",
		region: "eu-central-1",
		resources: [`arn:aws:sagemaker:eu-central-1:123456789012:training-job/${jobName}`],
		detail: {
			TrainingJobName: jobName,
			TrainingJobStatus: status,
			SecondaryStatus: status === "InProgress" ? "Training" : status,
			CreationTime: 1_767_225_600_000,
			TrainingStartTime: 1_767_225_700_000,
			...(status !== "InProgress" && { TrainingEndTime: 1_767_229_200_000 }),
			LastModifiedTime: 1_767_229_200_000,
			...detail,
		},
	};
}

/** Asks this Postgres as the relay, for what no route tells. */
export async function queryAsRelay<Row>(
	url: string,
	sql: string,
	values: readonly unknown[] = [],
): Promise<readonly Row[]> {
	const database = connectPostgres(url, testLogger);
	try {
		return await database.asRelay((transaction) => transaction.query<Row>(sql, values));
	} finally {
		await database.close();
	}
}
