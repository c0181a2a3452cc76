import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/relay/job";
import { mixDeliveries, seededRandom, toSending } from "../../support/deliveryMix";
import { type ExpectedJob, expectedJobs } from "../../support/expectedJobs";
import { freePort, type MortalPostgres, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { RestlessReader } from "../../support/restlessReader";
import { StubbornSender } from "../../support/stubbornSender";
import { queryAsRelay } from "../../support/webhooks";

const seed = 20_261_125;
const total = 10_000;
const repositories = { ci: ["acme/vision", "acme/speech"], runner: "acme/local", unknown: "others/secret" };
/** One relay's pool, and the connection that listens. */
const mostConnections = 17;
const patient = { timeout: 90_000, interval: 20 };

describe.skipIf(!postgresFolder)("10,000 deliveries (needs PostgreSQL)", () => {
	let postgres: MortalPostgres;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let relay: RelayProcess;
	let environment: Record<string, string>;
	const nameOf = new Map<string, string>();
	beforeAll(async () => {
		postgres = await startPostgres();
		bundle = await bundleRelay();
		environment = { DATABASE_URL: postgres.url, PORT: String(await freePort()) };
		relay = await RelayProcess.start(bundle.file, environment);
		for (const repository of [...repositories.ci, repositories.runner]) {
			const target = repository === repositories.runner ? "runner" : "sagemaker";
			const made = await fetch(`${relay.url}/api/projects`, {
				method: "POST",
				headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
				body: JSON.stringify({ name: repository, repository, target }),
			});
			expect(made.status).toBe(201);
			nameOf.set(((await made.json()) as { id: string }).id, repository);
		}
	});
	afterAll(async () => {
		if (relay?.isAlive) await relay.stop();
		await postgres?.stop();
		bundle?.remove();
	});

	const query = <Row>(sql: string, values: readonly unknown[] = []) => queryAsRelay<Row>(postgres.url, sql, values);
	const connections = async () => {
		const [row] = await query<{ count: string }>(
			`select count(*)::text as count from pg_stat_activity
			where application_name like 'gamma-relay%' and pid <> pg_backend_pid()`,
		);
		return Number(row?.count);
	};

	async function restartRelay() {
		await relay.kill();
		relay = await RelayProcess.start(bundle.file, environment);
	}

	/** Kills the database while deliveries come; answers what the relay said meanwhile. */
	async function restartDatabase(sender: StubbornSender) {
		await postgres.kill();
		const before = sender.refusals.length;
		await expect.poll(() => sender.refusals.length - before, patient).toBeGreaterThan(200);
		const health = async () => {
			const response = await fetch(`${relay.url}/api/health`);
			return [response.status, await response.json()];
		};
		await expect.poll(health, patient).toMatchObject([503, { status: "degraded", database: "away" }]);
		const jobs = await fetch(`${relay.url}/api/jobs`, { headers: { authorization: `Bearer ${relay.token}` } });
		expect([jobs.status, jobs.headers.get("retry-after")]).toEqual([503, "5"]);
		const refusals = sender.refusals.slice(before);
		await postgres.startAgain();
		const began = performance.now();
		const { accepted } = sender;
		await expect.poll(() => sender.accepted, patient).toBeGreaterThan(accepted);
		// R3: GitHub's deliveries are taken again at once.
		expect(performance.now() - began).toBeLessThan(5_000);
		expect(relay.isAlive).toBe(true);
		return refusals;
	}

	test("make exactly the right jobs and events, whatever is killed meanwhile", async () => {
		const random = seededRandom(seed);
		const mix = mixDeliveries(total, repositories, random);
		const subscribers = [1, 2, 3].map(() =>
			[...nameOf.keys()].map((project) => new RestlessReader(relay.url, relay.token, project, random)),
		);
		await Promise.all(subscribers.flat().map(({ opened }) => opened));
		const sender = new StubbornSender(relay.url);
		const sent = sender.send(total, (at) => toSending(mix.sendings[at]!));
		const reach = (share: number) =>
			expect.poll(() => sender.accepted, patient).toBeGreaterThanOrEqual(Math.round(total * share));
		await reach(0.15);
		await restartRelay();
		await reach(0.35);
		const whileAway = await restartDatabase(sender);
		await reach(0.55);
		await restartRelay();
		await reach(0.75);
		await restartRelay();
		await sent;

		// Nothing but the kills was refused, and while the database was away each was told to come again.
		expect(sender.accepted + sender.forged).toBe(total);
		expect(sender.forged).toBe(mix.sendings.filter(({ isForged }) => isForged).length);
		expect(new Set(whileAway.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(new Set(["503 5"]));
		expect(new Set(sender.refusals.map(({ status }) => status))).toEqual(new Set([0, 503]));

		const heard = new Set(mix.sendings.filter(({ isForged }) => !isForged).map(({ delivery }) => delivery.id));
		const stored = await query<{ id: string; outcome: string }>("select id, outcome from deliveries");
		expect(new Set(stored.map(({ id }) => id))).toEqual(heard);
		expect(stored.filter(({ outcome }) => outcome === "unreadable" || outcome === "replayed")).toEqual([]);

		const jobs = await allJobs();
		expect(sorted(jobs.map(toExpected))).toEqual(sorted(expectedJobs(mix)));
		const states = new Set(jobs.map(({ status }) => status));
		expect(states).toEqual(new Set(["pending", "running", "completed", "failed", "stopped"]));

		for (const project of nameOf.keys()) {
			const events = await query<{ id: string; kind: string; data: string }>(
				"select id::text, kind, data from events where project_id = $1 order by events.id",
				[project],
			);
			const all = events.map(({ id, ...event }) => ({ id: Number(id), ...event }));
			const position = [...nameOf.keys()].indexOf(project);
			for (const readers of subscribers) {
				const reader = readers[position]!;
				await expect.poll(() => reader.events.length, patient).toBeGreaterThanOrEqual(all.length);
				await reader.stop();
				expect(reader.connections).toBeGreaterThan(10);
				expect(reader.events.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
				expect(reader.events).toEqual(all);
			}
			// Who only listened knows each job as it is now, from its beginning.
			const known = new Map<string, Job>();
			for (const { kind, data } of all) {
				const job = JSON.parse(data) as Job;
				expect(kind).toBe(known.has(job.id) ? "job.updated" : "job.created");
				known.set(job.id, job);
			}
			const theirs = jobs.filter(({ projectId }) => projectId === project);
			expect(theirs.length).toBeGreaterThan(100);
			expect(known).toEqual(new Map(theirs.map((job) => [job.id, job])));
		}

		expect(relay.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
		await expect.poll(connections, patient).toBeLessThanOrEqual(mostConnections);
		expect(await relay.stop()).toBe(0);
		await expect.poll(connections, patient).toBe(0);
	});

	async function allJobs(): Promise<Job[]> {
		const jobs: Job[] = [];
		for (const project of nameOf.keys()) {
			let before: string | null = "";
			while (before !== null) {
				const page: Response = await fetch(
					`${relay.url}/api/jobs?project=${project}&limit=500${before && `&before=${before}`}`,
					{ headers: { authorization: `Bearer ${relay.token}` } },
				);
				const { items, next } = (await page.json()) as { items: Job[]; next: string | null };
				jobs.push(...items);
				before = next;
			}
		}
		return jobs;
	}

	const toExpected = ({ projectId, branch, commitSha, workflowRunId, attempt, status, reason }: Job): ExpectedJob => {
		return { repository: nameOf.get(projectId) ?? "", branch, commitSha, workflowRunId, attempt, status, reason };
	};
	const sorted = (jobs: readonly ExpectedJob[]) =>
		[...jobs].sort((a, b) => (`${a.commitSha} ${a.attempt}` < `${b.commitSha} ${b.attempt}` ? -1 : 1));
});
