import { randomUUID } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { deleteOldEvents } from "../../../server/events/retention";
import { EventReader } from "../../support/eventReader";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

describe.skipIf(!postgresFolder)("the feed on PostgreSQL (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relay: RelayUnderTest;
	let database: Database;
	const user = randomUUID();
	let token: string;
	beforeAll(async () => {
		postgres = await startPostgres();
		relay = await startTestRelay(sharedRelay(postgres));
		database = connectPostgres(postgres.url, testLogger);
		token = await accessToken(user);
	});
	afterAll(async () => {
		await relay.close();
		await database.close();
		await postgres.stop();
	});

	const append = (projectId: string, data: string, beforeCommit = async () => {}, on = database) =>
		on.asRelay(async (transaction) => {
			const [row] = await transaction.query<{ id: string }>(
				"select gamma_append_event($1, null, 'job.log', $2)::text as id",
				[projectId, data],
			);
			await beforeCommit();
			return Number(row?.id);
		});

	const makeProject = (member = user, on = database) =>
		on.asRelay(async (transaction) => {
			await transaction.query("insert into profiles (id, name) values ($1, 'p') on conflict do nothing", [member]);
			const [row] = await transaction.query<{ id: string }>(
				"insert into projects (name, repository, target, owner_id) values ('p', $1, 'runner', $2) returning id",
				[`o/${randomUUID()}`, member],
			);
			await transaction.query("insert into members (project_id, user_id, role) values ($1, $2, 'owner')", [
				row?.id,
				member,
			]);
			return row?.id ?? "";
		});

	test("tells what happens, one line each, as somebody who may know and to nobody else", async () => {
		const project = await makeProject();
		const reader = new EventReader(relay.url, token, project);
		await reader.opened;
		expect(reader.headers).toMatchObject({
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-cache, no-transform",
			"x-accel-buffering": "no",
		});
		expect(reader.retries).toBe(1);
		const forged = JSON.stringify({ name: "x\n\nid: 999\ndata: forged\r\n\u2028" });
		await append(project, forged);
		await append(project, '{"a":1,\n\nid: 999\rdata: forged\r\n"b":2}');
		await expect.poll(() => reader.events.length).toBe(2);
		expect(reader.events.map(({ kind }) => kind)).toEqual(["job.log", "job.log"]);
		expect(JSON.parse(reader.events[0]?.data ?? "")).toEqual(JSON.parse(forged));
		expect(reader.text.match(/^id: /gm)).toHaveLength(3);
		reader.cut();
		const other = await accessToken(randomUUID());
		const path = `/api/events?project=${project}`;
		expect((await relay.ask("GET", path, { token: other })).status).toBe(404);
		expect((await relay.ask("GET", `/api/events?project=${randomUUID()}`, { token })).status).toBe(404);
		expect((await relay.ask("GET", "/api/events?project=x", { token })).status).toBe(400);
		for (const lastId of ["x", "-1", "1.5", "1 2", "9".repeat(30)]) {
			expect((await relay.ask("GET", path, { token, headers: { "last-event-id": lastId } })).status).toBe(400);
		}
	});

	test("goes on after cuts at random places without a gap or a repeat", async () => {
		const project = await makeProject();
		const elsewhere = await makeProject();
		const before = await append(project, "{}");
		const expected: number[] = [];
		let isWriting = true;
		const writer = (async () => {
			for (let index = 0; index < 1_500; index++) {
				expected.push(await append(project, JSON.stringify({ index, text: "é→".repeat(20) })));
				if (index % 3 === 0) await append(elsewhere, "{}");
			}
			isWriting = false;
		})();
		const got: number[] = [];
		// Who has no id begins at now, which would be somewhere in the middle.
		let lastId: string | null = String(before);
		while (isWriting || got.length < expected.length) {
			const reader: EventReader = new EventReader(relay.url, token, project, lastId);
			await reader.opened;
			await sleep(Math.random() * 120);
			reader.cut();
			got.push(...reader.events.map(({ id }) => id));
			lastId = reader.lastId;
		}
		await writer;
		expect(got).toEqual(expected);
	});

	/** What 20 readers of two relays have of what 8 writers append, some of whom commit late. */
	async function race(database: Database, relays: readonly RelayUnderTest[]) {
		const project = await makeProject(user, database);
		const readers = Array.from({ length: 20 }, (_, index) => {
			return new EventReader(relays[index % 2]?.url ?? "", token, project);
		});
		await Promise.all(readers.map(({ opened }) => opened));
		const ids: number[] = [];
		await Promise.all(
			Array.from({ length: 8 }, async () => {
				for (let index = 0; index < 60; index++) {
					const late = () => sleep(Math.random() < 0.1 ? Math.random() * 60 : 0);
					ids.push(await append(project, "{}", late, database));
				}
			}),
		);
		ids.sort((left, right) => left - right);
		// What will not come has not come after a poll of the table.
		for (let wait = 0; wait < 50 && readers.some(({ events }) => events.length < ids.length); wait++) await sleep(100);
		for (const reader of readers) reader.cut();
		return { ids, seen: readers.map(({ events }) => events.map(({ id }) => id)) };
	}

	test("every reader of two relays has every event once and in order, however late a commit is", async () => {
		const second = await startTestRelay(sharedRelay(postgres));
		const { ids, seen } = await race(database, [relay, second]);
		for (const reader of seen) expect(reader).toEqual(ids);
		await second.close();
	});

	test("with ids that are not in the order of commits that race loses events", async () => {
		const naive = await startPostgres();
		const relays = await Promise.all([1, 2].map(() => startTestRelay(sharedRelay(naive))));
		const owner = connectPostgres(naive.url, testLogger);
		await owner.asOwner(async (transaction) => {
			const [row] = await transaction.query<{ text: string }>(
				"select pg_get_functiondef('public.gamma_append_event'::regproc) as text",
			);
			const text = row?.text ?? "";
			expect(text).toContain("pg_advisory_xact_lock");
			await transaction.query(text.replace(/perform (pg_catalog\.)?pg_advisory_xact_lock\(.*?\);/, ""));
		});
		const { ids, seen } = await race(owner, relays);
		expect(seen.some((reader) => reader.length < ids.length)).toBe(true);
		for (const one of relays) await one.close();
		await owner.close();
		await naive.stop();
	});

	test("says reset where the past is gone or never was", async () => {
		const project = await makeProject();
		const first = await append(project, "{}");
		await append(project, "{}");
		await database.asRelay((transaction) =>
			transaction.query("update events set created_at = now() - interval '30 days'"),
		);
		await deleteOldEvents(database);
		const last = await append(project, "{}");
		const readers = [first - 1, last + 1_000, "999999999999999999"].map(
			(lastId) => new EventReader(relay.url, token, project, String(lastId)),
		);
		for (const { events } of readers)
			await expect.poll(() => events).toEqual([{ id: last, kind: "reset", data: "{}" }]);
		const next = await append(project, "{}");
		for (const reader of readers) {
			await expect.poll(() => reader.events.slice(1).map(({ id }) => id)).toEqual([next]);
			reader.cut();
		}
	});

	test("a reader that never reads is cut off, and the others are not held up", async () => {
		const project = await makeProject();
		const { hostname, port } = new URL(relay.url);
		const idle = connect(Number(port), hostname);
		idle.write(`GET /api/events?project=${project} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
		idle.pause();
		const isCut = new Promise((done) => idle.on("close", done).on("error", () => {}));
		const reader = new EventReader(relay.url, token, project);
		await reader.opened;
		const big = JSON.stringify("x".repeat(200_000));
		for (let index = 0; index < 80; index++) await append(project, big);
		await expect.poll(() => reader.events.length).toBe(80);
		idle.resume();
		await isCut;
		reader.cut();
	});

	test("ends for a member who was removed, and when the token does", async () => {
		const project = await makeProject();
		const reader = new EventReader(relay.url, token, project);
		const short = new EventReader(relay.url, await accessToken(user, { seconds: 2 }), project);
		await reader.opened;
		await short.closed;
		expect(short.status).toBe(200);
		await database.asRelay(async (transaction) => {
			const other = randomUUID();
			await transaction.query("insert into profiles (id) values ($1)", [other]);
			await transaction.query("insert into members (project_id, user_id, role) values ($1, $2, 'owner')", [
				project,
				other,
			]);
			await transaction.query("delete from members where project_id = $1 and user_id = $2", [project, user]);
		});
		await reader.closed;
		expect((await relay.ask("GET", `/api/events?project=${project}`, { token })).status).toBe(404);
	});

	test("ends cleanly with the relay, and goes on with the next one", async () => {
		const project = await makeProject();
		const first = await startTestRelay(sharedRelay(postgres));
		const reader = new EventReader(first.url, token, project);
		await reader.opened;
		await first.close();
		await reader.closed;
		expect(reader.retries).toBe(2);
		const missed = await append(project, "{}");
		const next = new EventReader(relay.url, token, project, reader.lastId);
		await expect.poll(() => next.events.map(({ id }) => id)).toEqual([missed]);
		next.cut();
	});
});

test("the embedded database feeds its readers alike", async () => {
	const relay = await startTestRelay();
	const made = await relay.ask<{ id: string }>("POST", "/api/projects", {
		body: { name: "p", repository: "o/p", target: "runner" },
	});
	const project = made.body.id;
	const reader = new EventReader(relay.url, relay.token ?? "", project);
	await reader.opened;
	const shas = ["a", "b", "c"].map((digit) => digit.repeat(40));
	for (const commitSha of shas) {
		await relay.ask("POST", "/api/jobs", { body: { projectId: project, commitSha, branch: "models/x" } });
	}
	await expect.poll(() => reader.events.length).toBe(3);
	const again = new EventReader(relay.url, relay.token ?? "", project, String(reader.events[0]?.id));
	await expect.poll(() => again.events).toEqual(reader.events.slice(1));
	await relay.close();
	await Promise.all([reader.closed, again.closed]);
});
