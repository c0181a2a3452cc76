import * as z from "zod/mini";

/** A text that Postgres can hold: no NUL, no half of a surrogate pair. */
export const text = (most: number, least = 0) =>
	z.string().check(
		z.minLength(least),
		z.maxLength(most),
		z.refine((given) => !given.includes("\0") && given.isWellFormed(), "holds a character that cannot be stored"),
	);

/** A text with something to read in it. */
export const words = (most: number) => text(most, 1).check(z.regex(/\S/));

/** Ids as Postgres takes them, of whatever version. */
export const id = z.guid();
export const byId = z.object({ id });

/** Git's own ids in full, SHA-1 or SHA-256. */
export const commitSha = z.string().check(z.regex(/^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/), z.toLowerCase());

/** A branch as `git check-ref-format` lets one be. */
export const branchName = text(255, 1).check(
	z.regex(/^(?!-)[^\s~^:?*[\\]+$/),
	z.refine((name) => !/\p{Cc}|\.\.|@\{|^@$/u.test(name)),
	z.refine((name) => name.split("/").every((part) => /^[^.].*$/.test(part) && !/\.(lock)?$/.test(part))),
);

const defaultPageSize = 50;

/** `before` is what the page before gave as `next`. */
export const page = {
	before: z.optional(z.string().check(z.regex(/^\d{1,18}$/))),
	limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(500)), defaultPageSize),
};
export const pageQuery = z.object(page);

export interface Page<T> {
	items: T[];
	next: string | null;
}

/** Rows by `sequence`, newest first, of which one more than the limit was asked for: it tells whether there is a next page. */
export function toPage<Row extends { readonly sequence: unknown }, T>(
	rows: readonly Row[],
	limit: number,
	toShown: (row: Row) => T,
): Page<T> {
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return { items: shown.map(toShown), next: last && rows.length > limit ? String(last.sequence) : null };
}
