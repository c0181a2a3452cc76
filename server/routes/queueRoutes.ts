import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { toJob } from "../jobs/jobRows";
import { takeHeartbeat } from "../queue/heartbeat";
import { renewAllLeases } from "../queue/leases";
import { Queue } from "../queue/queue";
import { release } from "../queue/release";
import { Turns } from "../queue/turns";
import { toSchema } from "../schema";

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most));
const lease = z.string().check(z.regex(/^\d{1,18}$/));
const params = z.object({ jobId: z.guid() });

const claimBody = z.object({
	runner: text(200),
	waitMs: z.optional(z.int().check(z.gte(0), z.lte(60_000))),
	labels: z.optional(z.array(text(100)).check(z.maxLength(100))),
});
const heartbeatBody = z.object({
	lease,
	progress: z.optional(z.number().check(z.gte(0), z.lte(1))),
	mlflowRunId: z.optional(text(64)),
	metrics: z.optional(
		z.object({
			step: z.optional(z.number()),
			values: z.record(z.string(), z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])])),
		}),
	),
});
const releaseBody = z.object({ lease, labels: z.optional(z.array(text(100)).check(z.maxLength(100))) });
const completeBody = z.object({
	lease,
	status: z.enum(["completed", "failed", "stopped"]),
	exitCode: z.optional(z.int().check(z.gte(-1_000_000), z.lte(4_294_967_295))),
	error: z.optional(z.string().check(z.maxLength(10_000))),
	mlflowRunId: z.optional(text(200)),
});

export const queueRoutes =
	({ database, feed, config, logger }: Services): FastifyPluginAsync =>
	async (app) => {
		await renewAllLeases(database, config.leaseSeconds);
		const turns = new Turns(database, logger.child("queue"));
		const queue = new Queue(database, turns, feed, logger.child("queue"));
		app.addHook("preClose", () => queue.close());
		app.addHook("onClose", () => turns.close());

		app.post<{ Body: z.infer<typeof claimBody> }>(
			"/api/queue/claim",
			{
				schema: {
					summary: "Take the oldest waiting job; 204 when none came within waitMs",
					body: toSchema(claimBody),
				},
			},
			async ({ body, user }, reply) => {
				const gone = new AbortController();
				reply.raw.on("close", () => gone.abort());
				const claimer = {
					userId: user.id,
					runner: body.runner,
					labels: body.labels ?? [],
					leaseSeconds: config.leaseSeconds,
				};
				const claimed = await queue.claim(claimer, body.waitMs ?? 0, gone.signal);
				if (!claimed) return reply.status(204).send();
				return reply.send({ ...claimed, job: toJob(claimed.job) });
			},
		);
		app.post<{ Params: z.infer<typeof params>; Body: z.infer<typeof heartbeatBody> }>(
			"/api/queue/:jobId/heartbeat",
			{
				schema: {
					summary: "The runner lives: renew its lease, say how far it is, hear whether to stop",
					params: toSchema(params),
					body: toSchema(heartbeatBody),
				},
			},
			({ params, body, user }) => takeHeartbeat(database, user.id, params.jobId, body, config.leaseSeconds),
		);
		app.post<{ Params: z.infer<typeof params>; Body: z.infer<typeof releaseBody> }>(
			"/api/queue/:jobId/release",
			{
				schema: {
					summary: "Give a job back unbegun: it waits for a runner with these labels",
					params: toSchema(params),
					body: toSchema(releaseBody),
				},
			},
			async ({ params, body, user }) =>
				toJob(await release(database, user.id, params.jobId, body.lease, body.labels ?? [])),
		);
		app.post<{ Params: z.infer<typeof params>; Body: z.infer<typeof completeBody> }>(
			"/api/queue/:jobId/complete",
			{
				schema: {
					summary: "The job has ended; the same again changes nothing",
					params: toSchema(params),
					body: toSchema(completeBody),
				},
			},
			async ({ params, body, user }) => toJob(await turns.complete({ ...body, userId: user.id, jobId: params.jobId })),
		);
	};
