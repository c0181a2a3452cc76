import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import type { Services } from "../app";
import { notFound } from "../problem";
import { commitSha, id, text, words } from "./fields";
import { addUserRoute, demand } from "./userRoute";

const summarySchema = z.object({
	projectId: z.string(),
	commitSha: z.string(),
	summary: z.string(),
	/** What wrote it; null where that is not known. */
	model: z.nullable(z.string()),
	/** Of the diff that it was written of, as its writer told; null where it did not. */
	diffHash: z.nullable(z.string()),
	createdAt: z.string(),
});
type Summary = z.infer<typeof summarySchema>;

interface SummaryRow {
	readonly project_id: string;
	readonly commit_sha: string;
	readonly summary: string;
	readonly model: string | null;
	readonly diff_hash: string | null;
	readonly created_at: Date;
}

const columns = "project_id, commit_sha, summary, model, diff_hash, created_at";
const url = "/api/projects/:id/summaries/:sha";
const params = z.object({ id, sha: commitSha });

export const summaryRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		addUserRoute(
			app,
			services,
			{
				method: "GET",
				url,
				summary: "What a commit changes, in words, if somebody had it said before",
				params,
				answer: summarySchema,
			},
			async ({ params, run }) => {
				const [row] = await run((transaction) =>
					transaction.query<SummaryRow>(
						`select ${columns} from commit_summaries where project_id = $1 and commit_sha = $2`,
						[params.id, params.sha],
					),
				);
				if (!row) throw notFound();
				return toSummary(row);
			},
		);
		addUserRoute(
			app,
			services,
			{
				method: "PUT",
				url,
				summary: "Keep what a commit changes, in words, for the project",
				params,
				body: z.object({
					summary: words(100_000),
					model: z.optional(z.nullable(text(200, 1))),
					diffHash: z.optional(z.nullable(text(200, 1))),
				}),
				answer: summarySchema,
				problems: [403],
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "write");
					const [row] = await transaction.query<SummaryRow>(
						`insert into commit_summaries (project_id, commit_sha, summary, model, diff_hash)
							values ($1, $2, $3, $4, $5)
							on conflict (project_id, commit_sha) do update
								set summary = excluded.summary, model = excluded.model, diff_hash = excluded.diff_hash, created_at = now()
							returning ${columns}`,
						[params.id, params.sha, body.summary, body.model ?? null, body.diffHash ?? null],
					);
					if (!row) throw notFound();
					return toSummary(row);
				}),
		);
	};

function toSummary(row: SummaryRow): Summary {
	return {
		projectId: row.project_id,
		commitSha: row.commit_sha,
		summary: row.summary,
		model: row.model,
		diffHash: row.diff_hash,
		createdAt: row.created_at.toISOString(),
	};
}
