import { isEnd } from "../../shared/relay/job";
import type { TrackedJob } from "./trackedJob";
import type { RunAddress } from "./workflowJobs";

/** Where the log of a job is read from. */
export type LogOrigin =
	| { readonly kind: "relay" }
	| { readonly kind: "cloudwatch"; readonly trainingName: string }
	| ({ readonly kind: "actions" } & RunAddress);

type Known = Pick<TrackedJob, "job" | "source" | "repository" | "url" | "logSizeBytes">;

/**
 * Who keeps the log of this job; null where nobody does. A relay has the logs of runners. What SageMaker trains prints into
 * CloudWatch; where no training of a push is known, what is known of it is its workflow.
 */
export function logOriginOf(tracked: Known): LogOrigin | null {
	const { job, source, logSizeBytes } = tracked;
	if (source === "relay" && (logSizeBytes ?? 0) > 0) return { kind: "relay" };
	if (job.sagemakerJobName !== null) return { kind: "cloudwatch", trainingName: job.sagemakerJobName };
	const run = workflowOf(tracked);
	if (run && (source !== "relay" || (job.target === "sagemaker" && isEnd(job.status)))) {
		return { kind: "actions", ...run };
	}
	return source === "relay" ? { kind: "relay" } : null;
}

/** The workflow run that a push began, at its host; null where none is known. */
export function workflowOf({ job, repository, url }: Pick<Known, "job" | "repository" | "url">): RunAddress | null {
	const host = /^https:\/\/([\w.-]+)\//.exec(url ?? "")?.[1]?.toLowerCase();
	if (job.workflowRunId === null || repository === null || host === undefined) return null;
	return { host, repository, runId: job.workflowRunId, attempt: job.attempt };
}

/** Alike for two that are the same log. */
export function keyOfOrigin(origin: LogOrigin | null): string {
	switch (origin?.kind) {
		case undefined:
			return "";
		case "relay":
			return "relay";
		case "cloudwatch":
			return `cloudwatch ${origin.trainingName}`;
		case "actions":
			return `actions ${origin.host} ${origin.repository} ${origin.runId} ${origin.attempt}`;
	}
}
