import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { fixturesFolder, fixturesPresent } from "../../support/fixtures";
import { parseStart, shapeOf } from "../../support/jsonShape";
import { SupabaseAuthServer } from "../../support/supabaseAuth";

const recorded = z.array(
	z.object({
		who: z.enum(["client→auth", "→github"]),
		req: z.string(),
		auth: z.optional(z.string()),
		reqBody: z.string(),
		status: z.number(),
		location: z.optional(z.string()),
		/** At most 1,200 bytes of it. */
		resBody: z.optional(z.string()),
	}),
);
type Exchange = z.infer<typeof recorded>[number];

/** What differs from one server and one day to the next. */
const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Every exchange that was recorded with a real Supabase Auth is played against the stand-in and compared: the status, where
 * it sends the browser, the error's code and words, the shape of a body and of the token in it.
 */
describe.skipIf(!fixturesPresent)("the stand-in answers as Supabase Auth did (needs ../shared/fixtures)", () => {
	const auth = new SupabaseAuthServer({ jwtSecret: "s".repeat(32), allowedRedirect: "vscode://acme.lab/" });
	const exchanges: Exchange[] = fixturesPresent
		? recorded.parse(JSON.parse(readFileSync(join(fixturesFolder(), "supabase-auth", "transcript.json"), "utf8")))
		: [];
	/** Tokens and codes of that day, with today's in their place. */
	const today = new Map<string, string>();
	let accessToken = "";
	let askedOfGithub = 0;

	beforeAll(() => auth.start());
	afterAll(() => auth.stop());

	const translated = (text: string) => [...today].reduce((all, [then, now]) => all.replaceAll(then, now), text);

	/** Without what belongs to one server or one day. */
	function plain(text: string): string {
		const here = [auth.url, auth.github.url].map((url) => new URL(url).host);
		const [ours, github] = here as [string, string];
		return [
			["127.0.0.1:9999", "<auth>"],
			["127.0.0.1%3A9999", "<auth>"],
			["127.0.0.1:9998", "<github>"],
			[ours, "<auth>"],
			[ours.replace(":", "%3A"), "<auth>"],
			[github, "<github>"],
		]
			.reduce((all, [from, to]) => all.replaceAll(from ?? "", to ?? ""), text)
			.replace(uuid, "<id>")
			.replace(/ghcode-\d+/g, "ghcode");
	}

	async function play(exchange: Exchange): Promise<Response> {
		const [method, path] = translated(exchange.req).split(" ") as [string, string];
		const base = exchange.who === "→github" ? auth.github.url : `${auth.url}/auth/v1`;
		const needsToken = /^\/(user|logout|admin)/.test(path);
		return fetch(`${base}${path}`, {
			method,
			redirect: "manual",
			headers: {
				"content-type": "application/json;charset=UTF-8",
				...(needsToken && { authorization: `Bearer ${accessToken}` }),
			},
			...(method === "POST" && { body: translated(exchange.reqBody) }),
		});
	}

	function learn(then: unknown, now: unknown): void {
		if (typeof then === "string" && typeof now === "string") today.set(then, now);
	}

	function learnFromQuery(then: string, now: string): void {
		const [before, after] = [new URL(then).searchParams, new URL(now).searchParams];
		for (const key of ["state", "code"]) learn(before.get(key) ?? undefined, after.get(key) ?? undefined);
	}

	function expectSameBody(then: string, now: string): void {
		const before = parseStart(then);
		const after: Record<string, unknown> = JSON.parse(now);
		if (before.isWhole) expect(shapeOf(after)).toEqual(shapeOf(before.value));
		else expect(shapeOf(after)).toEqual(expect.arrayContaining([...shapeOf(before.value)]));
		const old = before.value as Record<string, unknown>;
		if (typeof old.access_token !== "string") return;
		const [oldClaims, claims] = [decodeJwt(old.access_token), decodeJwt(String(after.access_token))];
		expect(shapeOf(claims)).toEqual(shapeOf(oldClaims));
		for (const key of ["aud", "role", "aal", "is_anonymous", "app_metadata", "phone"]) {
			expect(claims[key]).toEqual(oldClaims[key]);
		}
		expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe((oldClaims.exp ?? 0) - (oldClaims.iat ?? 0));
		expect([after.token_type, after.expires_in]).toEqual([old.token_type, old.expires_in]);
		accessToken = String(after.access_token);
		learn(old.refresh_token, after.refresh_token);
	}

	test("the recording has what Gamma relies on, and its challenge is of its verifier (S256)", () => {
		expect(exchanges.length).toBeGreaterThan(20);
		const verifier: string = JSON.parse(
			exchanges.filter(({ req }) => req.endsWith("=pkce"))[1]?.reqBody ?? "{}",
		).code_verifier;
		const authorize = exchanges.find(({ req }) => req.startsWith("GET /authorize"))?.req ?? "";
		expect(new URLSearchParams(authorize).get("code_challenge")).toBe(
			createHash("sha256").update(verifier).digest("base64url"),
		);
	});

	for (const [index, exchange] of exchanges.entries()) {
		const title = `${index + 1}: ${exchange.who} ${exchange.req.replace(uuid, "…").slice(0, 60)} → ${exchange.status}`;
		test(title, async () => {
			const isOwnRequest = exchange.who === "→github" && !exchange.req.includes("/login/oauth/authorize");
			if (isOwnRequest) {
				// The stand-in asks GitHub while it answers the callback, which the recording lists after.
				if (exchange.req.includes("access_token")) await followCallback(exchanges[index - 1]?.location ?? "");
				const { auth: credentials, reqBody, req } = auth.github.requests[askedOfGithub++] ?? {};
				expect(req).toBe(exchange.req);
				expect(credentials).toBe(exchange.auth);
				expect(plain(reqBody ?? "")).toBe(plain(exchange.reqBody));
				return;
			}
			const response = callbackAnswer(exchange) ?? (await play(exchange));
			if (exchange.who === "→github") askedOfGithub++;
			expect(response.status).toBe(exchange.status);
			const text = await response.text();
			if (exchange.location !== undefined) {
				const location = response.headers.get("location") ?? "";
				expect(plain(location)).toBe(plain(exchange.location));
				if (exchange.resBody) expect(plain(text)).toBe(plain(exchange.resBody));
				learnFromQuery(exchange.location, location);
			} else if (exchange.status >= 400) {
				expect(JSON.parse(text)).toEqual(JSON.parse(exchange.resBody ?? ""));
				// Without it the client does not read the code.
				expect(response.headers.get("x-supabase-api-version")).toBe("2024-01-01");
			} else if (exchange.resBody) expectSameBody(exchange.resBody, text);
			else expect(text).toBe("");
		});
	}

	const callbacks = new Map<string, Response>();

	/** Comes back from GitHub as the browser does; the answer is kept for where the recording has it. */
	async function followCallback(recordedLocation: string): Promise<void> {
		const url = new URL(translated(recordedLocation));
		const path = `/callback${url.search}`;
		callbacks.set(path, await fetch(`${auth.url}/auth/v1${path}`, { redirect: "manual" }));
	}

	function callbackAnswer(exchange: Exchange): Response | undefined {
		return callbacks.get(translated(exchange.req).replace("GET ", ""));
	}

	test("a redirect that is not allowed went to the site instead", () => {
		const last = [...callbacks.values()].at(-1);
		expect(last?.headers.get("location")).toMatch(/^http:\/\/127\.0\.0\.1:3000\/\?code=/);
	});
});
