import type { FastifySchema } from "fastify";
import * as z from "zod/mini";
import { toSchema } from "./schema";

/** How every answer reads that is no success, as OpenAPI shows it. */
export const problemResponse = {
	description: "A problem (RFC 9457).",
	content: {
		"application/problem+json": {
			schema: toSchema(z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })),
		},
	},
};

const done = { description: "Done." };

/** A route as the OpenAPI document shows it: whatever it does not name is a problem. */
export function withProblems({ schema, url }: { schema: FastifySchema; url: string }): {
	schema: FastifySchema;
	url: string;
} {
	const response = { ...((schema?.response as object | undefined) ?? { "2XX": done }), default: problemResponse };
	return { schema: { ...schema, response }, url };
}
