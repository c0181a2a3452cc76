import * as z from "zod/mini";
import { jobSchema } from "./job";

/** JSON lacks what is not finite; these words stand for it. */
export const reportedNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
export type ReportedNumber = z.infer<typeof reportedNumber>;

const param = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What `POST /api/queue/claim` answers a runner that gets a job. */
export const claimSchema = z.object({
	job: jobSchema,
	lease: z.object({
		/** The fencing token: it only grows from lease to lease of a job. */
		token: z.string(),
		expiresAt: z.string(),
		/** From one renewal to the next. */
		seconds: z.number(),
	}),
	project: z.object({ repository: z.string(), mlflowExperiment: z.nullable(z.string()) }),
	/** Of a re-run: what it is to train with. */
	params: z.record(z.string(), param),
	/** Bytes that runners before this one wrote: where its own log begins. */
	logSizeBytes: z.number(),
});
export type Claim = z.infer<typeof claimSchema>;

export const heartbeatAnswer = z.object({ stop: z.boolean(), expiresAt: z.string() });
export const logAnswer = z.object({ sizeBytes: z.number() });

/** A problem document (RFC 9457); `offset` where a log's bytes are missing. */
export const problemSchema = z.object({
	detail: z.optional(z.string()),
	offset: z.optional(z.number()),
	headSha: z.optional(z.string()),
});
