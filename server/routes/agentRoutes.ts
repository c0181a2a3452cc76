import type { Readable } from "node:stream";
import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import { withoutSecrets } from "../../src/core/agent/context/secrets";
import { summaryOrder } from "../../src/core/summaries/summaryQuestion";
import { AskLimits } from "../agent/askLimits";
import { askClaude, cleaned, streamOf } from "../agent/claudeBehind";
import type { Services } from "../app";
import { notFound, Problem } from "../problem";
import { commitSha, id, text, words } from "./fields";
import { addUserRoute, demand } from "./userRoute";

/** The service's own limit is 32 MB; pictures are most of it. */
const chatBytes = 16 << 20;
const mostTokens = 64_000;
const summaryModel = "claude-haiku-5-5";
const summaryTokens = 1_000;

const model = z.string().check(z.regex(/^[\w.:@/-]{1,200}$/));
const object = z.record(z.string(), z.unknown());
/** As the Messages API takes it, of which the relay passes on what is named here, made anew. */
const countedSchema = z.object({
	model,
	system: z.optional(z.union([text(200_000), z.array(object)])),
	messages: z
		.array(z.object({ role: z.enum(["user", "assistant"]), content: z.union([text(2_000_000), z.array(object)]) }))
		.check(z.minLength(1), z.maxLength(10_000)),
	tools: z.optional(z.array(object).check(z.maxLength(200))),
	tool_choice: z.optional(object),
	thinking: z.optional(object),
});
const chatSchema = z.extend(countedSchema, { max_tokens: z.int().check(z.gte(1), z.lte(mostTokens)) });

const summarySchema = z.object({
	projectId: z.string(),
	commitSha: z.string(),
	summary: z.string(),
	model: z.nullable(z.string()),
	diffHash: z.nullable(z.string()),
	createdAt: z.string(),
});

const answered = z.object({
	model: z.string(),
	content: z.array(z.looseObject({ type: z.string(), text: z.optional(z.string()) })),
});

export const agentRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		const limits = new AskLimits();
		const settings = () => {
			if (services.config.anthropic) return services.config.anthropic;
			throw new Problem(409, "This relay has no key for Claude: ANTHROPIC_API_KEY is not set where it runs.");
		};

		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/agent/chat/:projectId",
				summary: "An answer of Claude on the organisation's key, as the Messages API streams it",
				params: z.object({ projectId: id }),
				body: chatSchema,
				bodyLimit: chatBytes,
				answer: z.custom<Readable>(),
				streams: "text/event-stream",
				problems: [402, 403, 409, 413, 429, 502, 503],
			},
			async ({ user, params, body, signal, run }) => {
				await run((transaction) => demand(transaction, params.projectId, "write"));
				const over = limits.begin(user.id);
				signal.addEventListener("abort", over, { once: true });
				try {
					const { messages, ...rest } = body;
					const request = { ...rest, messages: cleaned(messages), stream: true };
					return streamOf(await askClaude(settings(), "/v1/messages", request, signal));
				} catch (error) {
					over();
					throw error;
				}
			},
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/agent/tokens/:projectId",
				summary: "How many tokens a question would take, as the service counts them",
				params: z.object({ projectId: id }),
				body: countedSchema,
				bodyLimit: chatBytes,
				answer: z.object({ input_tokens: z.number() }),
				problems: [402, 403, 409, 413, 429, 502, 503],
			},
			async ({ params, body, signal, run }) => {
				await run((transaction) => demand(transaction, params.projectId, "write"));
				const request = { ...body, messages: cleaned(body.messages) };
				const answer = await askClaude(settings(), "/v1/messages/count_tokens", request, signal);
				const parsed = z.object({ input_tokens: z.number() }).safeParse(await answer.json().catch(() => null));
				if (!parsed.success) throw new Problem(502, "Claude's count of tokens cannot be read.");
				return parsed.data;
			},
		);
		addUserRoute(
			app,
			services,
			{
				method: "GET",
				url: "/api/agent/models/:projectId",
				summary: "The models that the organisation's key may ask, as the service lists them",
				params: z.object({ projectId: id }),
				answer: z.object({ data: z.array(object), has_more: z.boolean() }),
				problems: [403, 409, 429, 502, 503],
			},
			async ({ params, signal, run }) => {
				await run((transaction) => demand(transaction, params.projectId, "write"));
				const answer = await askClaude(settings(), "/v1/models?limit=100", undefined, signal);
				const parsed = z.object({ data: z.array(object) }).safeParse(await answer.json().catch(() => null));
				if (!parsed.success) throw new Problem(502, "Claude's list of models cannot be read.");
				return { data: parsed.data.data, has_more: false };
			},
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/agent/summary/:projectId/:sha",
				summary: "Have it said in words what a commit changes, and keep it for the project",
				params: z.object({ projectId: id, sha: commitSha }),
				body: z.object({
					diff: words(400_000),
					message: z.optional(text(10_000)),
					model: z.optional(model),
					diffHash: z.optional(z.nullable(text(200, 1))),
				}),
				answer: summarySchema,
				problems: [403, 409, 413, 429, 502, 503],
			},
			async ({ user, params, body, signal, run }) => {
				await run((transaction) => demand(transaction, params.projectId, "write"));
				const over = limits.begin(user.id);
				try {
					const said = withoutSecrets(`${body.message ?? ""}\n\n${body.diff}`).text;
					const request = {
						...{ model: body.model ?? summaryModel, max_tokens: summaryTokens, system: summaryOrder },
						messages: [{ role: "user", content: `<data>\n${said.replaceAll(/<(?=\/?data>)/gi, "&lt;")}\n</data>` }],
					};
					const answer = await askClaude(settings(), "/v1/messages", request, signal);
					const parsed = answered.safeParse(await answer.json().catch(() => null));
					const summary = (parsed.data?.content ?? [])
						.map(({ text }) => text ?? "")
						.join("")
						.trim();
					if (!parsed.success || summary === "") throw new Problem(502, "Claude gave no summary; ask again.");
					const [row] = await run((transaction) =>
						transaction.query<{ created_at: Date }>(
							`insert into commit_summaries (project_id, commit_sha, summary, model, diff_hash)
								values ($1, $2, $3, $4, $5)
								on conflict (project_id, commit_sha) do update
									set summary = excluded.summary, model = excluded.model, diff_hash = excluded.diff_hash, created_at = now()
								returning created_at`,
							[params.projectId, params.sha, summary.replaceAll("\0", ""), parsed.data.model, body.diffHash ?? null],
						),
					);
					if (!row) throw notFound();
					return {
						...{ projectId: params.projectId, commitSha: params.sha, summary, model: parsed.data.model },
						diffHash: body.diffHash ?? null,
						createdAt: row.created_at.toISOString(),
					};
				} finally {
					over();
				}
			},
		);
	};
