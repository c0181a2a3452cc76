import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { EventStream } from "../events/eventStream";
import { parseEventId, resetFrame } from "../events/frames";
import { isKept, replay } from "../events/replay";
import { notFound, Problem } from "../problem";
import { toSchema } from "../schema";

const query = z.object({ project: z.guid(), lastEventId: z.optional(z.string()) });

export const eventRoutes =
	({ database, feed, logger }: Services): FastifyPluginAsync =>
	async (app) => {
		app.addHook("preClose", () => feed.close());
		app.get<{ Querystring: z.infer<typeof query> }>(
			"/api/events",
			{
				exposeHeadRoute: false,
				config: { rateLimit: false },
				schema: {
					summary: "What happens in a project, as Server-Sent Events; resumes after Last-Event-ID",
					querystring: toSchema(query),
					produces: ["text/event-stream"],
				},
			},
			async (request, reply) => {
				const { project: projectId } = request.query;
				const given = request.headers["last-event-id"] || request.query.lastEventId || null;
				const position = given === null ? null : parseEventId(String(given));
				if (position === undefined) throw new Problem(400, "Last-Event-ID must be a number that an event had.");
				const [access] = await database.asUser(request.user.id, (transaction) =>
					transaction.query<{ role: string | null }>("select gamma_role($1) as role", [projectId]),
				);
				if (!access?.role) throw notFound();
				const isPast = position !== null && (await isWithin(position));
				if (feed.isClosed) throw new Problem(503, "The relay is about to stop: come back in a moment.");
				if (reply.raw.destroyed) return reply.hijack();

				const stream = new EventStream(projectId, request.user, reply.raw, () => feed.remove(stream));
				reply.hijack();
				// From here to the first wait nothing may come between: where the feed stands is where the stream begins.
				feed.add(stream);
				stream.open(position === null ? feed.lastId : null);
				if (isPast) {
					replay(database, feed, stream, position).catch((error: unknown) => {
						logger.warn("a stream was cut off in its replay", { reason: String(error) });
						stream.end();
					});
					return;
				}
				if (position !== null) void stream.writePast(resetFrame(feed.lastId));
				stream.goLive();
			},
		);

		/** Whether an event of this id was given and everything after it is kept; the feed has passed it then. */
		async function isWithin(position: number): Promise<boolean> {
			if (position > feed.lastId) await feed.catchUp();
			if (position <= feed.lastId && isKept(position, (await feed.bounds()).first)) return true;
			// The reset says where the feed stands: nothing that is there already comes after it.
			await feed.catchUp();
			return false;
		}
	};
