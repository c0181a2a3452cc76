import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { jwtVerify } from "jose";
import { AuthRefusal, type AuthSession, AuthSessions, type AuthUser } from "./authSessions";
import { GithubSignIn, textOf } from "./githubSignIn";

export interface SupabaseAuthOptions {
	readonly jwtSecret: string;
	/** Where the browser may be sent back to: a prefix. Elsewhere it goes to `siteUrl`, without a word. */
	readonly allowedRedirect?: string;
	/** Tokens name their issuer, as hosted projects' do; the recorded server had none set. */
	readonly withIssuer?: boolean;
	/** With it every request of a program must carry it as `apikey`, as the hosted gateway asks. */
	readonly anonKey?: string;
}

interface Answer {
	readonly status: number;
	readonly body?: unknown;
	readonly location?: string;
}

const siteUrl = "http://127.0.0.1:3000";
const tokenSeconds = 3600;

/**
 * Supabase Auth in as far as Gamma meets it, on loopback, with a GitHub behind it. Its answers are held to a recording of
 * the real one by `test/integration/session/recording.test.ts`. Its clock can be moved.
 */
export class SupabaseAuthServer {
	readonly github = new GithubSignIn();
	/** What it was asked, without the prefix `/auth/v1`. */
	readonly requests: string[] = [];
	/** Answers of this status instead of its own, as a gateway does in an outage. */
	outage: number | null = null;
	#skippedMs = 0;
	readonly #now = () => Date.now() + this.#skippedMs;
	readonly sessions = new AuthSessions(this.#now);
	readonly #server: Server = createServer((request, response) => {
		void this.#guarded(request).then(({ status, body, location }) => {
			const headers = { "x-supabase-api-version": "2024-01-01", "access-control-allow-origin": "*" };
			const type = location === undefined ? "application/json" : "text/html; charset=utf-8";
			response.writeHead(status, { ...headers, "content-type": type, ...(location !== undefined && { location }) });
			if (location !== undefined) response.end(`<a href="${location.replaceAll("&", "&amp;")}">Found</a>.\n\n`);
			else response.end(body === undefined ? "" : JSON.stringify(body));
		});
	});

	constructor(private readonly options: SupabaseAuthOptions) {}

	async start(port = 0): Promise<void> {
		await this.github.start();
		await new Promise<void>((done) => this.#server.listen(port, "127.0.0.1", done));
	}

	/** The project's address, as the setting names it. */
	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	skip(ms: number): void {
		this.#skippedMs += ms;
	}

	async stop(): Promise<void> {
		await this.github.stop();
		this.#server.closeAllConnections();
		await new Promise((done) => this.#server.close(done));
	}

	async #guarded(request: IncomingMessage): Promise<Answer> {
		const path = (request.url ?? "").replace(/^\/auth\/v1/, "");
		this.requests.push(`${request.method} ${path}`);
		try {
			if (this.outage !== null) return { status: this.outage, body: { message: "upstream is away" } };
			const isBrowser = /^\/(authorize|callback)\b/.test(path);
			const { anonKey } = this.options;
			if (anonKey !== undefined && !isBrowser && request.headers.apikey !== anonKey) {
				return { status: 401, body: { message: "Invalid API key", hint: "Double check your API key." } };
			}
			return await this.#answer(request, new URL(path, "http://auth"), await textOf(request));
		} catch (error) {
			if (!(error instanceof AuthRefusal)) throw error;
			return { status: error.status, body: { code: error.code, message: error.message } };
		}
	}

	async #answer(request: IncomingMessage, url: URL, text: string): Promise<Answer> {
		const given = text === "" ? {} : (JSON.parse(text) as Record<string, string>);
		switch (`${request.method} ${url.pathname}`) {
			case "GET /authorize":
				return this.#authorize(url.searchParams);
			case "GET /callback":
				return this.#callback(url.searchParams);
			case "POST /signup": {
				const user = this.#makeUser(given.email ?? "", "email", given.password);
				return { status: 200, body: this.#toSession(this.sessions.open(user)) };
			}
			case "POST /token":
				return { status: 200, body: this.#toSession(this.#grant(url.searchParams.get("grant_type"), given)) };
			case "GET /user":
				return { status: 200, body: toUser((await this.#signedIn(request)).user, this.#now()) };
			case "POST /logout": {
				this.sessions.close(await this.#signedIn(request), url.searchParams.get("scope") ?? "global");
				return { status: 204 };
			}
			case "GET /admin/users": {
				const users = [...this.sessions.users.values()].reverse();
				const body = users.map((user) => ({ ...toUser(user, this.#now()), identities: null }));
				return { status: 200, body: { users: body, aud: "authenticated" } };
			}
			case "GET /.well-known/jwks.json":
				return { status: 200, body: { keys: [] } };
			default:
				throw new AuthRefusal(404, "not_found", "404 page not found");
		}
	}

	#grant(type: string | null, given: Record<string, string>): AuthSession {
		if (type === "pkce") return this.sessions.exchange(given.auth_code ?? "", given.code_verifier ?? "");
		if (type === "refresh_token") return this.sessions.refresh(given.refresh_token ?? "");
		const user = this.sessions.users.get(given.email ?? "");
		if (user?.password === undefined || user.password !== given.password) {
			throw new AuthRefusal(400, "invalid_credentials", "Invalid login credentials");
		}
		return this.sessions.open(user);
	}

	#authorize(query: URLSearchParams): Answer {
		const wanted = query.get("redirect_to") ?? siteUrl;
		const isAllowed = wanted.startsWith(this.options.allowedRedirect ?? "vscode://gamma-ml.gamma/auth/callback");
		const state = this.sessions.begin(isAllowed ? wanted : siteUrl, query.get("code_challenge") ?? "");
		const scopes = query.get("scopes");
		const values = new URLSearchParams({
			client_id: "fake-client",
			redirect_to: wanted,
			redirect_uri: `${this.url}/callback`,
			response_type: "code",
			scope: scopes ? `user:email ${scopes}` : "user:email",
			state,
		});
		return { status: 302, location: `${this.github.url}/login/oauth/authorize?${values}` };
	}

	async #callback(query: URLSearchParams): Promise<Answer> {
		const flow = this.sessions.comeBack(query.get("state") ?? "");
		const back = new URL(flow.redirectTo);
		const error = query.get("error");
		if (error !== null) {
			back.searchParams.set("error", error);
			back.searchParams.set("error_description", query.get("error_description") ?? "");
			return { status: 303, location: sorted(back) };
		}
		const person = await this.#askGithub(query.get("code") ?? "");
		back.searchParams.set("code", this.sessions.codeFor(flow, person));
		return { status: 302, location: sorted(back) };
	}

	async #askGithub(code: string): Promise<AuthUser> {
		const { url } = this.github;
		const redirect = `${this.url}/callback`;
		await fetch(`${url}/login/oauth/access_token`, {
			method: "POST",
			headers: { authorization: `Basic ${btoa("fake-client:fake-secret")}` },
			body: new URLSearchParams({ code, grant_type: "authorization_code", redirect_uri: redirect }),
		});
		const headers = { authorization: "Bearer gho_fake" };
		const profile = await (await fetch(`${url}/api/v3/user`, { headers })).json();
		const [{ email }] = await (await fetch(`${url}/api/v3/user/emails`, { headers })).json();
		const user = this.sessions.users.get(email) ?? this.#makeUser(email, "github");
		user.metadata = {
			avatar_url: profile.avatar_url,
			email,
			email_verified: true,
			full_name: profile.name,
			iss: `${url}/api/v3`,
			name: profile.name,
			phone_verified: false,
			preferred_username: profile.login,
			provider_id: String(profile.id),
			sub: String(profile.id),
			user_name: profile.login,
		};
		return user;
	}

	#makeUser(email: string, provider: AuthUser["provider"], password?: string): AuthUser {
		const id = randomUUID();
		const metadata = { email, email_verified: true, phone_verified: false, sub: id };
		const times = { createdAtMs: this.#now(), signedInAtMs: this.#now() };
		const user = { id, email, provider, metadata, ...times, ...(password !== undefined && { password }) };
		this.sessions.users.set(email, user);
		return user;
	}

	async #signedIn(request: IncomingMessage): Promise<AuthSession> {
		const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
		if (token === undefined)
			throw new AuthRefusal(401, "no_authorization", "This endpoint requires a valid Bearer token");
		const key = new TextEncoder().encode(this.options.jwtSecret);
		const claims = await jwtVerify(token, key, { currentDate: new Date(this.#now()) }).then(
			({ payload }) => payload,
			() => {
				throw new AuthRefusal(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
			},
		);
		const session = this.sessions.byId(String(claims.session_id));
		if (!session)
			throw new AuthRefusal(403, "session_not_found", "Session from session_id claim in JWT does not exist");
		return session;
	}

	#toSession(session: AuthSession): Record<string, unknown> {
		const { user } = session;
		const now = Math.floor(this.#now() / 1000);
		const claims = {
			...(this.options.withIssuer && { iss: `${this.url}/auth/v1` }),
			sub: user.id,
			aud: "authenticated",
			exp: now + tokenSeconds,
			iat: now,
			email: user.email,
			phone: "",
			app_metadata: { provider: user.provider, providers: [user.provider] },
			user_metadata: user.metadata,
			role: "authenticated",
			aal: "aal1",
			amr: [{ method: user.provider === "github" ? "oauth" : "password", timestamp: now }],
			session_id: session.id,
			is_anonymous: false,
		};
		return {
			access_token: sign(claims, this.options.jwtSecret),
			token_type: "bearer",
			expires_in: tokenSeconds,
			expires_at: now + tokenSeconds,
			refresh_token: session.refreshTokens.at(-1)?.token,
			user: toUser(user, this.#now()),
		};
	}
}

function toUser(user: AuthUser, nowMs: number): Record<string, unknown> {
	const at = (ms: number) => new Date(ms).toISOString();
	const identity = {
		identity_id: randomUUID(),
		id: user.metadata.sub,
		user_id: user.id,
		identity_data: user.metadata,
		provider: user.provider,
		last_sign_in_at: at(user.createdAtMs),
		created_at: at(user.createdAtMs),
		updated_at: at(user.createdAtMs),
		email: user.email,
	};
	return {
		id: user.id,
		aud: "authenticated",
		role: "authenticated",
		email: user.email,
		email_confirmed_at: at(user.createdAtMs),
		phone: "",
		confirmed_at: at(user.createdAtMs),
		last_sign_in_at: at(user.signedInAtMs),
		app_metadata: { provider: user.provider, providers: [user.provider] },
		user_metadata: user.metadata,
		identities: [identity],
		created_at: at(user.createdAtMs),
		updated_at: at(nowMs),
		is_anonymous: false,
	};
}

/** Go's `url.Values` writes its keys in order. */
function sorted(url: URL): string {
	url.searchParams.sort();
	return url.href;
}

function sign(claims: Record<string, unknown>, secret: string): string {
	const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const head = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
	return `${head}.${createHmac("sha256", secret).update(head).digest("base64url")}`;
}
