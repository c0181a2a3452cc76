import { randomUUID } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import * as z from "zod/mini";
import { targets } from "../../src/shared/relay/job";
import { type Project, projectSchema } from "../../src/shared/relay/project";
import type { Services } from "../app";
import { toAssignments, toChanges } from "../database/changes";
import type { Queryable } from "../database/database";
import { notFound, Problem } from "../problem";
import { byId, text, words } from "./fields";
import { addListRoute } from "./listRoute";
import { addUserRoute, demand } from "./userRoute";

interface ProjectRow {
	readonly id: string;
	readonly sequence: unknown;
	readonly name: string;
	readonly repository: string;
	readonly installation_id: string | null;
	readonly s3_bucket: string | null;
	readonly s3_prefix: string | null;
	readonly mlflow_experiment: string | null;
	readonly target: Project["target"];
	readonly owner_id: string;
	readonly created_at: Date;
	readonly updated_at: Date;
}

const projectColumns = `id, sequence, name, repository, installation_id, s3_bucket, s3_prefix, mlflow_experiment, target, owner_id,
	created_at, updated_at`;

const bindings = {
	/** GitHub's number of the App's installation. */
	installationId: z.optional(z.nullable(z.string().check(z.regex(/^\d{1,20}$/)))),
	s3Bucket: z.optional(z.nullable(text(255, 1))),
	s3Prefix: z.optional(z.nullable(text(1024))),
	mlflowExperiment: z.optional(z.nullable(text(500, 1))),
	target: z.optional(z.enum(targets)),
};
const name = words(200);
/** `owner/name`; a name of dots only would lead elsewhere in an address. */
const repository = z.string().check(z.maxLength(200), z.regex(/^(?!\.+\/)[A-Za-z0-9._-]+\/(?!\.+$)[A-Za-z0-9._-]+$/));

const columnOf = {
	name: "name",
	repository: "repository",
	installationId: "installation_id",
	s3Bucket: "s3_bucket",
	s3Prefix: "s3_prefix",
	mlflowExperiment: "mlflow_experiment",
	target: "target",
};

export const projectRoutes =
	(services: Services): FastifyPluginAsync =>
	async (app) => {
		const defaultTarget = services.config.auth.kind === "local" ? "runner" : "sagemaker";
		addListRoute(
			app,
			services,
			{ url: "/api/projects", summary: "The projects that the person is in", of: projectSchema },
			async () => ({ sql: `select ${projectColumns} from projects`, values: [] }),
			toProject,
		);
		addUserRoute(
			app,
			services,
			{
				method: "POST",
				url: "/api/projects",
				summary: "Make a project; who makes it owns it",
				body: z.object({ name, repository, ...bindings }),
				status: 201,
				answer: projectSchema,
				problems: [409],
			},
			({ user, body, run }) =>
				run(async (transaction) => {
					const id = randomUUID();
					const { columns, values } = toChanges(columnOf, { target: defaultTarget, ...body });
					const places = values.map((_, at) => `$${at + 3}`);
					await onlyOne(
						transaction.query(`insert into projects (id, owner_id, ${columns}) values ($1, $2, ${places})`, [
							id,
							user.id,
							...values,
						]),
					);
					await transaction.query("insert into members (project_id, user_id, role) values ($1, $2, 'owner')", [
						id,
						user.id,
					]);
					return toProject(await readProject(transaction, id));
				}),
		);
		addUserRoute(
			app,
			services,
			{ method: "GET", url: "/api/projects/:id", summary: "One project", params: byId, answer: projectSchema },
			({ params, run }) => run(async (transaction) => toProject(await readProject(transaction, params.id))),
		);
		addUserRoute(
			app,
			services,
			{
				method: "PATCH",
				url: "/api/projects/:id",
				summary: "Change a project's settings, as an owner",
				params: byId,
				body: z.object({ name: z.optional(name), repository: z.optional(repository), ...bindings }),
				answer: projectSchema,
				problems: [403, 409],
			},
			({ params, body, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "own");
					const changes = toChanges(columnOf, body);
					await onlyOne(
						transaction.query(`update projects set ${toAssignments(changes, 2)}, updated_at = now() where id = $1`, [
							params.id,
							...changes.values,
						]),
					);
					return toProject(await readProject(transaction, params.id));
				}),
		);
		addUserRoute(
			app,
			services,
			{
				method: "DELETE",
				url: "/api/projects/:id",
				summary: "Remove a project with all that Gamma keeps of it, as an owner",
				params: byId,
				problems: [403],
			},
			({ params, run }) =>
				run(async (transaction) => {
					await demand(transaction, params.id, "own");
					await transaction.query("delete from projects where id = $1", [params.id]);
					return undefined;
				}),
		);
	};

async function readProject(transaction: Queryable, id: string): Promise<ProjectRow> {
	const [row] = await transaction.query<ProjectRow>(`select ${projectColumns} from projects where id = $1`, [id]);
	if (!row) throw notFound();
	return row;
}

/** A webhook finds its project by the repository: there is one project of each. What the relay reads is one project's too. */
async function onlyOne<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		const { code } = error as { code?: unknown };
		if (code === "23505") throw new Problem(409, "There is a project of this repository: an owner of it can add you.");
		if (code !== "GM002") throw error;
		throw new Problem(409, "The experiment or the folder is another project's: an owner of it can share it.");
	}
}

function toProject(row: ProjectRow): Project {
	return {
		id: row.id,
		name: row.name,
		repository: row.repository,
		installationId: row.installation_id,
		s3Bucket: row.s3_bucket,
		s3Prefix: row.s3_prefix,
		mlflowExperiment: row.mlflow_experiment,
		target: row.target,
		ownerId: row.owner_id,
		createdAt: row.created_at.toISOString(),
		updatedAt: row.updated_at.toISOString(),
	};
}
