import * as z from "zod/mini";

const sha = z.string().check(z.regex(/^[0-9a-f]{7,64}$/));
/** A row of the source control graph has `id`; of the timeline `ref` or `hash`; of other extensions `sha`. */
const row = z.object({
	id: z.optional(z.unknown()),
	ref: z.optional(z.unknown()),
	hash: z.optional(z.unknown()),
	sha: z.optional(z.unknown()),
});

/** The commit that a menu's arguments name (each menu passes its own kind of row); null where none does. */
export function commitOfArguments(given: readonly unknown[]): string | null {
	for (const value of given) {
		const plain = sha.safeParse(value);
		if (plain.success) return plain.data;
		const parsed = row.safeParse(value);
		if (!parsed.success) continue;
		for (const field of [parsed.data.sha, parsed.data.hash, parsed.data.id, parsed.data.ref]) {
			const named = sha.safeParse(field);
			if (named.success) return named.data;
		}
	}
	return null;
}
