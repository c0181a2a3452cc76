import * as z from "zod/mini";

const claims = z.object({ sub: z.string().check(z.minLength(1), z.maxLength(100)) });

/**
 * The id of the user whom an access token is of (RFC 7519, claim `sub`), to mark them in a list; null for a token that is
 * no JWT, such as a local relay's. Nothing is trusted for it: the relay itself verifies every request.
 */
export function userOfToken(token: string): string | null {
	const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)?.[1];
	if (payload === undefined) return null;
	try {
		const parsed = z.safeParse(claims, JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
		return parsed.success ? parsed.data.sub : null;
	} catch {
		return null;
	}
}
