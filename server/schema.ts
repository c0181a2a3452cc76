import * as z from "zod/mini";

/** A zod schema as the JSON Schema that fastify checks with and OpenAPI shows. */
export function toSchema(schema: z.core.$ZodType): Record<string, unknown> {
	const { $schema: _, ...plain } = z.toJSONSchema(schema, { target: "draft-7", io: "input" }) as Record<
		string,
		unknown
	>;
	return plain;
}

export const idParams = toSchema(z.object({ id: z.uuid() }));
/** `before` is what the page before gave as `next`. */
export const pageQuery = {
	before: z.optional(z.string().check(z.regex(/^\d{1,18}$/))),
	limit: z.optional(z.int().check(z.gte(1), z.lte(500))),
};
export const defaultPageSize = 50;
