import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../../server/database/migrate";
import { migrations } from "../../../server/database/migrations";
import { connectPostgres } from "../../../server/database/postgres";
import { EventFeed } from "../../../server/events/eventFeed";
import { EventStream } from "../../../server/events/eventStream";
import { Figures } from "../../../server/figures";
import type { Logger } from "../../../src/core/logger";
import { buildRelay } from "../../support/builtRelay";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { sharedRelay, webhookSecret } from "../../support/relay";
import { RelayProcess } from "../../support/relayProcess";

describe.skipIf(!postgresFolder)("what a deployed relay does beside serving (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let folder: string;
	let program: string;
	beforeAll(async () => {
		postgres = await startPostgres();
		folder = mkdtempSync(join(tmpdir(), "gamma-deployed-"));
		program = await buildRelay(folder);
	});
	afterAll(async () => {
		await postgres.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** `node dist/server/main.js --migrate`, as the pipeline runs it. */
	function migrateOnly(environment: Record<string, string>) {
		const child = spawn(process.execPath, [program, "--migrate"], { env: { PATH: process.env.PATH, ...environment } });
		let said = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (part: string) => {
				said += part;
			});
		}
		return new Promise<{ code: number | null; said: string }>((done) =>
			child.on("close", (code) => done({ code, said })),
		);
	}

	test("--migrate brings the database to its version and ends; again it changes nothing", async () => {
		const environment = { ...sharedRelay(postgres), GITHUB_WEBHOOK_SECRET: webhookSecret };
		const done = { code: 0, said: "The database is of this version.\n" };
		expect(await migrateOnly(environment)).toEqual(done);
		const database = connectPostgres(postgres.url, quiet);
		const ran = await database.asOwner((transaction) =>
			transaction.query<{ name: string }>("select name from gamma_migrations order by name"),
		);
		expect(ran.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
		expect(await migrateOnly(environment)).toEqual(done);
		await database.asOwner((transaction) =>
			transaction.query("update gamma_migrations set checksum = 'other' where name = $1", [migrations[0]?.name]),
		);
		expect(await migrateOnly(environment)).toEqual({
			code: 1,
			said: expect.stringMatching(/^gamma relay: The migration 0001_\w+ reads otherwise/),
		});
		await database.asOwner((transaction) => transaction.query("drop table gamma_migrations"));
		await database.asOwner((transaction) => transaction.query("drop schema public cascade; create schema public"));
		await database.close();
		expect(await migrateOnly({})).toEqual({ code: 1, said: expect.stringContaining("DATABASE_URL must be set") });
	});

	test("an older relay serves after a newer one's migration where that says so, and else says why not", async () => {
		const database = connectPostgres(postgres.url, quiet);
		const newest = migrations.at(-1)?.name ?? "";
		const added = { name: "8001_more", sql: "alter table projects add column more text", oldestRelay: newest };
		const removed = { name: "8002_less", sql: "alter table projects drop column more", oldestRelay: "8001_more" };
		await migrate(database, [...migrations, added]);
		// The relay of before, as it was shipped: a deployment that fails goes back to it.
		const environment = { ...sharedRelay(postgres), PORT: "0" };
		const older = await RelayProcess.start(program, environment);
		expect((await fetch(`${older.url}/api/health`)).status).toBe(200);
		expect(await older.stop()).toBe(0);
		expect(await migrateOnly({ ...environment, GITHUB_WEBHOOK_SECRET: webhookSecret })).toMatchObject({ code: 0 });

		await migrate(database, [...migrations, added, removed]);
		await expect(RelayProcess.start(program, environment)).rejects.toThrow(
			"The database has run the migration 8002_less, after which this relay cannot serve it: start the newer relay.",
		);
		// What a relay of before this rule has migrated says nothing of who may serve it.
		await database.asOwner((transaction) =>
			transaction.query("update gamma_migrations set oldest_relay = null where name = '8001_more'"),
		);
		await expect(migrate(database, migrations)).rejects.toThrow(/8001_more, after which/);
		await database.asOwner((transaction) => transaction.query("drop schema public cascade; create schema public"));
		await database.close();
	});

	test("every migration says which relays may serve after it, and none of a relay to come", () => {
		const names = migrations.map(({ name }) => name);
		expect(names).toEqual([...names].sort());
		expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
		for (const { name, oldestRelay } of migrations) {
			expect(names).toContain(oldestRelay);
			expect(oldestRelay <= name).toBe(true);
		}
	});

	test("says once a minute how many streams are open, how late events are, how old the queue is", async () => {
		const said: Record<string, unknown>[] = [];
		const logger: Logger = {
			...quiet,
			info: (message, details) => said.push({ message, ...details }),
			child: () => logger,
		};
		const database = connectPostgres(postgres.url, quiet);
		await migrate(database, migrations);
		const feed = new EventFeed(database, quiet);
		await feed.start();
		const user = randomUUID();
		await database.asRelay((transaction) =>
			transaction.query("insert into profiles (id, name) values ($1, 'ada')", [user]),
		);
		const [project] = await database.asRelay((transaction) =>
			transaction.query<{ id: string }>(
				"insert into projects (name, repository, target, owner_id) values ('p', 'o/p', 'runner', $1) returning id",
				[user],
			),
		);
		const server = createServer((_, response) => {
			const stream = new EventStream(project?.id ?? "", { id: user, expiresAtMs: null } as never, response, () =>
				feed.remove(stream),
			);
			feed.add(stream);
			stream.open(0);
			stream.goLive();
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		const reader = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		const figures = new Figures(database, feed, logger, 20);
		const latest = () => said.at(-1);
		await expect
			.poll(latest)
			.toEqual({ message: "figures", openStreams: 1, deliveryLagMs: 0, databaseAway: 0, queueAgeSeconds: 0 });

		await database.asRelay((transaction) =>
			transaction.query(
				`insert into training_jobs (project_id, commit_sha, branch, origin, target, created_at)
				values ($1, repeat('a', 40), 'models/x', 'test', 'runner', now() - interval '2 hours')`,
				[project?.id],
			),
		);
		await expect.poll(() => Number(latest()?.queueAgeSeconds)).toBeGreaterThanOrEqual(7_200);
		// A transaction that took its time tells late.
		await database.asRelay(async (transaction) => {
			await transaction.query("select pg_sleep(0.3)");
			transaction.sendLast("select gamma_append_event($1, null, 'job.updated', '{}')", [project?.id]);
		});
		await expect.poll(() => said.some(({ deliveryLagMs }) => Number(deliveryLagMs) >= 300)).toBe(true);

		reader.destroy();
		await expect.poll(() => latest()?.openStreams).toBe(0);
		await postgres.stop();
		await expect.poll(latest, { timeout: 60_000 }).toEqual({
			...{ message: "figures", openStreams: 0, databaseAway: 1 },
			deliveryLagMs: expect.any(Number),
		});
		await figures.close();
		await feed.close();
		server.close();
		await database.close();
	});
});

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
