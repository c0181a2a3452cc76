import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { RelayClient } from "../../../../src/adapters/relay/relayClient";
import { RelayFeed } from "../../../../src/adapters/relay/relayFeed";
import { JobBook } from "../../../../src/core/jobs/jobBook";
import type { RelayEvent } from "../../../../src/core/relay/relay";
import { type PostgresServer, postgresFolder, startPostgres } from "../../../support/postgresServer";
import { accessTo } from "../../../support/relayAccess";
import { bundleRelay, RelayProcess } from "../../../support/relayProcess";
import { TcpProxy } from "../../../support/tcpProxy";
import { testLogger } from "../../../support/testLogger";
import { commit, queryAsRelay } from "../../../support/webhooks";

const patient = { timeout: 60_000, interval: 50 };

describe.skipIf(!postgresFolder)("a feed of a real relay (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let relay: RelayProcess;
	let proxy: TcpProxy;
	let client: RelayClient;
	let projectId: string;
	const feeds: RelayFeed[] = [];

	const startRelay = async () => {
		relay = await RelayProcess.start(bundle.file, { DATABASE_URL: postgres.url, PORT: "0" });
		proxy.leadTo(relay.url);
	};
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		proxy = await TcpProxy.start();
		await startRelay();
		client = new RelayClient({ url: proxy.url, access: accessTo(proxy.url, relay.token), logger: testLogger });
		projectId = (await client.makeProject({ name: "Digits", repository: "ada/digits" })).id;
	});
	afterEach(() => {
		for (const feed of feeds.splice(0)) feed.dispose();
	});
	afterAll(async () => {
		await proxy.close();
		await relay.stop();
		bundle.remove();
		await postgres.stop();
	});

	/** What a feed hands on: ids of events, and where it said to fetch anew. */
	function follow({
		fetchAnew = async () => {},
		deadAfterMs,
	}: {
		fetchAnew?: () => Promise<void>;
		deadAfterMs?: number;
	} = {}) {
		const heard: string[] = [];
		const events: RelayEvent[] = [];
		const states: string[] = [];
		const feed = new RelayFeed({
			client,
			projectId,
			logger: testLogger,
			...(deadAfterMs !== undefined && { deadAfterMs }),
			reader: {
				fetchAnew: async () => {
					await fetchAnew();
					heard.push("anew");
				},
				take: (told) => {
					events.push(...told);
					heard.push(...told.map(({ id }) => id));
				},
			},
		});
		feed.onDidChangeState(({ kind }) => states.push(kind));
		feeds.push(feed);
		return { feed, heard, events, states, isLive: () => expect.poll(() => feed.state.kind, patient).toBe("live") };
	}

	let jobs = 0;
	const makeJob = async () => {
		const body = { projectId, branch: "models/x", commitSha: commit(++jobs), message: "m" };
		const response = await fetch(`${relay.url}/api/jobs`, {
			method: "POST",
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		expect(response.status).toBe(201);
		return ((await response.json()) as { id: string }).id;
	};
	/** Appends events as a transaction of the relay would; resolves with their ids, in order. */
	const append = async (
		count: number,
		data: (index: number) => object = (index) => ({ jobId: "j", sizeBytes: index }),
	) => {
		const rows = await queryAsRelay<{ id: string }>(
			postgres.url,
			`select gamma_append_event($1, null, $2, data)::text as id from json_array_elements_text($3::json) as given(data)`,
			[projectId, "job.log", JSON.stringify(Array.from({ length: count }, (_, index) => JSON.stringify(data(index))))],
		);
		return rows.map(({ id }) => id);
	};

	test("fetches anew once, and then hands on what happens, in order", async () => {
		const { heard, events, states, isLive } = follow();
		await isLive();
		const id = await makeJob();
		await expect.poll(() => events.length, patient).toBe(1);
		expect(events[0]).toMatchObject({ kind: "job.created", data: { id, status: "pending" } });
		const ids = await append(50);
		await expect.poll(() => heard.length, patient).toBe(52);
		expect(heard).toEqual(["anew", events[0]?.id, ...ids]);
		expect(states).toEqual(["live"]);
	});

	test("is live although the events never pause", async () => {
		const { feed, heard } = follow();
		const ids: string[] = [];
		const deadlineMs = Date.now() + 60_000;
		while (feed.state.kind !== "live" && Date.now() < deadlineMs) ids.push(...(await append(1)));
		expect(feed.state.kind).toBe("live");
		await expect.poll(() => heard.at(-1), patient).toBe(ids.at(-1));
	});

	test("misses and repeats nothing over cuts anywhere, with one connection at a time", async () => {
		const { heard, states, isLive } = follow();
		await isLive();
		const ids: string[] = [];
		proxy.mostAtOnce = 0;
		for (let round = 0; round < 6; round++) {
			proxy.cut(37 + round * 211);
			ids.push(...(await append(40, (index) => ({ jobId: `é→${round}`, sizeBytes: index }))));
			await expect.poll(() => heard.length, patient).toBe(ids.length + 1);
		}
		expect(heard).toEqual(["anew", ...ids]);
		expect(states).toContain("offline");
		expect(states).toContain("catchingUp");
		expect(proxy.mostAtOnce).toBe(1);
		await isLive();
	});

	test("goes on where it was when the relay is killed and started again in mid-stream", async () => {
		const { feed, heard, isLive } = follow();
		await isLive();
		const ids = await append(30);
		await relay.kill();
		proxy.leadTo(null);
		ids.push(...(await append(500)));
		await expect.poll(() => feed.state.kind, patient).toBe("offline");
		expect(feed.state).toMatchObject({ reason: expect.stringMatching(/relay/i) });
		await startRelay();
		ids.push(...(await append(30)));
		await expect.poll(() => heard.length, patient).toBe(ids.length + 1);
		expect(heard).toEqual(["anew", ...ids]);
		await isLive();
	});

	test("goes on where it was when the relay is restarted with grace", async () => {
		const { heard, isLive } = follow();
		await isLive();
		const ids = await append(5);
		expect(await relay.stop()).toBe(0);
		ids.push(...(await append(5)));
		await startRelay();
		await expect.poll(() => heard.length, patient).toBe(11);
		expect(heard).toEqual(["anew", ...ids]);
	});

	test("fetches anew where what was missed is no longer kept, and goes on from there", async () => {
		const { heard, isLive } = follow();
		await isLive();
		await append(3);
		await expect.poll(() => heard.length, patient).toBe(4);
		proxy.leadTo(null);
		proxy.cut();
		await append(5);
		await queryAsRelay(postgres.url, "delete from events where id < (select max(id) from events)");
		proxy.leadTo(relay.url);
		await expect.poll(() => heard.filter((what) => what === "anew").length, patient).toBe(2);
		const [next] = await append(1);
		await expect.poll(() => heard.at(-1), patient).toBe(next);
		expect(heard.slice(4)).toEqual(["anew", next]);
	});

	test("tries again to fetch anew where that failed, and tells nothing before", async () => {
		let tries = 0;
		const { heard, isLive } = follow({
			fetchAnew: async () => {
				if (++tries === 1) throw new Error("the list could not be read");
			},
		});
		await expect.poll(() => tries, patient).toBe(1);
		const missed = await append(2);
		await isLive();
		expect(tries).toBe(2);
		// The list that was fetched at the second try holds what these told.
		expect(heard).toEqual(["anew"]);
		const later = await append(2);
		await expect.poll(() => heard.length, patient).toBe(3);
		expect(heard).toEqual(["anew", ...later]);
		expect(missed).toHaveLength(2);
	});

	test("gives up a connection from which nothing comes, and opens another", async () => {
		const { heard, states, isLive } = follow({ deadAfterMs: 12_000 });
		await isLive();
		proxy.hold(true);
		const ids = await append(3);
		await expect.poll(() => states, patient).toContain("offline");
		expect(heard).toEqual(["anew"]);
		proxy.hold(false);
		await expect.poll(() => heard.length, patient).toBe(4);
		expect(heard).toEqual(["anew", ...ids]);
	});

	test("ends when it is disposed, and when its project is no more", async () => {
		const other = await client.makeProject({ name: "Gone", repository: "ada/gone" });
		const feed = new RelayFeed({
			client,
			projectId: other.id,
			logger: testLogger,
			reader: { fetchAnew: async () => {}, take: () => {} },
		});
		feeds.push(feed);
		await expect.poll(() => feed.state.kind, patient).toBe("live");
		await client.deleteProject(other.id);
		await expect.poll(() => feed.state.kind, patient).toBe("gone");
		const before = proxy.connected;
		const { feed: disposed, states, isLive } = follow();
		await isLive();
		disposed.dispose();
		proxy.cut();
		await append(1);
		await new Promise((done) => setTimeout(done, 3_000));
		expect(states).toEqual(["live"]);
		expect(proxy.connected).toBe(before + 1);
	});

	test("is refused where nobody knows the person, after one new token", async () => {
		const access = accessTo(proxy.url, "no token of this relay", "nor is this one");
		const feed = new RelayFeed({
			client: new RelayClient({ url: proxy.url, access, logger: testLogger }),
			projectId,
			logger: testLogger,
			reader: { fetchAnew: async () => {}, take: () => {} },
		});
		feeds.push(feed);
		await expect.poll(() => feed.state.kind, patient).toBe("refused");
		expect(access.asked).toEqual(["token", "renewToken"]);
	});

	test("a book fed by it knows every job as the relay does, over cuts", async () => {
		const book = new JobBook(() => ({ repository: "ada/digits", isOwn: true, url: null }));
		const listed = async () => (await client.jobs({ project: projectId, limit: 200 })).items;
		const feed = new RelayFeed({
			client,
			projectId,
			logger: testLogger,
			reader: {
				fetchAnew: async (lastEventId) => void book.replace(projectId, await listed(), lastEventId, 0),
				take: (events) => void book.take(events, 0),
			},
		});
		feeds.push(feed);
		const ids: string[] = [];
		for (let n = 0; n < 12; n++) {
			ids.push(await makeJob());
			if (n % 4 === 1) proxy.cut(300);
			if (n % 3 === 0) await client.stop(ids[n >> 1] ?? "").catch(() => {});
		}
		await expect.poll(() => ids.filter((id) => book.jobs.has(id)).length, patient).toBe(ids.length);
		const known = () => [...book.jobs.values()].map(({ job }) => job).sort((a, b) => (a.id < b.id ? -1 : 1));
		const told = async () => [...(await listed())].sort((a, b) => (a.id < b.id ? -1 : 1));
		const expected = await told();
		await expect.poll(known, patient).toEqual(expected);
	});
});
