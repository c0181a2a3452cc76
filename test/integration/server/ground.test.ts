import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../../server/config";
import { migrate } from "../../../server/database/migrate";
import { migrations } from "../../../server/database/migrations";
import { connectPostgres } from "../../../server/database/postgres";
import { postgresFolder, startPostgres } from "../../support/postgresServer";
import {
	accessToken,
	databases,
	type RelayUnderTest,
	sharedRelay,
	startTestRelay,
	withDatabase,
} from "../../support/relay";
import { testLogger } from "../../support/testLogger";

describe.each(databases)("a relay on %s", (kind) => {
	let database: Awaited<ReturnType<typeof withDatabase>>;
	let relay: RelayUnderTest;
	beforeAll(async () => {
		database = await withDatabase(kind);
		relay = await startTestRelay(database.environment);
	});
	afterAll(async () => {
		await relay.close();
		await database.stop();
	});

	test("says that it is well, without a token", async () => {
		expect(await relay.ask("GET", "/api/health", { token: null })).toMatchObject({
			status: 200,
			body: { status: "ok", database: "up" },
		});
	});

	test("refuses whoever has no token, or another, as a problem", async () => {
		for (const token of [null, "wrong", `${relay.token}x`]) {
			const answer = await relay.ask("GET", "/api/projects", { token });
			expect(answer).toMatchObject({ status: 401, body: { status: 401, title: "Unauthorized" } });
			expect(answer.headers.get("content-type")).toBe("application/problem+json");
		}
	});

	test("an address that cannot be decoded is a problem like any other", async () => {
		const answer = await relay.ask("GET", "/api/jobs/%ED%A0%80");
		expect(answer).toMatchObject({ status: 400, body: { status: 400 } });
		expect(answer.headers.get("content-type")).toBe("application/problem+json");
	});

	test("describes itself as OpenAPI 3.1", async () => {
		const { body } = await relay.ask("GET", "/api/openapi.json", { token: null });
		expect(body.openapi).toBe("3.1.0");
		expect(Object.keys(body.paths as object)).toContain("/api/health");
	});
});

describe.skipIf(!postgresFolder)("migrations on PostgreSQL (needs PostgreSQL)", () => {
	test("run once, also when several relays start at once, and leave MLflow's schema alone", async () => {
		const postgres = await startPostgres();
		const owner = connectPostgres(postgres.url, testLogger);
		await owner.asOwner(async (transaction) => {
			await transaction.query("create schema mlflow; create table mlflow.runs (run_uuid text)");
		});
		const relays = await Promise.all([1, 2, 3].map(() => startTestRelay({ DATABASE_URL: postgres.url })));
		const ran = await owner.asOwner((transaction) => transaction.query("select name from gamma_migrations"));
		expect(ran).toHaveLength(migrations.length);
		const edited = migrations.map((migration) => ({ ...migration, sql: `${migration.sql}\n-- edited` }));
		await expect(migrate(owner, edited)).rejects.toThrow(/reads otherwise/);
		await expect(migrate(owner, [])).rejects.toThrow(/cannot serve it/);
		// Row level security is on and forced for every table, whatever is added later.
		const open = await owner.asOwner((transaction) =>
			transaction.query(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
				and not (relrowsecurity and relforcerowsecurity) and relname <> 'gamma_migrations'`),
		);
		expect(open).toEqual([]);
		for (const relay of relays) await relay.close();
		await owner.close();
		await postgres.stop();
	});

	test("a token of Supabase Auth is taken only when all of it is right", async () => {
		const postgres = await startPostgres();
		const relay = await startTestRelay(sharedRelay(postgres));
		const id = "11111111-1111-4111-8111-111111111111";
		const good = await accessToken(id);
		const status = async (token: string) => (await relay.ask("GET", "/api/nothing", { token })).status;
		expect(await status(good)).toBe(404);
		const probe = async (token: string) => (await relay.ask("GET", "/api/projects", { token })).status;
		for (const bad of [
			await accessToken(id, { seconds: -60 }),
			await accessToken("not-a-uuid"),
			`${good.slice(0, -3)}abc`,
			`${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`,
		]) {
			expect(await probe(bad)).toBe(401);
		}
		expect(relay.token).toBeNull();
		await relay.close();
		await postgres.stop();
	});
});

test("a setting that is wrong or missing is said in one sentence each, without its value", () => {
	const secret = "short";
	expect(() =>
		readConfig({
			PORT: "99999",
			DATABASE_URL: "mysql://x",
			GAMMA_LOCAL_TOKEN: secret,
			LEASE_SECONDS: "soon",
			HOST: "0.0.0.0",
		}),
	).toThrow(
		[
			"PORT must be a port number from 0 to 65535.",
			"DATABASE_URL must be an address that begins with postgres:// or postgresql://.",
			"LEASE_SECONDS must be a whole number of seconds from 1 to 86400.",
			"GAMMA_LOCAL_TOKEN must be at least 16 characters.",
			"HOST must be 127.0.0.1 for a relay without sign-in; set SUPABASE_URL to serve others than this machine.",
		].join("\n"),
	);
	expect(() => readConfig({ SUPABASE_URL: "https://x.supabase.co" })).toThrow(
		/DATABASE_URL must be set[\s\S]*GITHUB_WEBHOOK_SECRET/,
	);
});
