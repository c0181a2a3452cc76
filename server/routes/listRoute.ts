import type { FastifyInstance } from "fastify";
import type * as z from "zod/mini";
import { pageOf } from "../../src/shared/relay/job";
import type { Services } from "../app";
import type { Queryable } from "../database/database";
import { type Page, pageQuery, toPage } from "./fields";
import { addUserRoute } from "./userRoute";

interface ListShape<Params, Query, One> {
	readonly url: string;
	readonly summary: string;
	readonly params?: Params;
	/** The page's fields and the list's own. */
	readonly query?: Query;
	/** One of the list. */
	readonly of: One;
}

/** Rows that have a `sequence`, up to the list's own conditions; `values` are its `$1` and so on. */
interface Selection {
	readonly sql: string;
	readonly values: readonly unknown[];
}

/** Adds a GET route that answers `{items, next}`, newest first, of what the person may see. */
export function addListRoute<
	One extends z.core.$ZodType,
	Row extends { readonly sequence: unknown },
	Params extends z.core.$ZodType,
	Query extends z.core.$ZodType<z.output<typeof pageQuery>> = typeof pageQuery,
>(
	app: FastifyInstance,
	services: Services,
	shape: ListShape<Params, Query, One>,
	select: (
		asked: { readonly params: z.output<Params>; readonly query: z.output<Query> },
		transaction: Queryable,
	) => Promise<Selection>,
	toShown: (row: Row) => z.output<One>,
): void {
	const { url, summary, params, query = pageQuery, of } = shape;
	addUserRoute(
		app,
		services,
		{ method: "GET", url, summary, ...(params && { params }), query: query as Query, answer: pageOf(of) },
		(asked) =>
			asked.run(async (transaction): Promise<Page<z.output<One>>> => {
				const { sql, values } = await select(asked, transaction);
				const { before, limit } = asked.query;
				const [start, most] = [`$${values.length + 1}`, `$${values.length + 2}`];
				const rows = await transaction.query<Row>(
					`select * from (${sql}) as every where (${start}::bigint is null or sequence < ${start})
						order by sequence desc limit ${most}`,
					[...values, before ?? null, limit + 1],
				);
				return toPage(rows, limit, toShown);
			}),
	);
}
