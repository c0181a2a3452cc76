import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import type { Queryable } from "../database/database";
import { notFound } from "../problem";
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
	content: z.string(),
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
	readonly created_at: Date;
}

const conversationColumns = "sequence, id, project_id, job_id, title, created_by, created_at, updated_at";
const messageColumns = "sequence, id, conversation_id, role, content, created_at";
const ofProject = "/api/projects/:id/conversations";
const messages = "/api/conversations/:id/messages";

export const conversationRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		addListRoute(
			app,
			services,
			{
				url: ofProject,
				summary: "A project's conversations with the agent, or those about one job",
				params: byId,
				query: z.object({ ...page, job: z.optional(id) }),
				of: conversationSchema,
			},
			async ({ params, query }, transaction) => {
				await demand(transaction, params.id, "see");
				return {
					sql: `select ${conversationColumns} from agent_conversations where project_id = $1
						and ($2::uuid is null or job_id = $2)`,
					values: [params.id, query.job ?? null],
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
				summary: "Begin a conversation",
				params: byId,
				body: z.object({ title: z.optional(text(500)), jobId: z.optional(z.nullable(id)) }),
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
						`insert into agent_conversations (project_id, job_id, title, created_by) values ($1, $2, $3, $4)
							returning ${conversationColumns}`,
						[params.id, job?.id ?? null, body.title ?? "", user.id],
					);
					if (!row) throw notFound();
					return toConversation(row);
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
				summary: "Add a message to a conversation",
				params: byId,
				body: z.object({ role: z.enum(["user", "assistant"]), content: text(500_000, 1) }),
				status: 201,
				answer: messageSchema,
				problems: [403],
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					const projectId = await projectOf(transaction, params.id);
					await demand(transaction, projectId, "write");
					await transaction.query("update agent_conversations set updated_at = now() where id = $1", [params.id]);
					const [row] = await transaction.query<MessageRow>(
						`insert into agent_messages (conversation_id, project_id, role, content) values ($1, $2, $3, $4)
							returning ${messageColumns}`,
						[params.id, projectId, body.role, body.content],
					);
					if (!row) throw notFound();
					return toMessage(row);
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
		createdAt: row.created_at.toISOString(),
	};
}
