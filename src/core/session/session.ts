import * as z from "zod/mini";

/** Who is signed in. */
export interface Account {
	/** Of the user at the sign-in service, a UUID. */
	readonly id: string;
	/** What people call them, such as their name at GitHub. */
	readonly label: string;
}

/** What Supabase Auth gave for a sign-in; each refresh gives both tokens anew. */
export interface Session {
	readonly accessToken: string;
	readonly refreshToken: string;
	/** When the access token ends, in milliseconds since the epoch. */
	readonly expiresAtMs: number;
	readonly account: Account;
}

const notEmpty = z.string().check(z.minLength(1));

/** The shape in which a session is kept; what is kept in another is none. */
export const sessionSchema = z.object({
	accessToken: notEmpty,
	refreshToken: notEmpty,
	expiresAtMs: z.number(),
	account: z.object({ id: notEmpty, label: notEmpty }),
});

/** A session as text for the secret storage, and back; null for what is none. */
export function parseSession(text: string | undefined): Session | null {
	if (text === undefined) return null;
	try {
		const parsed = sessionSchema.safeParse(JSON.parse(text));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
