import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import type { Queryable } from "../database/database";
import { notFound, Problem } from "../problem";
import { byId, id, page, text } from "./fields";
import { addListRoute } from "./listRoute";
import { seenJob } from "./seenJob";
import { addUserRoute, demand } from "./userRoute";

const conversationSchema = z.object({
	id: z.string(),
	projectId: z.string(),
	/** The job it is about, if it is about one. */
	jobId: z.nullable(z.string()),
	title: z.string(),
	createdBy: z.string(),
	createdAt: z.string(),
	/** When it was last added to. */
	updatedAt: z.string(),
});
type Conversation = z.infer<typeof conversationSchema>;

const messageSchema = z.object({
	id: z.string(),
	conversationId: z.string(),
	role: z.enum(["user", "assistant"]),
	/** Its words. */
	content: z.string(),
	/** Its maker's own name for it, once in the conversation; null where it has none. */
	key: z.nullable(z.string()),
	/** What its maker keeps beside the words. */
	detail: z.nullable(z.string()),
	createdAt: z.string(),
});
type Message = z.infer<typeof messageSchema>;

interface ConversationRow {
	readonly sequence: unknown;
	readonly id: string;
	readonly project_id: string;
	readonly job_id: string | null;
	readonly title: string;
	readonly created_by: string;
	readonly created_at: Date;
	readonly updated_at: Date;
}

interface MessageRow {
	readonly sequence: unknown;
	readonly id: string;
	readonly conversation_id: string;
	readonly role: Message["role"];
	readonly content: string;
	readonly key: string | null;
	readonly detail: string | null;
	readonly created_at: Date;
}

const conversationColumns = "sequence, id, project_id, job_id, title, created_by, created_at, updated_at";
const messageColumns = "sequence, id, conversation_id, role, content, key, detail, created_at";
const ofProject = "/api/projects/:id/conversations";
const one = "/api/conversations/:id";
const messages = "/api/conversations/:id/messages";
/** Pictures, and what was sent along. */
const longestDetail = 3_000_000;
/** A detail is JSON within JSON. */
const messageBytes = 8 << 20;

