import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Config } from "./config";
import { Problem } from "./problem";

/** Who a request is from. */
export interface User {
	readonly id: string;
	readonly name: string;
	/** When the token ends, in milliseconds since the epoch; null where it does not. A stream ends with it. */
	readonly expiresAtMs: number | null;
}

/** Tells who carries a bearer token; rejects with a 401 problem that says what is wrong with it. */
export interface Tokens {
	verify(token: string): Promise<User>;
}

/** The one person of a local relay. */
export const localUser: User = { id: "00000000-0000-4000-8000-000000000001", name: "local", expiresAtMs: null };

/** 256 bits, as a text that fits any header. */
export function makeToken(): string {
	return randomBytes(32).toString("base64url");
}

export function localTokens(token: string): Tokens {
	const expected = digest(token);
	return {
		async verify(given) {
			if (timingSafeEqual(digest(given), expected)) return localUser;
			throw new Problem(401, "The token is not this relay's.");
		},
	};
}

/** Access tokens of Supabase Auth: issuer, audience, expiry and signature are checked (architecture.md, section 6). */
export function supabaseTokens(auth: Extract<Config["auth"], { kind: "supabase" }>): Tokens {
	const key: Uint8Array | JWTVerifyGetKey =
		auth.jwtSecret !== null
			? new TextEncoder().encode(auth.jwtSecret)
			: createRemoteJWKSet(new URL(`${auth.url}/auth/v1/.well-known/jwks.json`));
	const options = {
		audience: "authenticated",
		requiredClaims: ["sub", "exp"],
		algorithms: auth.jwtSecret !== null ? ["HS256"] : ["RS256", "ES256", "EdDSA"],
		...(auth.url !== null && { issuer: `${auth.url}/auth/v1` }),
	};
	return {
		async verify(token) {
			try {
				const { payload } =
					typeof key === "function" ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
				if (!isUuid(payload.sub)) throw new Problem(401, "The token names no user.");
				const name = nameIn(payload.user_metadata) ?? (typeof payload.email === "string" ? payload.email : "");
				return { id: payload.sub, name, expiresAtMs: (payload.exp ?? 0) * 1000 };
			} catch (error) {
				if (error instanceof Problem) throw error;
				const code = (error as { code?: unknown }).code;
				if (code === "ERR_JWT_EXPIRED") throw new Problem(401, "The token has expired: sign in again.");
				if (typeof code === "string" && code.startsWith("ERR_J")) throw new Problem(401, "The token is not valid.");
				throw new Problem(503, "The keys of the sign-in service cannot be read now.");
			}
		},
	};
}

function nameIn(metadata: unknown): string | null {
	if (typeof metadata !== "object" || metadata === null) return null;
	for (const key of ["user_name", "preferred_username", "full_name", "name"]) {
		const name = (metadata as Record<string, unknown>)[key];
		if (typeof name === "string" && name !== "") return name;
	}
	return null;
}

export function isUuid(text: unknown): text is string {
	return typeof text === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}
