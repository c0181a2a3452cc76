import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { appendEvent } from "../jobs/jobRows";
import { notFound } from "../problem";
import { byId, words } from "./fields";
import { addListRoute } from "./listRoute";
import { seenJob } from "./seenJob";
import { addUserRoute } from "./userRoute";

const commentSchema = z.object({
	id: z.string(),
	jobId: z.string(),
	authorId: z.string(),
	/** The author's name when they wrote it. */
	author: z.string(),
	text: z.string(),
	createdAt: z.string(),
});
type Comment = z.infer<typeof commentSchema>;

interface CommentRow {
	readonly sequence: unknown;
	readonly id: string;
	readonly job_id: string;
	readonly author_id: string;
	readonly author: string;
	readonly text: string;
	readonly created_at: Date;
}

const columns = "sequence, id, job_id, author_id, author, text, created_at";
const url = "/api/jobs/:id/comments";

export const commentRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		addListRoute(
			app,
			services,
			{ url, summary: "What the team says of a job", params: byId, of: commentSchema },
			async ({ params }, transaction) => {
				await seenJob(transaction, params.id, "see");
				return { sql: `select ${columns} from comments where job_id = $1`, values: [params.id] };
			},
			toComment,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url,
				summary: "Say something of a job",
				params: byId,
				body: z.object({ text: words(20_000) }),
				status: 201,
				answer: commentSchema,
				problems: [403],
			},
			({ user, params, body, run }) =>
				run(async (transaction) => {
					const job = await seenJob(transaction, params.id, "write");
					const [row] = await transaction.query<CommentRow>(
						`insert into comments (project_id, job_id, author_id, author, text)
							select $1, $2, id, name, $4 from profiles where id = $3 returning ${columns}`,
						[job.project_id, job.id, user.id, body.text],
					);
					if (!row) throw notFound();
					const { authorId: _, ...told } = toComment(row);
					await appendEvent(transaction, job.project_id, job.id, "comment.created", told);
					return toComment(row);
				}),
		);
	};

function toComment(row: CommentRow): Comment {
	return {
		id: row.id,
		jobId: row.job_id,
		authorId: row.author_id,
		author: row.author,
		text: row.text,
		createdAt: row.created_at.toISOString(),
	};
}