export const conversationRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		addListRoute(
			app,
			services,
			{
				url: ofProject,
				summary: "A project's conversations with the agent, those about one job, or those that have all the words",
				params: byId,
				query: z.object({ ...page, job: z.optional(id), words: z.optional(text(500)) }),
				of: conversationSchema,
			},
			async ({ params, query }, transaction) => {
				await demand(transaction, params.id, "see");
				return {
					sql: `select ${conversationColumns} from agent_conversations where project_id = $1
						and ($2::uuid is null or job_id = $2)
						and not exists (select from unnest($3::text[]) word where position(word in lower(title)) = 0
							and not exists (select from agent_messages m
								where m.conversation_id = agent_conversations.id and position(word in lower(m.content)) > 0))`,
					values: [params.id, query.job ?? null, wordsOf(query.words)],
				};
			},
			toConversation,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: ofProject,
				summary: "Begin a conversation; with an id of one's own, once",
				params: byId,
				body: z.object({ id: z.optional(id), title: z.optional(text(500)), jobId: z.optional(z.nullable(id)) }),
				status: 201,
				answer: conversationSchema,
				problems: [403],
			},
			({ user, params, body, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "write");
					const job = body.jobId ? await seenJob(transaction, body.jobId, "see") : null;
					if (job && job.project_id !== params.id.toLowerCase()) throw notFound();
					const [row] = await transaction.query<ConversationRow>(
						`insert into agent_conversations (id, project_id, job_id, title, created_by)
							values (coalesce($5::uuid, gen_random_uuid()), $1, $2, $3, $4)
							on conflict (id) do nothing returning ${conversationColumns}`,
						[params.id, job?.id ?? null, body.title ?? "", user.id, body.id ?? null],
					);
					if (row) return toConversation(row);
					const [made] = await transaction.query<ConversationRow>(
						`select ${conversationColumns} from agent_conversations where id = $1 and project_id = $2`,
						[body.id, params.id],
					);
					if (!made) throw notFound();
					return toConversation(made);
				}),
		);
		addUserRoute(
			app,
			services,
			{
				...{ method: "PATCH", url: one, summary: "Rename a conversation", params: byId },
				...{ body: z.object({ title: text(500) }), answer: conversationSchema, problems: [403] },
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					await demand(transaction, await projectOf(transaction, params.id), "write");
					const [row] = await transaction.query<ConversationRow>(
						`update agent_conversations set title = $2 where id = $1 returning ${conversationColumns}`,
						[params.id, body.title],
					);
					if (!row) throw notFound();
					return toConversation(row);
				}),
		);
		addUserRoute(
			app,
			services,
			{
				method: "DELETE",
				url: one,
				summary: "Delete a conversation and all its messages",
				params: byId,
				problems: [403],
			},
			({ params, run }) =>
				run(async (transaction): Promise<undefined> => {
					await projectOf(transaction, params.id);
					const gone = await transaction.query("delete from agent_conversations where id = $1 returning id", [
						params.id,
					]);
					if (gone.length > 0) return;
					throw new Problem(403, "Only who began a conversation, or an owner of the project, may delete it.");
				}),
		);
		addListRoute(
			app,
			services,
			{ url: messages, summary: "A conversation's messages", params: byId, of: messageSchema },
			async ({ params }, transaction) => {
				await projectOf(transaction, params.id);
				return { sql: `select ${messageColumns} from agent_messages where conversation_id = $1`, values: [params.id] };
			},
			toMessage,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: messages,
				summary: "Add a message to a conversation; with a key, once",
				params: byId,
				bodyLimit: messageBytes,
				body: z.object({
					role: z.enum(["user", "assistant"]),
					content: text(500_000, 1),
					key: z.optional(text(200, 1)),
					detail: z.optional(text(longestDetail, 1)),
				}),
				status: 201,
				answer: messageSchema,
				problems: [403],
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					const projectId = await projectOf(transaction, params.id);
					await demand(transaction, projectId, "write");
					// Whoever writes into one conversation waits here for who did before: what is read in order is whole.
					await transaction.query("update agent_conversations set updated_at = now() where id = $1", [params.id]);
					const [row] = await transaction.query<MessageRow>(
						`insert into agent_messages (conversation_id, project_id, role, content, key, detail) values ($1, $2, $3, $4, $5, $6)
							on conflict (conversation_id, key) where key is not null do nothing returning ${messageColumns}`,
						[params.id, projectId, body.role, body.content, body.key ?? null, body.detail ?? null],
					);
					if (row) return toMessage(row);
					const [before] = await transaction.query<MessageRow>(
						`select ${messageColumns} from agent_messages where conversation_id = $1 and key = $2`,
						[params.id, body.key],
					);
					if (!before) throw notFound();
					return toMessage(before);
				}),
		);
	};

async function projectOf(transaction: Queryable, conversationId: string): Promise<string> {
	const [row] = await transaction.query<{ project_id: string }>(
		"select project_id from agent_conversations where id = $1",
		[conversationId],
	);
	if (!row) throw notFound();
	return row.project_id;
}

function wordsOf(words = ""): readonly string[] {
	return words.toLowerCase().split(/\s+/).filter(Boolean);
}

function toConversation(row: ConversationRow): Conversation {
	return {
		id: row.id,
		projectId: row.project_id,
		jobId: row.job_id,
		title: row.title,
		createdBy: row.created_by,
		createdAt: row.created_at.toISOString(),
		updatedAt: row.updated_at.toISOString(),
	};
}

function toMessage(row: MessageRow): Message {
	return {
		id: row.id,
		conversationId: row.conversation_id,
		role: row.role,
		content: row.content,
		key: row.key,
		detail: row.detail,
		createdAt: row.created_at.toISOString(),
	};
}
