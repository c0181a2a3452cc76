import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPostgres } from "../../../server/database/postgres";
import type { Job } from "../../../src/shared/relay/job";
import { EventReader } from "../../support/eventReader";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import {
	accessToken,
	databases,
	type RelayUnderTest,
	sharedRelay,
	startTestRelay,
	withDatabase,
} from "../../support/relay";
import { testLogger } from "../../support/testLogger";

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

interface Claim {
	readonly job: Job;
	readonly lease: { readonly token: string; readonly expiresAt: string; readonly seconds: number };
	readonly project: { readonly repository: string; readonly mlflowExperiment: string | null };
	readonly params: Record<string, unknown>;
	readonly logSizeBytes: number;
}

/** A runner's side of the relay, as one person. */
function runnerOf(relay: RelayUnderTest, token: string | null = relay.token) {
	const post = (path: string, body: unknown) => relay.ask<Record<string, unknown>>("POST", path, { token, body });
	return {
		claim: async (waitMs = 0, labels?: string[]) => {
			const answer = await relay.ask<Claim>("POST", "/api/queue/claim", {
				token,
				body: { runner: "r", waitMs, ...(labels && { labels }) },
			});
			return answer.status === 200 ? answer.body : answer.status;
		},
		heartbeat: (id: string, lease: string, more = {}) => post(`/api/queue/${id}/heartbeat`, { lease, ...more }),
		complete: (id: string, lease: string, more = {}) =>
			post(`/api/queue/${id}/complete`, { lease, status: "completed", ...more }),
		release: (id: string, lease: string, labels?: string[]) =>
			post(`/api/queue/${id}/release`, { lease, ...(labels && { labels }) }),
		append: async (id: string, lease: string, offset: number, bytes: Uint8Array<ArrayBuffer>) => {
			const response = await fetch(`${relay.url}/api/jobs/${id}/log?offset=${offset}&lease=${lease}`, {
				method: "POST",
				headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
				body: bytes,
			});
			return { status: response.status, body: (await response.json()) as Record<string, unknown> };
		},
		read: async (id: string, query = "") => {
			const response = await fetch(`${relay.url}/api/jobs/${id}/log${query}`, {
				headers: { authorization: `Bearer ${token}` },
			});
			const bytes = Buffer.from(await response.arrayBuffer());
			return { status: response.status, bytes, size: response.headers.get("x-log-size") };
		},
		makeProject: async () =>
			(
				await relay.ask<{ id: string }>("POST", "/api/projects", {
					token,
					body: { name: "p", repository: `o/${randomUUID()}`, target: "runner", mlflowExperiment: "exp" },
				})
			).body.id,
		makeJob: async (projectId: string) => {
			const commitSha = randomBytes(20).toString("hex");
			const made = await relay.ask<Job>("POST", "/api/jobs", {
				token,
				body: { projectId, commitSha, branch: "models/x", params: { lr: 0.1 } },
			});
			return made.body.id;
		},
		job: async (id: string) => (await relay.ask<Job>("GET", `/api/jobs/${id}`, { token })).body,
		stop: (id: string) => post(`/api/jobs/${id}/stop`, {}),
	};
}

function claimed(answer: Claim | number): Claim {
	if (typeof answer === "number") throw new Error(`no claim: ${answer}`);
	return answer;
}

