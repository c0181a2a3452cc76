import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import { jobSchema, jobStatuses } from "../../src/shared/relay/job";
import type { Services } from "../app";
import { changeJob, makeJob, retryJob, stopJob } from "../jobs/jobChanges";
import { type JobRow, jobColumns, toJob } from "../jobs/jobRows";
import { settleEarly } from "../webhooks/sagemakerJobs";
import { branchName, byId, commitSha, id, page, text } from "./fields";
import { addListRoute } from "./listRoute";
import { seenJob } from "./seenJob";
import { addUserRoute, demand } from "./userRoute";

const params = z
	.record(text(200, 1), z.union([text(10_000), z.number(), z.boolean(), z.null()]))
	.check(z.refine((given) => Object.keys(given).length <= 200, "has more than 200 params"));

const optionalText = (most: number) => z.optional(z.nullable(text(most, 1)));

const changes = z.object({
	mlflowRunId: optionalText(64),
	sagemakerJobName: optionalText(63),
	workflowRunId: z.optional(z.nullable(z.string().check(z.regex(/^\d{1,20}$/)))),
	progress: z.optional(z.nullable(z.number().check(z.gte(0), z.lte(1)))),
	status: z.optional(z.enum(jobStatuses)),
	reason: optionalText(2_000),
});

const stateSchema = z.object({
	status: z.enum(jobStatuses),
	reason: z.nullable(z.string()),
	/** When it came into this state, or the reason became known. */
	at: z.string(),
});

interface StateRow {
	readonly sequence: unknown;
	readonly status: (typeof jobStatuses)[number];
	readonly reason: string | null;
	readonly created_at: Date;
}

/** What was told of a job, where its state or its reason changed. */
const statesOfJob = `select id as sequence, status, reason, created_at from (
		select *, lag(status) over told as last_status, lag(reason) over told as last_reason from (
			select id, created_at, data::json ->> 'status' as status, data::json ->> 'reason' as reason
				from events where job_id = $1 and kind in ('job.created', 'job.updated')) as told_states
		window told as (order by id)) as states
	where status is distinct from last_status or reason is distinct from last_reason`;

export const jobRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		/** SageMaker may have told of it before it was there, or had its name. */
		const heard = async (work: Promise<JobRow>) => {
			const job = await work;
			const isTheirs = job.target === "sagemaker" || job.sagemaker_job_name !== null;
			return toJob((isTheirs && (await settleEarly(services.database, job.id))) || job);
		};
		addListRoute(
			app,
			services,
			{
				url: "/api/jobs",
				summary: "The jobs of all projects, or of one",
				query: z.object({
					...page,
					project: z.optional(id),
					branch: z.optional(text(255, 1)),
					status: z.optional(z.enum(jobStatuses)),
				}),
				of: jobSchema,
			},
			async ({ query }, transaction) => {
				if (query.project !== undefined) await demand(transaction, query.project, "see");
				return {
					sql: `select ${jobColumns} from training_jobs where ($1::uuid is null or project_id = $1)
						and ($2::text is null or branch = $2) and ($3::text is null or status = $3)`,
					values: [query.project ?? null, query.branch ?? null, query.status ?? null],
				};
			},
			toJob,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/jobs",
				summary: "Make a job by hand, or retry one that has ended",
				body: z.union([
					z.object({ retryOf: id, params: z.optional(params) }),
					z.object({
						projectId: id,
						branch: branchName,
						commitSha,
						message: z.optional(text(20_000)),
						params: z.optional(params),
					}),
				]),
				status: 201,
				answer: jobSchema,
				problems: [403, 409],
			},
			({ user, body, run }) =>
				heard(
					run(async (transaction) => {
						if ("retryOf" in body) {
							const job = await seenJob(transaction, body.retryOf, "write");
							return retryJob(transaction, job, body.params ?? {});
						}
						await demand(transaction, body.projectId, "write");
						return makeJob(transaction, body, user.name);
					}),
				),
		);
		addUserRoute(
			app,
			services,
			{ method: "GET", url: "/api/jobs/:id", summary: "One job", params: byId, answer: jobSchema },
			({ params, run }) => run(async (transaction) => toJob(await seenJob(transaction, params.id, "see"))),
		);
		addUserRoute(
			app,
			services,
			{
				method: "PATCH",
				url: "/api/jobs/:id",
				summary: "Say what became of a job; a state it ended in stays",
				params: byId,
				body: changes,
				answer: jobSchema,
				problems: [403, 409],
			},
			({ params, body, run }) =>
				heard(
					run(async (transaction) => {
						await seenJob(transaction, params.id, "write");
						return changeJob(transaction, params.id, body);
					}),
				),
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/jobs/:id/stop",
				summary: "Stop a job: at once while it waits, else as soon as its runner hears of it",
				params: byId,
				answer: jobSchema,
				problems: [403, 409],
			},
			({ user, params, run }) =>
				run(async (transaction) => {
					await seenJob(transaction, params.id, "write");
					return toJob(await stopJob(transaction, params.id, user.name));
				}),
		);
		addListRoute(
			app,
			services,
			{
				url: "/api/jobs/:id/history",
				summary: "The states that a job went through, with reasons and times",
				params: byId,
				of: stateSchema,
			},
			async ({ params }, transaction) => {
				await seenJob(transaction, params.id, "see");
				return { sql: statesOfJob, values: [params.id] };
			},
			({ status, reason, created_at }: StateRow) => ({ status, reason, at: created_at.toISOString() }),
		);
	};
