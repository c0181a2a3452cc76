import * as z from "zod/mini";
import { foreignTime, storable } from "./foreignText";
import type { Passed } from "./readGithub";
import type { Told } from "./workflowState";

/** One "SageMaker Training Job State Change" of EventBridge, and what tells whose it is. */
export interface SagemakerNews {
	readonly is: "sagemaker";
	readonly jobName: string;
	/** Tags that `gamma submit` gives: the job's own id, or its commit and project. */
	readonly jobId: string | null;
	readonly commitSha: string | null;
	readonly project: string | null;
	readonly told: Told;
}

/** The event's own id and kind; null where it is no event of EventBridge. */
export function readEnvelope(body: unknown): { readonly id: string; readonly kind: string } | null {
	const parsed = z.safeParse(envelope, body);
	return parsed.success ? { id: parsed.data.id, kind: parsed.data["detail-type"] } : null;
}

const envelope = z.object({ id: storable(200), "detail-type": storable(200) });
const trainingChange = "SageMaker Training Job State Change";

const tags = z.union([z.record(z.string(), z.unknown()), z.array(z.object({ Key: z.string(), Value: z.unknown() }))]);
const trainingBody = z.object({
	"detail-type": z.literal(trainingChange),
	detail: z.object({
		TrainingJobName: storable(63),
		TrainingJobStatus: z.string(),
		SecondaryStatus: z.nullish(storable(100)),
		FailureReason: z.nullish(storable(10_000)),
		// All in milliseconds since 1970.
		CreationTime: foreignTime,
		TrainingStartTime: foreignTime,
		TrainingEndTime: foreignTime,
		LastModifiedTime: foreignTime,
		Tags: z.nullish(tags),
	}),
});

export function readSagemaker(kind: string, body: unknown): SagemakerNews | Passed {
	if (kind !== trainingChange) return { is: "passedBy", outcome: "otherKind" };
	const parsed = z.safeParse(trainingBody, body);
	if (!parsed.success) return { is: "passedBy", outcome: "unreadable" };
	const { detail } = parsed.data;
	const told = tell(detail);
	if (!told) return { is: "passedBy", outcome: "unreadable" };
	const tagOf = toTags(detail.Tags ?? []);
	return {
		is: "sagemaker",
		jobName: detail.TrainingJobName,
		jobId: tagOf.get("gamma:job") ?? null,
		commitSha: tagOf.get("gamma:commit")?.toLowerCase() ?? null,
		project: tagOf.get("gamma:project") ?? null,
		told,
	};
}

function tell(detail: z.infer<typeof trainingBody>["detail"]): Told | null {
	const startedAt = detail.TrainingStartTime ?? detail.CreationTime;
	const endedAt = detail.TrainingEndTime ?? detail.LastModifiedTime;
	const why = detail.FailureReason?.trim();
	switch (detail.TrainingJobStatus) {
		case "InProgress":
		case "Stopping":
			return { status: "running", reason: null, startedAt, endedAt: null };
		case "Completed":
			return { status: "completed", reason: null, startedAt, endedAt };
		case "Failed":
			return { status: "failed", reason: why || "SageMaker gave no reason.", startedAt, endedAt };
		case "Stopped":
			return { status: "stopped", reason: why || stopReason(detail.SecondaryStatus), startedAt, endedAt };
		default:
			return null;
	}
}

function stopReason(secondary: string | null | undefined): string {
	if (secondary === "MaxRuntimeExceeded") return "SageMaker stopped it: it ran longer than its limit.";
	if (secondary === "MaxWaitTimeExceeded") return "SageMaker stopped it: it waited longer than its limit.";
	return "It was stopped in SageMaker.";
}

/** AWS writes tags as an object in events, as pairs elsewhere. */
function toTags(given: z.infer<typeof tags>): Map<string, string> {
	const pairs: [string, unknown][] = Array.isArray(given)
		? given.map(({ Key, Value }) => [Key, Value])
		: Object.entries(given);
	return new Map(
		pairs.flatMap(([key, value]) =>
			typeof value === "string" && !value.includes("\0") ? [[key, value.toWellFormed()]] : [],
		),
	);
}
