import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import { type Member, memberSchema, roles } from "../../src/shared/relay/project";
import type { Services } from "../app";
import { notFound, Problem } from "../problem";
import { byId, id } from "./fields";
import { addListRoute } from "./listRoute";
import { addUserRoute, demand } from "./userRoute";

interface MemberRow {
	readonly sequence: unknown;
	readonly user_id: string;
	readonly name: string;
	readonly role: Member["role"];
}

const url = "/api/projects/:id/members";
const ofProject = `select m.sequence, m.user_id, p.name, m.role from members m join profiles p on p.id = m.user_id
	where m.project_id = $1`;

export const memberRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		addListRoute(
			app,
			services,
			{ url, summary: "Who is in a project, and as what", params: byId, of: memberSchema },
			async ({ params }, transaction) => {
				await demand(transaction, params.id, "see");
				return { sql: ofProject, values: [params.id] };
			},
			toMember,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url,
				summary: "Add somebody, or give them another role, as an owner",
				params: byId,
				body: z.object({ userId: id, role: z.enum(roles) }),
				status: 201,
				answer: memberSchema,
				problems: [403, 409],
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "own");
					await keepingAnOwner(
						transaction.query(
							`insert into members (project_id, user_id, role) values ($1, $2, $3)
								on conflict (project_id, user_id) do update set role = excluded.role`,
							[params.id, body.userId, body.role],
						),
					);
					const [row] = await transaction.query<MemberRow>(`${ofProject} and m.user_id = $2`, [params.id, body.userId]);
					if (!row) throw notFound();
					return toMember(row);
				}),
		);
		addUserRoute(
			app,
			services,
			{
				method: "DELETE",
				url,
				summary: "Take somebody out of a project, as an owner; its last owner stays",
				params: byId,
				query: z.object({ userId: id }),
				problems: [403, 409],
			},
			({ params, query, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "own");
					const removed = await keepingAnOwner(
						transaction.query("delete from members where project_id = $1 and user_id = $2 returning user_id", [
							params.id,
							query.userId,
						]),
					);
					if (removed.length === 0) throw notFound();
					return undefined;
				}),
		);
	};

async function keepingAnOwner<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const { code } = error as { code?: unknown };
		if (code === "GM001") throw new Problem(409, "A project keeps an owner: make somebody else one first.");
		if (code === "23503") throw new Problem(404, "Nobody of this id has signed in to this relay.");
		throw error;
	}
}

function toMember(row: MemberRow): Member {
	return { userId: row.user_id, name: row.name, role: row.role };
}
