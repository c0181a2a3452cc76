import * as z from "zod/mini";

/** A text as Postgres can hold it: what it cannot (NUL, half of a surrogate pair) becomes U+FFFD; cut to `most` UTF-16 units. */
export function toStorable(text: string, most: number): string {
	return text.slice(0, most).replaceAll("\0", "\uFFFD").toWellFormed();
}

export const storable = (most: number) =>
	z.pipe(
		z.string(),
		z.transform((given: string) => toStorable(given, most)),
	);

/** An id as GitHub writes it, a number, kept as text. */
export const foreignId = z.pipe(
	z.union([z.string().check(z.regex(/^\d{1,40}$/)), z.int().check(z.gte(0))]),
	z.transform((given: string | number) => String(given)),
);

/** A time as ISO 8601 in UTC; what is no time is null. */
export const foreignTime = z.pipe(
	z.nullish(z.union([z.string(), z.number()])),
	z.transform((given: string | number | null | undefined) => {
		const ms = typeof given === "number" ? given : Date.parse(given ?? "");
		return Math.abs(ms) < 8.64e15 && ms > 0 ? new Date(ms).toISOString() : null;
	}),
);
