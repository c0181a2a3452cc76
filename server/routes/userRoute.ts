import type { FastifyInstance } from "fastify";
import { en } from "zod/locales";
import * as z from "zod/mini";
import type { Services } from "../app";
import type { User } from "../auth";
import type { Database, Queryable } from "../database/database";
import { problemResponse } from "../openapi";
import { notFound, Problem } from "../problem";
import { toSchema } from "../schema";
import { goneSignal } from "./goneSignal";

const sentences = en().localeError;
const nothing = z.object({});

/** What a route takes and gives: checked as it comes in, and shown by the OpenAPI document. */
interface Shape<Params, Query, Body, Answer> {
	readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	readonly url: string;
	readonly summary: string;
	readonly params?: Params;
	readonly query?: Query;
	readonly body?: Body;
	/** In bytes; absent: the relay's own. */
	readonly bodyLimit?: number;
	/** 200, unless it makes something (201). */
	readonly status?: 200 | 201;
	/** Absent: 204. */
	readonly answer?: Answer;
	/** The answer is a stream of this media type, sent as it comes. */
	readonly streams?: string;
	/** Statuses of its problems beside 400, 401 and 404. */
	readonly problems?: readonly number[];
}

/** One request of a signed-in person, parsed. */
interface Asked<Params, Query, Body> {
	readonly user: User;
	/** What they carry, to ask on their behalf. */
	readonly token: string;
	readonly params: Params;
	readonly query: Query;
	readonly body: Body;
	/** Aborts when the person is gone. */
	readonly signal: AbortSignal;
	/** One transaction as this person, under row level security. */
	run<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
}

/**
 * Adds a route that acts as the signed-in person. Unlike fastify's own checks this turns no type into another, so that
 * `null` stays `null`; keys that the route does not know are passed by.
 */
export function addUserRoute<
	Answer extends z.core.$ZodType,
	Params extends z.core.$ZodType = typeof nothing,
	Query extends z.core.$ZodType = typeof nothing,
	Body extends z.core.$ZodType = typeof nothing,
>(
	app: FastifyInstance,
	services: Services,
	shape: Shape<Params, Query, Body, Answer>,
	answer: (
		asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>,
	) => Promise<Answer extends undefined ? undefined : z.output<Answer> | undefined>,
): void {
	const status = shape.answer ? (shape.status ?? 200) : 204;
	const checks = { params: shape.params ?? nothing, querystring: shape.query ?? nothing, body: shape.body ?? nothing };
	const isCheck = (part: string | undefined): part is keyof typeof checks => part !== undefined && part in checks;
	app.route({
		method: shape.method,
		url: shape.url,
		...(shape.bodyLimit !== undefined && { bodyLimit: shape.bodyLimit }),
		schema: {
			summary: shape.summary,
			...(shape.params && { params: toSchema(shape.params) }),
			...(shape.query && { querystring: toSchema(shape.query) }),
			...(shape.body && { body: toSchema(shape.body) }),
			response: {
				[status]: shape.streams
					? { description: "As it comes.", content: { [shape.streams]: { schema: { type: "string" } } } }
					: shape.answer
						? toSchema(shape.answer)
						: { type: "null", description: "Done." },
				...problemResponses([400, 401, 404, ...(shape.problems ?? [])]),
			},
		},
		validatorCompiler:
			({ httpPart }) =>
			(value: unknown) => {
				if (!isCheck(httpPart)) return { value };
				const parsed = z.safeParse(checks[httpPart], value, { error: sentences });
				return parsed.success ? { value: parsed.data } : { error: refusal(httpPart, parsed.error.issues) };
			},
		serializerCompiler: () => (value) => JSON.stringify(value),
		handler: async (request, reply) => {
			const { user } = request;
			await makeProfile(services.database, user);
			const body = await answer({
				user,
				token: request.headers.authorization?.slice("Bearer ".length) ?? "",
				params: request.params as z.output<Params>,
				query: request.query as z.output<Query>,
				body: request.body as z.output<Body>,
				signal: goneSignal(reply),
				run: (work) => services.database.asUser(user.id, work),
			});
			if (shape.streams) void reply.type(shape.streams).header("cache-control", "no-store");
			return reply.status(status).send(body);
		},
	});
}

function problemResponses(statuses: readonly number[]): Record<string, unknown> {
	return Object.fromEntries(statuses.map((status) => [String(status), problemResponse]));
}

const partNames = { params: "path", querystring: "query", body: "body" } as const;

function refusal(part: keyof typeof partNames, issues: readonly z.core.$ZodIssue[]): Problem {
	const issue = nearest(issues);
	const where = [partNames[part], ...(issue?.path ?? [])].map(String).join(".");
	return new Problem(400, `The request is not as the route takes it: ${where}: ${issue?.message ?? "invalid"}.`);
}

/** Of a union the branch that is the least wrong. */
function nearest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
	const [first] = issues;
	if (first?.code !== "invalid_union") return first;
	const [branch] = [...first.errors].sort((a, b) => a.length - b.length);
	const inner = branch && nearest(branch);
	return inner ? { ...inner, path: [...first.path, ...inner.path] } : first;
}

/** Who has a profile, as far as this process knows: one entry per person it has met. */
const known = new WeakMap<Database, Set<string>>();

/** A verified person gets a profile when they are first seen, and their name of today with it. */
async function makeProfile(database: Database, user: User): Promise<void> {
	const met = known.get(database) ?? new Set<string>();
	known.set(database, met);
	if (met.has(user.id)) return;
	const name = user.name.replaceAll("\0", "").slice(0, 200);
	await database.asUser(user.id, (transaction) =>
		transaction.query(
			`insert into profiles (id, name) values ($1, $2)
				on conflict (id) do update set name = excluded.name where profiles.name <> excluded.name and excluded.name <> ''`,
			[user.id, name],
		),
	);
	met.add(user.id);
}

/**
 * Goes on when the person's role in a project lets them write (owner, member) or own it; 403 when it does not, and 404
 * when they have none. The policies say the same again.
 */
export async function demand(transaction: Queryable, projectId: string, what: "see" | "write" | "own"): Promise<void> {
	const [row] = await transaction.query<{ role: string | null }>("select gamma_role($1) as role", [projectId]);
	if (!row?.role) throw notFound();
	if (what === "own" && row.role !== "owner") throw new Problem(403, "Only an owner of the project may do that.");
	if (what === "write" && row.role === "viewer") throw new Problem(403, "A viewer of the project may not do that.");
}
