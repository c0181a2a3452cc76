import * as z from "zod/mini";

/** A zod schema as the JSON Schema that fastify checks with and OpenAPI shows. */
export function toSchema(schema: z.core.$ZodType): Record<string, unknown> {
	const { $schema: _, ...plain } = z.toJSONSchema(schema, { target: "draft-7", io: "input" }) as Record<
		string,
		unknown
	>;
	return plain;
}
