import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Balancer } from "../../support/balancer";
import { LightStream } from "../../support/lightStream";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { StubbornSender } from "../../support/stubbornSender";
import { pushOf, queryAsRelay } from "../../support/webhooks";

const readers = 1_000;
const pushes = 400;
/** Streams that are opened at once: a listening socket's queue holds 511. */
const atOnce = 200;
const patient = { timeout: 120_000, interval: 50 };

/** An editor as far as its stream goes: it comes back where it was, after each end. */
class Reader {
	readonly ids: number[] = [];
	comings = 0;
	/** Null between two streams. */
	#stream: LightStream | null;
	#hasLeft = false;

	constructor(
		private readonly url: string,
		private readonly token: string,
		private readonly project: string,
	) {
		this.#stream = this.#come(null);
	}

	get opened(): Promise<void> | undefined {
		return this.#stream?.opened;
	}

	/** What it was told, of this stream and of those before. */
	get told(): readonly number[] {
		return [...this.ids, ...(this.#stream?.ids ?? [])];
	}

	leave(): void {
		this.#hasLeft = true;
		this.#stream?.leave();
	}

	#come(lastId: number | null): LightStream {
		this.comings++;
		const stream = new LightStream(this.url, this.token, this.project, lastId);
		void stream.closed.then(async () => {
			if (this.#hasLeft) return;
			this.#stream = null;
			this.ids.push(...stream.ids);
			const from = stream.lastId ?? lastId;
			// Nobody comes back at once, nor all at the same time.
			await new Promise((done) => setTimeout(done, 50 + Math.random() * 500));
			this.#stream = this.#come(from);
		});
		return stream;
	}
}

describe.skipIf(!postgresFolder)("a rolling update of two relays on one Postgres (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let balancer: Balancer;
	const relays: RelayProcess[] = [];
	const start = async () => {
		const relay = await RelayProcess.start(bundle.file, { DATABASE_URL: postgres.url, PORT: "0" });
		relays.push(relay);
		return relay;
	};
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		balancer = await Balancer.start();
	});
	afterAll(async () => {
		await balancer?.close();
		for (const relay of relays) if (relay.isAlive) await relay.stop();
		await postgres?.stop();
		bundle?.remove();
	});

	test(`loses no event of ${readers} streams while pushes arrive, and no push`, { timeout: 300_000 }, async () => {
		const [first, second] = [await start(), await start()];
		balancer.serve([first.url, second.url]);
		const made = await fetch(`${balancer.url}/api/projects`, {
			method: "POST",
			headers: { authorization: `Bearer ${first.token}`, "content-type": "application/json" },
			body: JSON.stringify({ name: "digits", repository: "acme/digits" }),
		});
		const { id: project } = (await made.json()) as { id: string };
		const streams: Reader[] = [];
		while (streams.length < readers) {
			const next = Array.from({ length: atOnce }, () => new Reader(balancer.url, first.token, project));
			await Promise.all(next.map(({ opened }) => opened));
			streams.push(...next);
		}

		const sender = new StubbornSender(balancer.url, 8);
		let third: Promise<RelayProcess> | undefined;
		const replaced = (async () => {
			await expect.poll(() => sender.accepted, patient).toBeGreaterThan(pushes / 4);
			third = start();
			const fresh = await third;
			// As a load balancer does it: the new one is healthy, the old one gets nothing new, then it is told to end.
			balancer.serve([second.url, fresh.url]);
			expect(await first.stop()).toBe(0);
		})();
		const shas = Array.from({ length: pushes }, () => randomBytes(20).toString("hex"));
		const deliveries = shas.map((sha, at) => ({
			event: "push",
			id: randomUUID(),
			body: JSON.stringify(pushOf("acme/digits", `models/b${at % 7}`, sha)),
			isForged: false,
		}));
		await sender.send(pushes, (at) => deliveries[at] as (typeof deliveries)[number]);
		await replaced;

		expect(sender.accepted).toBe(pushes);
		const query = <Row>(sql: string) => queryAsRelay<Row>(postgres.url, sql, [project]);
		const jobs = await query<{ commit_sha: string }>("select commit_sha from training_jobs where project_id = $1");
		expect(jobs.map(({ commit_sha }) => commit_sha).sort()).toEqual([...shas].sort());
		const ids = (
			await query<{ id: string }>("select id::text from events where project_id = $1 order by events.id")
		).map(({ id }) => Number(id));
		expect(ids.length).toBeGreaterThanOrEqual(pushes);
		const behind = () => Math.max(...streams.map(({ told }) => ids.length - told.length));
		await expect.poll(behind, patient).toBe(0);
		for (const { told } of streams) expect(told).toEqual(ids);
		// Half of them were with the relay that went, and each of those came back once.
		const back = streams.filter(({ comings }) => comings > 1);
		expect(back.length).toBeGreaterThan(readers / 4);
		expect(back.length).toBeLessThan(readers);
		for (const stream of streams) stream.leave();
	});
});
