import * as z from "zod/mini";
import { targets } from "./job";

export const roles = ["owner", "member", "viewer"] as const;
export type Role = (typeof roles)[number];

/** One repository that follows MMP, with its bindings. */
export const projectSchema = z.object({
	id: z.string(),
	name: z.string(),
	/** `owner/name`, as the forge spells it. */
	repository: z.string(),
	installationId: z.nullable(z.string()),
	s3Bucket: z.nullable(z.string()),
	s3Prefix: z.nullable(z.string()),
	mlflowExperiment: z.nullable(z.string()),
	target: z.enum(targets),
	ownerId: z.string(),
	createdAt: z.string(),
	updatedAt: z.string(),
});

export type Project = z.infer<typeof projectSchema>;

export const memberSchema = z.object({ userId: z.string(), name: z.string(), role: z.enum(roles) });
export type Member = z.infer<typeof memberSchema>;
