import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SupabaseAuth } from "../../../src/adapters/session/supabaseAuth";
import { SessionKeeper } from "../../../src/core/session/sessionKeeper";
import { MemorySessions } from "../../support/memorySessions";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { jwtSecret, type RelayUnderTest, startTestRelay } from "../../support/relay";
import { SupabaseAuthServer } from "../../support/supabaseAuth";
import { testLogger } from "../../support/testLogger";
import { throughBrowser } from "../../support/throughBrowser";

const names = ["ana", "ben", "cem", "dora"] as const;
type Name = (typeof names)[number];

/** From the button in the editor to the row in the database: nobody is given a token that was not signed in for. */
describe.skipIf(!postgresFolder)("who signed in is who the relay knows (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let server: SupabaseAuthServer;
	let relay: RelayUnderTest;
	let projectId: string;
	const people = {} as Record<Name, SessionKeeper>;

	beforeAll(async () => {
		postgres = await startPostgres();
		server = new SupabaseAuthServer({ jwtSecret, withIssuer: true });
		await server.start();
		relay = await startTestRelay({
			DATABASE_URL: postgres.url,
			SUPABASE_URL: server.url,
			SUPABASE_JWT_SECRET: jwtSecret,
		});
		for (const [index, name] of names.entries()) {
			server.github.person = { id: index + 1, login: name, name, email: `${name}@example.com` };
			people[name] = await signedIn();
		}
	});
	afterAll(async () => {
		await relay?.close();
		await server?.stop();
		await postgres?.stop();
	});

	async function signedIn(): Promise<SessionKeeper> {
		const auth = new SupabaseAuth({ url: server.url, anonKey: "any" });
		const keeper = new SessionKeeper({ auth, storage: new MemorySessions(), logger: testLogger });
		const attempt = await auth.begin("vscode://gamma-ml.gamma/auth/callback?state=s1");
		const back = await throughBrowser(attempt.url);
		await keeper.take(await attempt.finish(back.searchParams.get("code") ?? ""));
		return keeper;
	}

	const ask = async (name: Name, method: string, path: string, body?: unknown) =>
		relay.ask<Record<string, string>>(method, path, {
			token: await people[name].token(),
			...(body !== undefined && { body }),
		});
	const statusOf = async (...request: Parameters<typeof ask>) => (await ask(...request)).status;

	test("each is let in with the token of their sign-in, and owns what they make", async () => {
		for (const name of names) expect(await statusOf(name, "GET", "/api/projects")).toBe(200);
		const made = await ask("ana", "POST", "/api/projects", { name: "vision", repository: "acme/vision" });
		expect(made.status).toBe(201);
		projectId = made.body.id ?? "";
		const { snapshot } = people.ana;
		expect(made.body.ownerId).toBe(snapshot.kind === "signedIn" ? snapshot.account.id : "");
	});

	test("an owner says who is member and who only looks", async () => {
		for (const [name, role] of [
			["ben", "member"],
			["cem", "viewer"],
		] as const) {
			const { snapshot } = people[name];
			const userId = snapshot.kind === "signedIn" ? snapshot.account.id : "";
			expect(await statusOf("ana", "POST", `/api/projects/${projectId}/members`, { userId, role })).toBeLessThan(300);
		}
	});

	test("owner, member, viewer and stranger may do what their role allows, in the database's own view", async () => {
		const project = () => `/api/projects/${projectId}`;
		const conversation = { title: "Why did it fail?" };
		const all = async (method: string, path: string, body?: unknown) =>
			Promise.all(names.map((name) => statusOf(name, method, path, body)));
		expect(await all("GET", project())).toEqual([200, 200, 200, 404]);
		expect(await all("POST", `${project()}/conversations`, conversation)).toEqual([201, 201, 403, 404]);
		expect(await all("PATCH", project(), { name: "seeing" })).toEqual([200, 403, 403, 404]);
		expect((await ask("dora", "GET", "/api/projects")).body.items).toEqual([]);
	});

	test("an expired token is refused, and the refreshed one is of the same person", async () => {
		const old = await people.ben.token();
		const [head, claims, signature] = old.split(".");
		const forged = JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
		forged.sub = "00000000-0000-4000-8000-000000000001";
		const other = Buffer.from(JSON.stringify(forged)).toString("base64url");
		const forgedAnswer = await relay.ask("GET", "/api/projects", { token: `${head}.${other}.${signature}` });
		expect(forgedAnswer.status).toBe(401);
		server.skip(-7_200_000);
		const stale = await people.ben.renew();
		server.skip(7_200_000);
		const answer = await relay.ask<{ detail: string }>("GET", "/api/projects", { token: stale });
		expect([answer.status, answer.body.detail]).toEqual([401, "The token has expired: sign in again."]);
		await people.ben.renew();
		expect(await statusOf("ben", "GET", `/api/projects/${projectId}`)).toBe(200);
	});
});
