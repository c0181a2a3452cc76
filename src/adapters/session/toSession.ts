import * as z from "zod/mini";
import type { Session } from "../../core/session/session";
import { GammaError } from "../../shared/errors";

const text = z.string().check(z.minLength(1));
const wireSession = z.object({
	access_token: text,
	refresh_token: text,
	/** Seconds from now. `expires_at` is by the service's clock, which need not be this machine's. */
	expires_in: z.number().check(z.positive()),
	user: z.object({
		id: text,
		email: z.optional(z.nullable(z.string())),
		user_metadata: z.optional(z.record(z.string(), z.unknown())),
	}),
});

/** As GitHub's profile comes through Supabase Auth; the first is the name people know each other by there. */
const nameKeys = ["user_name", "preferred_username", "full_name", "name"];

/** What Supabase Auth answers for a session. Throws `signIn.failed` for another shape. */
export function toSession(answer: unknown, nowMs = Date.now()): Session {
	const parsed = wireSession.safeParse(answer);
	if (!parsed.success) {
		throw new GammaError("signIn.failed", "The sign-in service answered in another way than Supabase Auth: try again.");
	}
	const { access_token, refresh_token, expires_in, user } = parsed.data;
	const names = [...nameKeys.map((key) => user.user_metadata?.[key]), user.email, "GitHub user"];
	return {
		accessToken: access_token,
		refreshToken: refresh_token,
		expiresAtMs: nowMs + expires_in * 1000,
		account: { id: user.id, label: String(names.find((name) => typeof name === "string" && name !== "")) },
	};
}