describe.each(databases)("the queue on %s", (kind) => {
	let database: Awaited<ReturnType<typeof withDatabase>>;
	let relay: RelayUnderTest;
	let runner: ReturnType<typeof runnerOf>;
	let project: string;
	beforeAll(async () => {
		database = await withDatabase(kind);
		relay = await startTestRelay({ ...database.environment, LEASE_SECONDS: "1" });
		runner = runnerOf(relay);
		project = await runner.makeProject();
	});
	afterAll(async () => {
		await relay.close();
		await database.stop();
	});

	test("gives the oldest first, and a job that comes while a runner waits", async () => {
		expect(await runner.claim()).toBe(204);
		const ids = [await runner.makeJob(project), await runner.makeJob(project)];
		for (const id of ids) {
			const { job, lease, params, project: of } = claimed(await runner.claim());
			expect(job).toMatchObject({ id, status: "running", projectId: project });
			expect(Object.keys(job)).not.toContain("params");
			expect(of).toEqual({ repository: expect.stringMatching(/^o\//), mlflowExperiment: "exp" });
			expect(lease.seconds).toBe(1);
			expect(params).toEqual({ lr: 0.1 });
			expect(lease.token).toMatch(/^\d+$/);
			const done = await runner.complete(id, lease.token, { mlflowRunId: "run" });
			expect(done).toMatchObject({ status: 200, body: { status: "completed", mlflowRunId: "run" } });
		}
		const waiting = runner.claim(20_000);
		await sleep(300);
		const startedMs = performance.now();
		const id = await runner.makeJob(project);
		const { lease } = claimed(await waiting);
		expect(performance.now() - startedMs).toBeLessThan(2_500);
		await runner.complete(id, lease.token);
	});

	test("a runner that goes away while it waits takes no job with it", async () => {
		const gone = new AbortController();
		const waiting = fetch(`${relay.url}/api/queue/claim`, {
			method: "POST",
			signal: gone.signal,
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			body: JSON.stringify({ runner: "r", waitMs: 30_000 }),
		}).catch(() => {});
		await sleep(200);
		gone.abort();
		await waiting;
		await sleep(200);
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		await runner.complete(id, lease.token);
	});

	test("a late holder is refused everywhere; the same end twice is one", async () => {
		const id = await runner.makeJob(project);
		const late = claimed(await runner.claim());
		await sleep(1_100);
		const next = claimed(await runner.claim(5_000));
		expect(next.job.id).toBe(id);
		expect(BigInt(next.lease.token)).toBeGreaterThan(BigInt(late.lease.token));
		expect((await runner.heartbeat(id, late.lease.token)).status).toBe(409);
		expect((await runner.append(id, late.lease.token, 0, Buffer.from("late"))).status).toBe(409);
		expect((await runner.complete(id, late.lease.token)).status).toBe(409);
		expect((await runner.release(id, late.lease.token)).status).toBe(409);
		const failed = { status: "failed", exitCode: 3 };
		for (let again = 0; again < 2; again++) {
			const { status, body } = await runner.complete(id, next.lease.token, again ? {} : failed);
			expect({ status, body }).toMatchObject({
				status: 200,
				body: { status: "failed", reason: "The training ended with exit code 3." },
			});
		}
		expect((await runner.heartbeat(id, next.lease.token)).status).toBe(409);
	});

	test("an expired lease that nobody took is renewed by its holder", async () => {
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		await expect.poll(async () => (await runner.job(id)).status).toBe("pending");
		expect(await runner.heartbeat(id, lease.token)).toMatchObject({ status: 200, body: { stop: false } });
		expect(await runner.job(id)).toMatchObject({ status: "running", reason: null });
		expect((await runner.complete(id, lease.token)).status).toBe(200);
	});

	test("a job that is given back waits for a runner with the labels it wants, as often as it has to", async () => {
		const id = await runner.makeJob(project);
		for (const [has, wants] of [
			[[], ["gpu"]],
			[["gpu"], ["big"]],
			[["gpu", "big"], []],
			[["gpu", "big"], []],
		] as [string[], string[]][]) {
			const { lease } = claimed(await runner.claim(0, has));
			const back = await runner.release(id, lease.token, wants);
			const reason = wants.length > 0 ? `It waits for a runner with the label ${wants[0]}.` : null;
			expect(back).toMatchObject({ status: 200, body: { id, status: "pending", reason } });
			expect((await runner.release(id, lease.token)).status).toBe(409);
			expect((await runner.heartbeat(id, lease.token)).status).toBe(409);
			expect(await runner.claim(0, wants.length > 0 ? has : ["gpu"])).toBe(204);
		}
		const { lease } = claimed(await runner.claim(0, ["big", "gpu"]));
		await runner.stop(id);
		expect((await runner.release(id, lease.token)).body).toMatchObject({ status: "stopped" });
		expect((await runner.release(id, lease.token)).status).toBe(409);
	});

	test("a job that loses every runner is given up, also when nobody asks for it", async () => {
		const id = await runner.makeJob(project);
		for (let lost = 0; lost < 3; lost++) expect(claimed(await runner.claim(10_000)).job.id).toBe(id);
		await expect.poll(() => runner.job(id)).toMatchObject({ status: "failed", reason: "runner lost" });
		expect(await runner.claim()).toBe(204);
	});

	test("tells progress, metrics and the wish to stop", async () => {
		const reader = new EventReader(relay.url, relay.token ?? "", project);
		await reader.opened;
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		const values = { loss: 0.5, bad: "NaN", far: "-Infinity" };
		expect(
			(await runner.heartbeat(id, lease.token, { progress: 0.25, metrics: { step: 7, values } })).body,
		).toMatchObject({ stop: false });
		await runner.stop(id);
		expect((await runner.heartbeat(id, lease.token)).body).toMatchObject({ stop: true });
		expect((await runner.complete(id, lease.token, { status: "stopped" })).body.reason).toMatch(/asked it to stop\.$/);
		await expect.poll(() => JSON.parse(reader.events.at(-1)?.data ?? "{}").status).toBe("stopped");
		const metric = reader.events.find((event) => event.kind === "job.metric");
		expect(JSON.parse(metric?.data ?? "")).toEqual({ jobId: id, step: 7, metrics: values });
		reader.cut();
	});

	test("a heartbeat names the run, once, while the job trains", async () => {
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		await runner.heartbeat(id, lease.token, { mlflowRunId: "run-1" });
		const { body } = await relay.ask<{ items: unknown[] }>("GET", `/api/jobs/${id}/history`);
		expect(await runner.job(id)).toMatchObject({ status: "running", mlflowRunId: "run-1" });
		await runner.heartbeat(id, lease.token);
		await runner.complete(id, lease.token);
		expect(await runner.job(id)).toMatchObject({ status: "completed", mlflowRunId: "run-1" });
		expect(body.items).toHaveLength(2);
	});

	test("keeps a log byte for byte, through repeats, overlaps and gaps", async () => {
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		const bytes = randomBytes(50_000);
		let size = 0;
		while (size < bytes.length) {
			const from = Math.floor(Math.random() * (size + 1));
			const part = bytes.subarray(from, from + Math.floor(Math.random() * 8_000));
			expect(await runner.append(id, lease.token, from, part)).toMatchObject({ status: 200 });
			size = Math.max(size, from + part.length);
			const gap = await runner.append(id, lease.token, size + 1, Buffer.from("x"));
			expect(gap).toMatchObject({ status: 409, body: { offset: size } });
			await runner.heartbeat(id, lease.token);
		}
		expect(await runner.read(id)).toEqual({ status: 200, bytes, size: "50000" });
		for (const [from, limit] of [
			[1, 10],
			[12_345, 20_000],
			[49_999, 5],
			[50_000, 5],
			[99_999, 5],
		] as const) {
			const part = await runner.read(id, `?offset=${from}&limit=${limit}`);
			expect(part.bytes).toEqual(bytes.subarray(from, from + limit));
		}
		const big = Buffer.alloc(8 * 1_048_576, "a");
		expect(await runner.append(id, lease.token, size, big)).toMatchObject({ status: 200 });
		expect((await runner.append(id, lease.token, size, Buffer.alloc(big.length + 1))).status).toBe(413);
		expect((await runner.read(id, "?offset=50000")).bytes.equals(big)).toBe(true);
		await runner.complete(id, lease.token);
	});

	test("is described", async () => {
		const { body } = await relay.ask("GET", "/api/openapi.json", { token: null });
		const paths = body.paths as Record<string, Record<string, { summary?: string }>>;
		for (const [path, methods] of Object.entries({
			"/api/events": ["get"],
			"/api/queue/claim": ["post"],
			"/api/queue/{jobId}/heartbeat": ["post"],
			"/api/queue/{jobId}/complete": ["post"],
			"/api/queue/{jobId}/release": ["post"],
			"/api/jobs/{id}/log": ["get", "post"],
		})) {
			for (const method of methods) expect(paths[path]?.[method]?.summary, path).toBeTruthy();
		}
	});

	test("answers no strange request with 500", async () => {
		const id = randomUUID();
		const strange = ["\0", "\ud800", "x".repeat(20_000), -1, 1e308, null, [], {}, true, "9".repeat(30)];
		for (const value of strange) {
			for (const [path, body] of [
				["/api/queue/claim", { runner: value, waitMs: 0 }],
				["/api/queue/claim", { runner: "r", waitMs: value === null || value === true ? 0 : value }],
				["/api/queue/claim", { runner: "r", labels: [value] }],
				[`/api/queue/${id}/heartbeat`, { lease: value, progress: value, metrics: { values: { a: value } } }],
				[`/api/queue/${id}/complete`, { lease: value, status: value }],
				[`/api/queue/${id}/release`, { lease: value, labels: [value] }],
				[`/api/queue/${id}/release`, { lease: "1", labels: [value] }],
				[`/api/queue/${encodeURIComponent(String(value).toWellFormed())}/complete`, { lease: "1", status: "failed" }],
				["/api/queue/claim", value],
			] as const) {
				expect((await relay.ask("POST", path, { body })).status, `${path} ${JSON.stringify(body)}`).toBeLessThan(500);
			}
			const query = `offset=${encodeURIComponent(String(value).toWellFormed())}&lease=${encodeURIComponent(String(value).toWellFormed())}`;
			expect((await relay.ask("GET", `/api/jobs/${id}/log?${query}`)).status).toBeLessThan(500);
			expect((await relay.ask("POST", `/api/jobs/${id}/log?${query}`, { body: {} })).status).toBeLessThan(500);
		}
	});
});

test("a lease that ran out while no relay was there lasts its whole time once one is", async () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-leases-"));
	const kept = { GAMMA_DATA_DIR: folder, GAMMA_LOCAL_TOKEN: "a-token-of-the-tests" };
	const before = await startTestRelay({ ...kept, LEASE_SECONDS: "1" });
	const id = await runnerOf(before).makeJob(await runnerOf(before).makeProject());
	const { lease } = claimed(await runnerOf(before).claim());
	await before.close();
	await sleep(1_100);
	const after = await startTestRelay({ ...kept, LEASE_SECONDS: "30" });
	const runner = runnerOf(after);
	expect(await runner.claim(500)).toBe(204);
	expect((await runner.heartbeat(id, lease.token)).status).toBe(200);
	expect((await runner.complete(id, lease.token)).status).toBe(200);
	await after.close();
	rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!postgresFolder)(
	"a training that says nothing for a minute is heard of all the same, once (needs PostgreSQL)",
	async () => {
		const postgres = await startPostgres();
		const relay = await startTestRelay({ DATABASE_URL: postgres.url, LOG_LEVEL: "error" });
		const runner = runnerOf(relay);
		const project = await runner.makeProject();
		const reader = new EventReader(relay.url, relay.token ?? "", project);
		await reader.opened;
		const id = await runner.makeJob(project);
		const { lease } = claimed(await runner.claim());
		await runner.heartbeat(id, lease.token);
		const owner = connectPostgres(postgres.url, testLogger);
		await owner.asOwner((transaction) =>
			transaction.query("update training_jobs set updated_at = now() - interval '61 seconds' where id = $1", [id]),
		);
		await owner.close();
		await runner.heartbeat(id, lease.token);
		await runner.heartbeat(id, lease.token);
		await runner.complete(id, lease.token);
		const states = () =>
			reader.events.filter(({ kind }) => kind === "job.updated").map(({ data }) => JSON.parse(data).status);
		// The claim, one sign of life, the end.
		await expect.poll(states).toEqual(["running", "running", "completed"]);
		reader.cut();
		await relay.close();
		await postgres.stop();
	},
);

describe.skipIf(!postgresFolder)("the queue among many (needs PostgreSQL)", () => {
	let postgres: PostgresServer;
	let relays: RelayUnderTest[];
	const user = randomUUID();
	let token: string;
	beforeAll(async () => {
		postgres = await startPostgres();
		const environment = { ...sharedRelay(postgres), LEASE_SECONDS: "2", LOG_LEVEL: "error" };
		relays = await Promise.all([1, 2].map(() => startTestRelay(environment)));
		token = await accessToken(user);
	});
	afterAll(async () => {
		for (const relay of relays) await relay.close();
		await postgres.stop();
	});

	test("other people's jobs can be neither claimed nor touched", async () => {
		const [relay] = relays as [RelayUnderTest];
		const mine = runnerOf(relay, token);
		const other = runnerOf(relay, await accessToken(randomUUID()));
		const id = await mine.makeJob(await mine.makeProject());
		expect(await other.claim()).toBe(204);
		const { lease } = claimed(await mine.claim());
		expect((await other.heartbeat(id, lease.token)).status).toBe(404);
		expect((await other.append(id, lease.token, 0, Buffer.from("x"))).status).toBe(404);
		expect((await other.complete(id, lease.token)).status).toBe(404);
		expect((await other.release(id, lease.token)).status).toBe(404);
		expect((await other.read(id)).status).toBe(404);
		expect((await mine.complete(id, lease.token)).status).toBe(200);
	});

	test("labels of a job must be among the runner's", async () => {
		const [relay] = relays as [RelayUnderTest];
		const mine = runnerOf(relay, token);
		const id = await mine.makeJob(await mine.makeProject());
		const database = connectPostgres(postgres.url, testLogger);
		await database.asRelay((transaction) =>
			transaction.query("update training_jobs set labels = '{gpu,big}' where id = $1", [id]),
		);
		await database.close();
		expect(await mine.claim(0, ["gpu"])).toBe(204);
		const { lease } = claimed(await mine.claim(0, ["cpu", "big", "gpu"]));
		await mine.complete(id, lease.token);
	});

	test("many runners at once have each job once, and one's lost lease is its own", async () => {
		const relay = await startTestRelay({ ...sharedRelay(postgres), LOG_LEVEL: "error" });
		const runner = runnerOf(relay, token);
		const project = await runner.makeProject();
		const ids = new Set<string>();
		for (let n = 0; n < 12; n++) ids.add(await runner.makeJob(project));
		const taken = (await Promise.all(Array.from({ length: 16 }, () => runner.claim()))).filter(
			(one): one is Claim => typeof one !== "number",
		);
		expect(new Set(taken.map(({ job }) => job.id))).toEqual(ids);
		expect(new Set(taken.map(({ lease }) => lease.token)).size).toBe(12);
		// Among the good ones: a token of another's, a stranger's job, the same end twice.
		const [late, twice] = taken;
		const strange = runner.complete(randomUUID(), "1");
		const wrong = runner.complete(late?.job.id ?? "", taken[5]?.lease.token ?? "", { status: "failed" });
		const again = runner.complete(twice?.job.id.toUpperCase() ?? "", twice?.lease.token ?? "", {
			mlflowRunId: "second",
		});
		const ends = await Promise.all(taken.map(({ job, lease }) => runner.complete(job.id, lease.token)));
		expect(ends.map(({ status }) => status)).toEqual(taken.map(() => 200));
		expect((await strange).status).toBe(404);
		expect((await wrong).status).toBe(409);
		expect(await again).toMatchObject({ status: 200, body: { status: "completed" } });
		for (const id of ids) expect(await runner.job(id)).toMatchObject({ status: "completed" });
		await relay.close();
	});

	test("20 claimers with crashes do 500 jobs once each, and never two at once", async () => {
		const runners = relays.map((relay) => runnerOf(relay, token));
		const project = await runners[0]!.makeProject();
		const database = connectPostgres(postgres.url, testLogger);
		await database.asRelay((transaction) =>
			transaction.query(
				`insert into training_jobs (project_id, commit_sha, branch, origin, target)
				select $1, repeat('a', 40), 'models/x', 'test:' || n, 'runner' from generate_series(1, 500) n`,
				[project],
			),
		);
		const completions = new Map<string, number>();
		const crashes = new Map<string, number>();
		/** What a claimer saw as its own: from its claim until its end, or its lease's. */
		const held: { id: string; token: bigint; fromMs: number; toMs: number }[] = [];
		await Promise.all(
			Array.from({ length: 20 }, async (_, index) => {
				const runner = runners[index % 2]!;
				while (completions.size < 500) {
					const answer = await runner.claim(1_000);
					if (typeof answer === "number") {
						expect(answer).toBe(204);
						continue;
					}
					const { job, lease } = answer;
					const interval = { id: job.id, token: BigInt(lease.token), fromMs: Date.now(), toMs: 0 };
					held.push(interval);
					if ((crashes.get(job.id) ?? 0) < 2 && Math.random() < 0.06) {
						crashes.set(job.id, (crashes.get(job.id) ?? 0) + 1);
						interval.toMs = new Date(lease.expiresAt).getTime();
						continue;
					}
					await sleep(Math.random() * 20);
					interval.toMs = Date.now();
					const { status } = await runner.complete(job.id, lease.token);
					expect(status).toBe(200);
					completions.set(job.id, (completions.get(job.id) ?? 0) + 1);
				}
			}),
		);
		expect(completions.size).toBe(500);
		expect([...completions.values()].every((times) => times === 1)).toBe(true);
		expect(crashes.size).toBeGreaterThan(0);
		for (const one of held) {
			for (const other of held) {
				if (one.id === other.id && one.token < other.token) expect(one.toMs).toBeLessThanOrEqual(other.fromMs);
			}
		}
		const rows = await database.asRelay((transaction) =>
			transaction.query<{ id: string; status: string; claims: number }>(
				"select id, status, claims from training_jobs where project_id = $1",
				[project],
			),
		);
		for (const { id, status, claims } of rows) {
			expect({ status, claims }).toEqual({ status: "completed", claims: 1 + (crashes.get(id) ?? 0) });
		}
		await database.close();
	});
});
