import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { LightStream } from "../../support/lightStream";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { TcpProxy } from "../../support/tcpProxy";
import { commit, postGithub, pushOf, queryAsRelay } from "../../support/webhooks";

/** Said in the issue, and what a busy machine adds to a clock that runs anyway. */
const spareMs = 5_000;
const patient = { timeout: 60_000, interval: 50 };

/** reliability.md, R4 and R5; each with a relay and a database of its own, all at the same time. */
describe.skipIf(!postgresFolder)("a relay whose database is slow or gone without a word (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	const ends: (() => Promise<unknown>)[] = [];
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
	});
	afterAll(async () => {
		for (const end of ends) await end();
		await postgres?.stop();
		bundle?.remove();
	});

	/** One after the other: the first migration makes roles, which are the whole server's. */
	let turn = Promise.resolve();
	function startBehindLine(what: string) {
		const started = turn.then(() => startNext(what));
		turn = started.then(
			() => {},
			() => {},
		);
		return started;
	}

	/** A relay that reaches its database through a line which a test can disturb. */
	async function startNext(what: string) {
		const name = `${what}_${randomUUID().slice(0, 8)}`;
		await queryAs(postgres.url, `create database ${name}`);
		const url = postgres.url.replace(/postgres$/, name);
		const line = await TcpProxy.start();
		line.leadTo(url);
		const through = new URL(url);
		through.port = new URL(line.url).port;
		const relay = await RelayProcess.start(bundle.file, { DATABASE_URL: through.href, PORT: "0" });
		ends.push(async () => {
			await relay.kill();
			await line.close();
		});
		const ask = async (path: string, body?: unknown) => {
			const began = performance.now();
			const response = await fetch(`${relay.url}${path}`, {
				method: body === undefined ? "GET" : "POST",
				headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const answer = (await response.json()) as Record<string, unknown>;
			return { status: response.status, body: answer, ms: performance.now() - began, headers: response.headers };
		};
		const made = await ask("/api/projects", { name, repository: `acme/${name}` });
		if (made.status !== 201) throw new Error(`the project was not made: ${made.status}`);
		return { url, line, relay, ask, project: String(made.body.id), repository: `acme/${name}` };
	}

	/** The quickest of some: a busy machine may hold up any one of them, but not all. */
	async function healthMs(ask: (path: string) => Promise<{ readonly ms: number }>): Promise<number> {
		const times: number[] = [];
		for (let n = 0; n < 5; n++) times.push((await ask("/api/health")).ms);
		return Math.min(...times);
	}

	test.concurrent("lines that have died without a word are noticed, and no event is later than 20 s", async ({
		expect,
	}) => {
		const { url, line, relay, ask, project } = await startBehindLine("halfopen");
		const stream = new LightStream(relay.url, relay.token, project);
		await stream.opened;
		// Several lines of the pool are open, all of which are about to die.
		await Promise.all(Array.from({ length: 8 }, () => ask("/api/jobs")));
		const append = async () => {
			const [row] = await queryAsRelay<{ id: string }>(
				url,
				"select gamma_append_event($1, null, 'job.metric', '{}')::text as id",
				[project],
			);
			return Number(row?.id);
		};
		const listener = async () => {
			const [row] = await queryAs(
				url,
				"select pid from pg_stat_activity where application_name = 'gamma-relay-listen' and datname = current_database()",
			);
			return row?.pid;
		};
		const listened = await listener();
		const before = await append();
		await expect.poll(() => stream.ids, patient).toEqual([before]);
		line.deaden();
		const began = performance.now();
		const late = [await append(), await append()];
		await expect.poll(() => stream.ids, patient).toEqual([before, ...late]);
		expect(performance.now() - began).toBeLessThan(20_000 + spareMs);
		// The line that listens is made anew, too.
		await expect.poll(listener, patient).not.toBe(listened);
		expect(performance.now() - began).toBeLessThan(15_000 + spareMs);
		expect((await ask("/api/jobs")).status).toBe(200);
		expect(relay.log.map(({ msg }) => msg)).toEqual(
			expect.arrayContaining(["listening was cut off", "the database gives no answer: its connections are made anew"]),
		);
		stream.leave();
	});

	test.concurrent.for([3_000, 12_000])(
		"at %i ms for each answer nothing is taken that is not committed, and whoever asks hears so in time",
		async (delayMs, { expect }) => {
			const { url, line, ask, relay, repository } = await startBehindLine(`slow${delayMs}`);
			line.delayMs = delayMs;
			const began = performance.now();
			const delivery = randomUUID();
			const posted = postGithub(relay.url, "push", pushOf(repository, "models", commit(1)), { delivery });
			const listed = ask("/api/jobs");
			expect(await healthMs(ask)).toBeLessThan(200);
			expect((await posted).status).toBe(503);
			expect(performance.now() - began).toBeLessThan(10_000 + spareMs);
			const { status, headers, ms } = await listed;
			expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
			expect(ms).toBeLessThan(10_000 + spareMs);
			line.delayMs = 0;
			// The sender comes again, as it was told.
			const again = async () => {
				const { status, body } = await postGithub(relay.url, "push", pushOf(repository, "models", commit(1)), {
					delivery,
				});
				return status === 202 ? body.outcome : status;
			};
			await expect.poll(again, patient).toMatch(/^(job|repeated)$/);
			const jobs = await queryAsRelay(url, "select id from training_jobs");
			expect(jobs).toHaveLength(1);
			await expect.poll(async () => (await ask("/api/health")).status, patient).toBe(200);
		},
	);

	test.concurrent("with every connection lent, the rest are told to come again, and health is told at once", async ({
		expect,
	}) => {
		const { url, ask, relay, repository } = await startBehindLine("exhausted");
		const blocker = new pg.Client({ connectionString: url });
		await blocker.connect();
		await blocker.query("begin; lock table public.training_jobs in access exclusive mode");
		const began = performance.now();
		const asked = Array.from({ length: 20 }, () => ask("/api/jobs"));
		const posted = postGithub(relay.url, "push", pushOf(repository, "models", commit(1)));
		expect(await healthMs(ask)).toBeLessThan(200);
		const statuses = (await Promise.all(asked)).map(({ status }) => status);
		expect(new Set(statuses)).toEqual(new Set([503]));
		expect((await posted).status).toBe(503);
		expect(performance.now() - began).toBeLessThan(10_000 + spareMs);
		// What was given up is not done later.
		await blocker.query("rollback");
		await blocker.end();
		await expect.poll(async () => (await ask("/api/jobs")).status, patient).toBe(200);
		expect((await postGithub(relay.url, "push", pushOf(repository, "models", commit(2)))).body.outcome).toBe("job");
		const rows = await queryAsRelay<{ commit_sha: string }>(url, "select commit_sha from training_jobs");
		expect(rows.map(({ commit_sha }) => commit_sha)).toContain(commit(2));
	});
});

async function queryAs(url: string, sql: string): Promise<Record<string, unknown>[]> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	try {
		return (await client.query(sql)).rows as Record<string, unknown>[];
	} finally {
		await client.end();
	}
}
