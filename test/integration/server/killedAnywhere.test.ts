import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LightStream } from "../../support/lightStream";
import { freePort, type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { StubbornSender } from "../../support/stubbornSender";
import { TcpProxy } from "../../support/tcpProxy";
import { commit, pushOf, queryAsRelay } from "../../support/webhooks";

const patient = { timeout: 60_000, interval: 20 };
const nothing = Buffer.alloc(0);
const repository = "acme/killed";

/**
 * Where a relay is killed, as it is seen on its lines: no part of the relay knows of this, so that there is no way to make one
 * that serves people stop there. What comes by when the relay is to die goes no further.
 */
interface Moment {
	readonly line: "database" | "sender" | "reader";
	readonly from: "client" | "server";
	readonly sign: RegExp;
}

const moments: Readonly<Record<string, Moment>> = {
	"before the delivery is inserted": { line: "database", from: "client", sign: /insert into deliveries|\{"push"/ },
	"before the commit": { line: "database", from: "client", sign: /Q[^a-z]{4}commit[^a-z_]/ },
	"after the commit, before any reader is notified": {
		line: "database",
		from: "server",
		sign: /C[^a-z]{4}COMMIT|gamma_events/,
	},
	"after the notice, before the sender is answered": { line: "sender", from: "server", sign: /^HTTP\/1\.1 202/ },
	"in the middle of an event": { line: "reader", from: "server", sign: /event: job\.created/ },
};
const timesEach = 4;

describe.skipIf(!postgresFolder)("a relay that is killed at any moment of a delivery (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	const lines = {} as Record<Moment["line"], TcpProxy>;
	let relay: RelayProcess;
	let environment: Record<string, string>;
	let project: string;
	const reader: { stream: LightStream | null; told: number[]; lastId: number | null } = {
		stream: null,
		told: [],
		lastId: null,
	};
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		for (const name of ["database", "sender", "reader"] as const) lines[name] = await TcpProxy.start();
		lines.database.leadTo(postgres.url);
		const through = new URL(postgres.url);
		through.port = new URL(lines.database.url).port;
		environment = { DATABASE_URL: through.href, PORT: String(await freePort()) };
		await startRelay();
		const made = await fetch(`${relay.url}/api/projects`, {
			method: "POST",
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			body: JSON.stringify({ name: "killed", repository }),
		});
		project = ((await made.json()) as { id: string }).id;
		await follow();
	});
	afterAll(async () => {
		reader.stream?.leave();
		await relay?.kill();
		for (const line of Object.values(lines)) await line.close();
		await postgres?.stop();
		bundle?.remove();
	});

	async function startRelay() {
		relay = await RelayProcess.start(bundle.file, environment);
		lines.sender.leadTo(relay.url);
		lines.reader.leadTo(relay.url);
	}

	/** Goes on where the reader was, as an editor does. */
	async function follow() {
		const stream = new LightStream(lines.reader.url, relay.token, project, reader.lastId);
		await stream.opened;
		reader.stream = stream;
	}

	async function leave() {
		reader.told.push(...(reader.stream?.ids ?? []));
		reader.lastId = reader.stream?.lastId ?? reader.lastId;
		reader.stream?.leave();
		reader.stream = null;
	}

	/** Kills the relay where the moment is next seen; resolves once it is dead. */
	function killAt({ line, from, sign }: Moment): Promise<void> {
		const proxy = lines[line];
		return new Promise((done) => {
			let isOver = false;
			proxy.tap = (side, bytes) => {
				if (isOver) return nothing;
				const text = bytes.toString("latin1");
				const at = side === from ? text.search(sign) : -1;
				if (at < 0) return bytes;
				isOver = true;
				void relay.kill().then(done);
				// Of an event a half is let through, of all else nothing.
				return line === "reader" ? bytes.subarray(0, at + 12) : nothing;
			};
		});
	}

	test.each(Object.entries(moments))("%s: what was answered is stored, and told once", async (_, moment) => {
		for (let time = 0; time < timesEach; time++) {
			const sender = new StubbornSender(lines.sender.url, 3);
			const killed = killAt(moment);
			const base = (await stored()).length;
			const deliveries = [0, 1, 2].map((n) => ({
				event: "push",
				id: randomUUID(),
				body: JSON.stringify(pushOf(repository, `models/b${n}`, commit(base + n))),
				isForged: false,
			}));
			const sent = sender.send(deliveries.length, (at) => deliveries[at] as (typeof deliveries)[number]);
			await killed;
			await leave();
			for (const line of Object.values(lines)) line.tap = (_, bytes) => bytes;
			await startRelay();
			await follow();
			await sent;
			// Refused was what the kill broke, and nothing else; a reader's event may be cut after all senders had their answer.
			expect(sender.refusals.filter(({ status }) => status !== 0)).toEqual([]);
			if (moment.line !== "reader") expect(sender.refusals).not.toEqual([]);
			expect(sender.accepted).toBe(deliveries.length);
			const ids = (await stored()).map(({ id }) => id);
			expect(ids).toHaveLength(base + deliveries.length);
			expect(ids).toEqual(expect.arrayContaining(deliveries.map(({ id }) => id)));
		}
		const jobs = await queryAsRelay<{ commit_sha: string }>(postgres.url, "select commit_sha from training_jobs");
		const count = (await stored()).length;
		expect(jobs.map(({ commit_sha }) => commit_sha).sort()).toEqual(
			Array.from({ length: count }, (_, n) => commit(n)).sort(),
		);
		const events = await queryAsRelay<{ id: string }>(postgres.url, "select id::text from events order by events.id");
		const told = () => [...reader.told, ...(reader.stream?.ids ?? [])];
		await expect.poll(told, patient).toEqual(events.map(({ id }) => Number(id)));
		expect(events).toHaveLength(count);
	});

	const stored = () => queryAsRelay<{ id: string }>(postgres.url, "select id from deliveries");
});
