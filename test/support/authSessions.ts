import { createHash, randomInt, randomUUID } from "node:crypto";

/** A refused request: its status, Supabase Auth's code and its sentence. */
export class AuthRefusal extends Error {
	constructor(
		readonly status: number,
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}

export interface AuthUser {
	readonly id: string;
	readonly email: string;
	readonly provider: "email" | "github";
	readonly password?: string;
	metadata: Record<string, unknown>;
	readonly createdAtMs: number;
	signedInAtMs: number;
}

export interface AuthSession {
	readonly id: string;
	readonly user: AuthUser;
	/** The newest last; only that one works, its predecessor for 10 s more. */
	readonly refreshTokens: { readonly token: string; usedAtMs: number | null }[];
}

interface Flow {
	readonly redirectTo: string;
	readonly challenge: string;
	user: AuthUser | null;
}

/** Supabase Auth's default of `GOTRUE_SECURITY_REFRESH_TOKEN_REUSE_INTERVAL`. */
const reuseMs = 10_000;
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** What Supabase Auth keeps: users, their sessions with rotating refresh tokens, and sign-ins under way. */
export class AuthSessions {
	readonly users = new Map<string, AuthUser>();
	readonly #sessions = new Set<AuthSession>();
	/** By the state that goes to GitHub and back. */
	readonly #flows = new Map<string, Flow>();
	readonly #codes = new Map<string, Flow>();

	constructor(private readonly now: () => number) {}

	begin(redirectTo: string, challenge: string): string {
		const state = randomUUID();
		this.#flows.set(state, { redirectTo, challenge, user: null });
		return state;
	}

	/** The sign-in that this state belongs to; each comes back once. */
	comeBack(state: string): Flow {
		const flow = this.#flows.get(state);
		if (!flow) throw new AuthRefusal(400, "bad_oauth_state", "OAuth state not found or expired");
		this.#flows.delete(state);
		return flow;
	}

	codeFor(flow: Flow, user: AuthUser): string {
		const code = randomUUID();
		flow.user = user;
		this.#codes.set(code, flow);
		return code;
	}

	/** A wrong verifier leaves the code as it is, as the recording shows; the right one uses it up. */
	exchange(code: string, verifier: string): AuthSession {
		const flow = this.#codes.get(code);
		if (!flow?.user) {
			throw new AuthRefusal(404, "flow_state_not_found", "invalid flow state, no valid flow state found");
		}
		if (createHash("sha256").update(verifier).digest("base64url") !== flow.challenge) {
			const message = "code challenge does not match previously saved code verifier";
			throw new AuthRefusal(400, "bad_code_verifier", message);
		}
		this.#codes.delete(code);
		return this.open(flow.user);
	}

	open(user: AuthUser): AuthSession {
		user.signedInAtMs = this.now();
		const session = { id: randomUUID(), user, refreshTokens: [{ token: newToken(), usedAtMs: null }] };
		this.#sessions.add(session);
		return session;
	}

	/** Hands out the next token; a used one gives the same next one for 10 s, and later ends the session. */
	refresh(token: string): AuthSession {
		if (!/^[a-z2-7]{12}$/.test(token)) throw new AuthRefusal(400, "validation_failed", "Refresh token is not valid");
		const session = [...this.#sessions].find(({ refreshTokens }) => refreshTokens.some((kept) => kept.token === token));
		const index = session?.refreshTokens.findIndex((kept) => kept.token === token) ?? -1;
		const found = session?.refreshTokens[index];
		if (!session || !found) {
			throw new AuthRefusal(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
		}
		if (found.usedAtMs === null) {
			found.usedAtMs = this.now();
			session.refreshTokens.push({ token: newToken(), usedAtMs: null });
			return session;
		}
		const isParentOfNewest = index === session.refreshTokens.length - 2;
		if (isParentOfNewest && this.now() - found.usedAtMs < reuseMs) return session;
		for (const kept of session.refreshTokens) kept.usedAtMs = Number.NEGATIVE_INFINITY;
		throw new AuthRefusal(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
	}

	byId(id: string): AuthSession | undefined {
		return [...this.#sessions].find((session) => session.id === id);
	}

	/** How many sessions a person has. */
	countOf(email: string): number {
		return [...this.#sessions].filter(({ user }) => user.email === email).length;
	}

	close(session: AuthSession, scope: string): void {
		for (const other of this.#sessions) {
			const isMeant = scope === "local" ? other === session : scope === "others" ? other !== session : true;
			if (other.user === session.user && isMeant) this.#sessions.delete(other);
		}
	}
}

function newToken(): string {
	return Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join("");
}
