import * as z from "zod/mini";

export const jobStatuses = ["pending", "running", "completed", "failed", "stopped"] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** A state that a job never leaves; a retry is a new attempt of the same commit, with a row of its own. */
export function isEnd(status: JobStatus): boolean {
	return status === "completed" || status === "failed" || status === "stopped";
}

/** Where a push is trained: by whoever runs `gamma runner`, or by the repository's own CI in SageMaker. */
export const targets = ["runner", "sagemaker"] as const;
export type Target = (typeof targets)[number];

const text = z.string();
const time = z.string();

/** One training job of one commit, as the relay tells it (architecture.md, section 6). Times are ISO 8601 in UTC. */
export const jobSchema = z.object({
	id: text,
	projectId: text,
	commitSha: text,
	branch: text,
	message: text,
	author: text,
	status: z.enum(jobStatuses),
	/** One sentence that says why it is in this state; null while there is nothing to say. */
	reason: z.nullable(text),
	target: z.enum(targets),
	/** 1 for the push itself; each retry counts one up. */
	attempt: z.int(),
	workflowRunId: z.nullable(text),
	sagemakerJobName: z.nullable(text),
	mlflowRunId: z.nullable(text),
	/** 0 to 1; null where the training does not say. */
	progress: z.nullable(z.number()),
	startedAt: z.nullable(time),
	completedAt: z.nullable(time),
	createdAt: time,
});

export type Job = z.infer<typeof jobSchema>;

/** A page of a list, newest first; `next` is what to give as `before`. */
export function pageOf<T extends z.core.$ZodType>(of: T) {
	return z.object({ items: z.array(of), next: z.nullable(z.string()) });
}
