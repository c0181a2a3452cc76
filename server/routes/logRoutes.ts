import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { JobLogs, mostBytesAtOnce } from "../queue/jobLogs";
import { toSchema } from "../schema";

const params = z.object({ id: z.guid() });
const byte = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER - mostBytesAtOnce));
const appendQuery = z.object({ offset: byte, lease: z.string().check(z.regex(/^\d{1,18}$/)) });
const readQuery = z.object({
	offset: z.optional(byte),
	limit: z.optional(z.int().check(z.gte(1), z.lte(mostBytesAtOnce))),
});

export const logRoutes =
	({ database, logger }: Services): FastifyPluginAsync =>
	async (app) => {
		const logs = new JobLogs(database, logger.child("logs"));
		app.addHook("preClose", () => logs.close());
		// Whatever it calls itself, a log is bytes.
		app.removeAllContentTypeParsers();
		app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: mostBytesAtOnce }, (_, body, done) =>
			done(null, body),
		);

		app.post<{ Params: z.infer<typeof params>; Querystring: z.infer<typeof appendQuery>; Body: Buffer | null }>(
			"/api/jobs/:id/log",
			{
				bodyLimit: mostBytesAtOnce,
				schema: {
					summary: "Append to a job's log by offset; 409 with the offset wanted where bytes are missing",
					consumes: ["application/octet-stream"],
					params: toSchema(params),
					querystring: toSchema(appendQuery),
				},
			},
			async ({ params, query, body, user }) => {
				const bytes = body ?? Buffer.alloc(0);
				return { sizeBytes: await logs.append(user.id, params.id, query.lease, query.offset, bytes) };
			},
		);
		app.get<{ Params: z.infer<typeof params>; Querystring: z.infer<typeof readQuery> }>(
			"/api/jobs/:id/log",
			{
				schema: {
					summary: "A job's log from an offset, at most 8 MiB; its whole length is in X-Log-Size",
					produces: ["application/octet-stream"],
					params: toSchema(params),
					querystring: toSchema(readQuery),
				},
			},
			async ({ params, query, user }, reply) => {
				const { offset = 0, limit = mostBytesAtOnce } = query;
				const { bytes, sizeBytes } = await logs.read(user.id, params.id, offset, limit);
				return reply
					.type("application/octet-stream")
					.headers({
						"x-log-size": String(sizeBytes),
						"x-content-type-options": "nosniff",
						"cache-control": "no-store",
					})
					.send(bytes);
			},
		);
	};
