import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { readConfig } from "../../server/config";
import { type Relay, startRelay } from "../../server/relay";
import { type PostgresServer, postgresFolder, startPostgres } from "./postgresServer";

export const webhookSecret = "It's a Secret to Everybody";
export const jwtSecret = "a secret of the tests, long enough for HS256";
export const supabaseUrl = "http://supabase.test";

export interface RelayUnderTest extends Relay {
	/** What it logged, line by line. */
	readonly log: readonly string[];
	/** Asks a route as somebody, with their bearer token; a body is sent as JSON. */
	ask<Body = Record<string, unknown>>(
		method: string,
		path: string,
		options?: AskOptions,
	): Promise<{ status: number; body: Body; headers: Headers }>;
}

export interface AskOptions {
	readonly token?: string | null;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

/** A relay in this process. Without `DATABASE_URL` it is embedded, in a folder that goes with it. */
export async function startTestRelay(environment: Readonly<Record<string, string>> = {}): Promise<RelayUnderTest> {
	const dataDir = mkdtempSync(join(tmpdir(), "gamma-relay-"));
	const log: string[] = [];
	const config = readConfig({
		GITHUB_WEBHOOK_SECRET: webhookSecret,
		GAMMA_DATA_DIR: dataDir,
		HOST: "127.0.0.1",
		PORT: "0",
		...environment,
	});
	const relay = await startRelay({ ...config, port: 0 }, (line) => log.push(line));
	return {
		...relay,
		log,
		async ask(method, path, { token = relay.token, body, headers = {} } = {}) {
			const response = await fetch(`${relay.url}${path}`, {
				method,
				headers: {
					...(token !== null && { authorization: `Bearer ${token}` }),
					...(body !== undefined && { "content-type": "application/json" }),
					...headers,
				},
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const text = await response.text();
			const isJson = /json/.test(response.headers.get("content-type") ?? "");
			return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
		},
		close: async () => {
			await relay.close();
			rmSync(dataDir, { recursive: true, force: true });
		},
	};
}

/** An access token as Supabase Auth signs it, of a person with this id. */
export function accessToken(
	userId: string,
	{ seconds = 3600, ...claims }: Readonly<Record<string, unknown>> & { readonly seconds?: number } = {},
): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	return new SignJWT({ role: "authenticated", user_metadata: { user_name: `user-${userId.slice(0, 4)}` }, ...claims })
		.setProtectedHeader({ alg: "HS256" })
		.setSubject(userId)
		.setIssuer(`${supabaseUrl}/auth/v1`)
		.setAudience("authenticated")
		.setIssuedAt(now)
		.setExpirationTime(now + seconds)
		.sign(new TextEncoder().encode(jwtSecret));
}

/** Settings of a relay where people sign in, on this Postgres. */
export function sharedRelay(postgres: PostgresServer): Record<string, string> {
	return { DATABASE_URL: postgres.url, SUPABASE_URL: supabaseUrl, SUPABASE_JWT_SECRET: jwtSecret };
}

/** The databases a relay must serve alike; the server is missing where `GAMMA_POSTGRES` names none. */
export const databases: readonly ("embedded" | "postgres")[] = postgresFolder ? ["embedded", "postgres"] : ["embedded"];

export async function withDatabase(
	kind: (typeof databases)[number],
): Promise<{ environment: Record<string, string>; stop(): Promise<void> }> {
	if (kind === "embedded") return { environment: {}, stop: async () => {} };
	const postgres = await startPostgres();
	return { environment: { DATABASE_URL: postgres.url }, stop: () => postgres.stop() };
}
