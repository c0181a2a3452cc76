import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GithubServer, type HookDelivery } from "../../support/githubServer";
import { freePort, type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { commit, postGithub, pushOf, queryAsRelay } from "../../support/webhooks";

const patient = { timeout: 60_000, interval: 50 };
const repository = "acme/away";
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** reliability.md, R13. */
describe.skipIf(!postgresFolder)("deliveries that came while no relay was there (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let github: GithubServer;
	let environment: Record<string, string>;
	const relays: RelayProcess[] = [];
	const start = async () => {
		const relay = await RelayProcess.start(bundle.file, environment);
		relays.push(relay);
		return relay;
	};
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		github = await GithubServer.start();
		environment = {
			...{ DATABASE_URL: postgres.url, PORT: String(await freePort()), LOG_LEVEL: "info" },
			...{ GITHUB_APP_ID: github.appId, GITHUB_APP_PRIVATE_KEY: github.privateKey, GITHUB_API_URL: github.url },
		};
	});
	afterAll(async () => {
		for (const relay of relays) if (relay.isAlive) await relay.stop();
		await github?.stop();
		await postgres?.stop();
		bundle?.remove();
	});

	let lastId = 177_936_894_672_797_696n;
	const failed = (guid: string, deliveredAt: Date, statusCode = 502): HookDelivery => ({
		id: lastId++,
		guid,
		deliveredAt,
		statusCode,
	});
	/** Pushes by their delivery's id. */
	const pushes = new Map<string, unknown>();

	test("are asked for once each, on as many pages as there are, and none is lost", async () => {
		const first = await start();
		const made = await fetch(`${first.url}/api/projects`, {
			method: "POST",
			headers: { authorization: `Bearer ${first.token}`, "content-type": "application/json" },
			body: JSON.stringify({ name: "away", repository }),
		});
		expect(made.status).toBe(201);
		await expect.poll(() => github.askedOfDeliveries, patient).toHaveLength(1);
		await first.stop();

		// Away: some deliveries fail, one of them twice; one failed and was taken later; two are too old to be made again.
		const guids = Array.from({ length: 7 }, () => randomUUID());
		for (const [n, guid] of guids.entries()) pushes.set(guid, pushOf(repository, `models/b${n}`, commit(n)));
		const taken = randomUUID();
		github.deliveries.push(
			...[failed(guids[0] ?? "", minutesAgo(1)), failed(taken, minutesAgo(2), 202)],
			...guids.map((guid, n) => failed(guid, minutesAgo(3 + n), n % 2 ? 0 : 503)),
			failed(taken, minutesAgo(20)),
			...[5_000, 6_000].map((minutes) => failed(randomUUID(), minutesAgo(minutes))),
		);
		github.deliveriesAPage = 4;
		github.askedOfDeliveries.length = 0;
		const again: Promise<{ status: number }>[] = [];
		// GitHub cannot take one of the wishes: it is asked for another time.
		const refused = github.deliveries.find(({ guid }) => guid === guids[3])?.id;
		let url = "";
		github.redeliver = ({ id, guid }) => {
			if (id === refused && !relays[2]) return 500;
			again.push(postGithub(url, "push", pushes.get(guid), { delivery: guid }));
			return 202;
		};
		url = `http://127.0.0.1:${environment.PORT}`;
		const second = await start();
		const jobs = async () =>
			(await queryAsRelay<{ commit_sha: string }>(postgres.url, "select commit_sha from training_jobs"))
				.map(({ commit_sha }) => commit_sha)
				.sort();
		await expect
			.poll(() => second.log.map(({ msg }) => msg), patient)
			.toContain("GitHub's deliveries cannot be looked at now");
		// Three pages: the third holds what is too old, and nothing is asked after it.
		const lines = () => github.askedOfDeliveries.filter((line) => line.startsWith("GET"));
		expect(lines()).toHaveLength(3);
		await second.stop();

		const third = await start();
		await expect.poll(jobs, patient).toEqual(guids.map((_, n) => commit(n)).sort());
		await expect.poll(() => third.log.map(({ msg }) => msg), patient).toContain("GitHub was asked to deliver again");
		expect((await Promise.all(again)).map(({ status }) => status)).toEqual(guids.map(() => 202));
		const attempts = github.askedOfDeliveries.filter((line) => line.startsWith("POST"));
		// Each once, but the one that GitHub could not take at first; of the one that failed twice the latest.
		const ids = attempts.map((line) => line.split("/")[4]);
		expect(ids.filter((id) => id === String(refused))).toHaveLength(2);
		expect(new Set(ids).size).toBe(guids.length);
		expect(ids).toHaveLength(guids.length + 1);
		expect(ids).toContain(String(github.deliveries[0]?.id));
		await third.stop();

		// Asked for already: another relay asks for none of them.
		github.askedOfDeliveries.length = 0;
		const fourth = await start();
		await expect.poll(lines, patient).toHaveLength(3);
		expect(await fourth.stop()).toBe(0);
		expect(github.askedOfDeliveries).toHaveLength(3);
	});
});
