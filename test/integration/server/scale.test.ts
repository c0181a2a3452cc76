import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LightStream } from "../../support/lightStream";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { queryAsRelay } from "../../support/webhooks";

const crowd = 5_000;
/** Sockets at both ends, and room for everything else. Node raises its own limit to the hard one. */
const limits = existsSync("/proc/self/limits") ? readFileSync("/proc/self/limits", "utf8") : "";
const descriptors = Number(/Max open files\s+\d+\s+(\d+)/.exec(limits)?.[1] ?? 0);
const isRoomy = descriptors > crowd + 1_000;
const why = isRoomy ? "needs PostgreSQL" : `needs ${crowd + 1_000} file descriptors, and there are ${descriptors}`;
/** Streams that are opened at once: a listening socket's queue holds 511. */
const atOnce = 200;
const patient = { timeout: 60_000, interval: 50 };

describe.skipIf(!postgresFolder || !isRoomy)(`a relay with ${crowd} streams (${why})`, () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let relay: RelayProcess;
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		relay = await RelayProcess.start(bundle.file, { DATABASE_URL: postgres.url, PORT: "0" });
	});
	afterAll(async () => {
		await relay?.stop();
		await postgres?.stop();
		bundle?.remove();
	});

	const query = <Row>(sql: string, values: readonly unknown[] = []) => queryAsRelay<Row>(postgres.url, sql, values);

	async function makeProject(name: string): Promise<string> {
		const made = await fetch(`${relay.url}/api/projects`, {
			method: "POST",
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			body: JSON.stringify({ name, repository: `acme/${name}` }),
		});
		return ((await made.json()) as { id: string }).id;
	}

	/** In transactions of `size`; answers their ids, in order. */
	async function append(project: string, count: number, size: number, data = "{}"): Promise<number[]> {
		const ids: number[] = [];
		while (ids.length < count) {
			const rows = await query<{ id: string }>(
				"select gamma_append_event($1, null, 'job.metric', $2)::text as id from generate_series(1, $3)",
				[project, data, Math.min(size, count - ids.length)],
			);
			ids.push(...rows.map(({ id }) => Number(id)));
		}
		return ids;
	}

	async function open(project: string, count: number): Promise<LightStream[]> {
		const streams: LightStream[] = [];
		while (streams.length < count) {
			const next = Array.from({ length: Math.min(atOnce, count - streams.length) }, () => {
				return new LightStream(relay.url, relay.token, project);
			});
			await Promise.all(next.map(({ opened }) => opened));
			streams.push(...next);
		}
		return streams;
	}

	/** The relay's open files without its connections to the database, of which it has as many as it needs. */
	async function ownDescriptors(): Promise<number> {
		const [row] = await query<{ count: string }>(
			`select count(*)::text as count from pg_stat_activity
			where application_name like 'gamma-relay%' and pid <> pg_backend_pid()`,
		);
		return relay.descriptors - Number(row?.count);
	}

	test("tells each of them everything, in little memory, and keeps nothing of those who left", async () => {
		const project = await makeProject("crowded");
		const before = await ownDescriptors();
		const streams = await open(project, crowd);
		expect(await ownDescriptors()).toBeGreaterThanOrEqual(before + crowd);
		const ids = await append(project, 10, 1);
		const isComplete = () => streams.every((stream) => stream.ids.length >= ids.length);
		await expect.poll(isComplete, patient).toBe(true);
		for (const stream of streams) expect(stream.ids).toEqual(ids);
		expect(relay.residentKb).toBeLessThan(400_000);
		for (const stream of streams) stream.leave();
		await expect.poll(ownDescriptors, patient).toBeLessThanOrEqual(before);
	});

	test("loses none of 20,000 events for anybody, and cuts off who does not read", async () => {
		const project = await makeProject("busy");
		const before = await ownDescriptors();
		const streams = await open(project, 21);
		const [lazy, ...readers] = streams as [LightStream, ...LightStream[]];
		lazy.pause();
		const elsewhere = await makeProject("elsewhere");
		const [stranger] = (await open(elsewhere, 1)) as [LightStream];
		const ids = await append(project, 20_000, 250, JSON.stringify("x".repeat(1_000)));
		const missing = () => Math.max(...readers.map((reader) => ids.length - reader.ids.length));
		await expect.poll(missing, patient).toBe(0);
		for (const reader of readers) expect(reader.ids).toEqual(ids);
		expect(stranger.ids).toEqual([]);
		// It was cut off while the others went on: what it had taken by then is all it gets.
		await expect.poll(ownDescriptors, patient).toBe(before + readers.length + 1);
		lazy.resume();
		await lazy.closed;
		expect(lazy.ids.length).toBeLessThan(ids.length);
		expect(lazy.ids).toEqual(ids.slice(0, lazy.ids.length));
		for (const stream of [...readers, stranger]) stream.leave();
		await expect.poll(ownDescriptors, patient).toBeLessThanOrEqual(before);
	});
});
