import * as z from "zod/mini";
import { jobSchema } from "./job";

/** What the relay tells its streams. `data` of each kind; a kind that is not here is passed by. */
export const eventData = {
	/** The whole job, as it stands. */
	"job.created": jobSchema,
	"job.updated": jobSchema,
	/** Last values of a running job; a number that is not finite is its name as text. */
	"job.metric": z.object({
		jobId: z.string(),
		step: z.nullable(z.number()),
		metrics: z.record(z.string(), z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])),
	}),
	/** The log grew: its length in bytes now. What was written is read by offset. */
	"job.log": z.object({ jobId: z.string(), sizeBytes: z.number() }),
	"comment.created": z.object({
		id: z.string(),
		jobId: z.string(),
		author: z.string(),
		text: z.string(),
		createdAt: z.string(),
	}),
	/** What was missed can no longer be told one by one: fetch anew. */
	reset: z.object({}),
} as const;

export type EventKind = keyof typeof eventData;
export type EventOf<K extends EventKind> = z.infer<(typeof eventData)[K]>;

export function isEventKind(kind: string): kind is EventKind {
	return Object.hasOwn(eventData, kind);
}
