import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../../server/database/database";
import { connectPostgres } from "../../../server/database/postgres";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import { askExactly } from "../../support/askExactly";
import { MlflowApi } from "../../support/mlflowApi";
import { type RunningServer, startAuthProxy, startMlflowServer } from "../../support/mlflowServer";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { accessToken, type RelayUnderTest, sharedRelay, startTestRelay } from "../../support/relay";
import { testLogger } from "../../support/testLogger";
import { makePeople, makeProject, people } from "../../support/userRoutes";

const python = process.env.GAMMA_PYTHON;
const password = "the relay's own password";
const outsiderId = "55555555-5555-4555-8555-555555555555";
const insiders = ["owner", "member", "viewer"] as const;

interface Page {
	readonly items: readonly Record<string, unknown>[];
	readonly next: string | null;
}

describe.skipIf(!postgresFolder || !python)("MLflow behind the relay (needs PostgreSQL and GAMMA_PYTHON)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-behind-"));
	let postgres: PostgresServer;
	let server: RunningServer;
	let proxy: RunningServer;
	let relay: RelayUnderTest;
	let database: Database;
	let projectId: string;
	let tokens: Record<keyof typeof people | "outsider", string>;
	let ours: { readonly id: string; readonly runs: readonly string[] };
	let theirs: { readonly id: string; readonly runs: readonly string[] };
	const mlflowAddress = () => {
		const url = new URL(proxy.url);
		return `${url.protocol}//relay:${encodeURIComponent(password)}@${url.host}`;
	};
	const bytes = new TextEncoder().encode("<script>alert(1)</script>".repeat(1_000));

	beforeAll(async () => {
		server = await startMlflowServer(python ?? "", `sqlite:///${join(folder, "mlflow.db")}`, join(folder, "artifacts"));
		const authorization = `Basic ${Buffer.from(`relay:${password}`).toString("base64")}`;
		proxy = await startAuthProxy(server.url, authorization);
		const api = new MlflowApi(server.url);
		const id = await api.makeExperiment("team/digits");
		const runs = [];
		for (let n = 0; n < 5; n++) runs.push(await api.makeRun(id, `run-${n}`, { "train/loss": [3, 2, "NaN", n] }));
		await api.putArtifact(id, runs[0] ?? "", "model/page.html", bytes);
		ours = { id, runs: runs.reverse() };
		const other = await api.makeExperiment("secret");
		theirs = { id: other, runs: [await api.makeRun(other, "hidden", { loss: [1] })] };
		await api.putArtifact(other, theirs.runs[0] ?? "", "weights.bin", bytes);

		postgres = await startPostgres();
		relay = await startTestRelay({ ...sharedRelay(postgres), MLFLOW_TRACKING_URI: mlflowAddress() });
		database = connectPostgres(postgres.url, testLogger);
		await makePeople(database, [...Object.values(people), outsiderId]);
		const project = await makeProject(database, {
			[people.owner]: "owner",
			[people.member]: "member",
			[people.viewer]: "viewer",
		});
		projectId = project.projectId;
		const bind = (id: string, experiment: string) =>
			database.asRelay((transaction) =>
				transaction.query("update projects set mlflow_experiment = $2 where id = $1", [id, experiment]),
			);
		await bind(projectId, "team/digits");
		await bind((await makeProject(database, { [outsiderId]: "owner" })).projectId, "secret");
		const all = Object.entries({ ...people, outsider: outsiderId });
		tokens = Object.fromEntries(await Promise.all(all.map(async ([role, id]) => [role, await accessToken(id)])));
	});
	afterAll(async () => {
		await database?.close();
		await relay?.close();
		await proxy?.stop();
		await server?.stop();
		await postgres?.stop();
		rmSync(folder, { recursive: true, force: true });
	});
	const ask = (token: string, path: string, method = "GET", body?: unknown) =>
		relay.ask<Page & Record<string, unknown>>(method, path, { token, ...(body !== undefined && { body }) });

	test.each(insiders)("the experiment of their project is read by its %s", async (role) => {
		const token = tokens[role];
		expect((await ask(token, "/api/experiments")).body).toEqual({
			items: [{ id: ours.id, name: "team/digits", tags: expect.any(Object) }],
			next: null,
		});
		const listed: unknown[] = [];
		for (let before = ""; ; ) {
			const { status, body } = await ask(token, `/api/experiments/team%2Fdigits/runs?limit=2${before}`);
			expect(status).toBe(200);
			expect(body.items.length).toBeLessThanOrEqual(2);
			listed.push(...body.items);
			if (body.next === null) break;
			before = `&before=${encodeURIComponent(body.next)}`;
		}
		expect(listed.map((run) => (run as { id: string }).id)).toEqual(ours.runs);
		expect(listed[0]).toMatchObject({
			name: "run-4",
			experimentName: "team/digits",
			status: "RUNNING",
			params: { lr: "0.1" },
			metrics: { "train/loss": 4 },
			parentRunId: null,
		});
		const series = await ask(token, `/api/experiments/runs/${ours.runs[0]}/metrics/train%2Floss`);
		expect(series.body).toEqual({
			key: "train/loss",
			steps: [0, 1, 2, 3],
			values: [3, 2, "NaN", 4],
			timestampsMs: [0, 1, 2, 3].map((step) => 1_700_000_000_000 + step),
		});
	});

	test("what is of no project of theirs is not there for anybody, by any way", async () => {
		const [run] = theirs.runs;
		const ways: readonly (readonly [path: string, method?: string, body?: object])[] = [
			["/api/experiments/secret/runs"],
			[`/api/experiments/runs/${run}/metrics/loss`],
			[`/api/mlflow/api/2.0/mlflow/experiments/get?experiment_id=${theirs.id}`],
			["/api/mlflow/api/2.0/mlflow/experiments/get-by-name?experiment_name=secret"],
			[`/api/mlflow/api/2.0/mlflow/runs/get?run_id=${run}`],
			[`/api/mlflow/api/2.0/mlflow/runs/get?run_uuid=${run}`],
			[`/api/mlflow/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=loss`],
			[`/api/mlflow/api/2.0/mlflow/artifacts/list?run_id=${run}`],
			[`/api/mlflow/get-artifact?run_id=${run}&path=weights.bin`],
			["/api/mlflow/2.0/mlflow/runs/search", "POST", { experiment_ids: [ours.id, theirs.id] }],
			["/api/mlflow/runs/search", "POST", { experiment_ids: [theirs.id] }],
		];
		for (const [path, method, body] of ways) {
			for (const role of [...insiders, "stranger"] as const) {
				const hidden = await ask(tokens[role], path, method, body);
				expect(hidden.status, `${path} as ${role}`).toBe(404);
				expect(JSON.stringify(hidden.body)).not.toContain("secret");
			}
			const allowed = await ask(tokens.outsider, path, method, body && { experiment_ids: [theirs.id] });
			expect(allowed.status, path).toBe(200);
			expect((await relay.ask(method ?? "GET", path, { token: null, body })).status).toBe(401);
		}
		const absent = await ask(tokens.member, `/api/mlflow/runs/get?run_id=${"0".repeat(32)}`);
		expect(absent.body).toEqual((await ask(tokens.member, `/api/mlflow/runs/get?run_id=${run}`)).body);
		expect((await ask(tokens.stranger, "/api/experiments")).body).toEqual({ items: [], next: null });
		const search = await ask(tokens.viewer, "/api/mlflow/api/2.0/mlflow/experiments/search", "POST", {});
		expect(search.body.experiments).toMatchObject([{ name: "team/digits" }]);
		const nobody = await ask(tokens.stranger, "/api/mlflow/api/2.0/mlflow/experiments/search?max_results=5");
		expect(nobody.body.experiments).toEqual([]);
	});

	test("one run cannot be got past another, nor one list past another", async () => {
		const [mine, hidden] = [ours.runs[0], theirs.runs[0]];
		const base = "/api/mlflow/api/2.0/mlflow";
		for (const path of [
			`${base}/runs/get?run_id=${mine}&run_uuid=${hidden}`,
			`${base}/runs/get?run_id=${mine}&run_id=${hidden}`,
			`${base}/runs/get`,
			`${base}/artifacts/list?run_id=${mine}&path=..%2F..%2F..%2F${theirs.id}%2F${hidden}%2Fartifacts`,
			`/api/mlflow/get-artifact?run_id=${mine}&path=..%2F${hidden}%2Fweights.bin`,
			`/api/mlflow/get-artifact?run_id=${mine}&path=%252e%252e%252f${hidden}`,
			`/api/mlflow/get-artifact?run_id=${mine}&path=a%255c..%255c..%255cx`,
			`/api/mlflow/get-artifact?run_id=${mine}&path=%2Fetc%2Fpasswd`,
			`/api/mlflow/get-artifact?run_id=${mine}&path=;%2F..%2F..%2Fx`,
		]) {
			expect((await ask(tokens.owner, path)).status, path).toBe(400);
		}
		// Protobuf's JSON knows both spellings: only the one that was checked goes on.
		const both = { experiment_ids: [ours.id], experimentIds: [theirs.id] };
		const found = await ask(tokens.owner, `${base}/runs/search`, "POST", both);
		expect(JSON.stringify(found.body)).not.toContain(hidden);
		for (const body of [{}, { experiment_ids: [] }, { experiment_ids: { "0": theirs.id } }]) {
			expect((await ask(tokens.owner, `${base}/runs/search`, "POST", body)).status).toBe(400);
		}
	});

	test("nothing is written, and no other address is reached", async () => {
		const paths = [
			"api/2.0/mlflow/runs/create",
			"api/2.0/mlflow/runs/log-metric",
			"api/2.0/mlflow/runs/delete",
			"api/2.0/mlflow/experiments/update",
			"api/2.0/mlflow-artifacts/artifacts/1/x",
			"api/2.0/mlflow/users/get",
			"api/2.0/mlflow/runs/../runs/create",
			"api/2.0/mlflow/runs/%2e%2e/runs/create",
			"..%2f..%2fhealth",
			"%2e%2e/%2e%2e/health",
			"..;/health",
			"//127.0.0.1/health",
			"@127.0.0.1/health",
			"runs%2fget",
			"constructor",
			"__proto__",
			"",
		];
		for (const path of paths) {
			for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
				const status = await askExactly(relay.url, `/api/mlflow/${path}`, method, tokens.owner);
				expect([400, 403, 404], `${method} ${path}`).toContain(status);
			}
		}
		for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
			const body = { run_id: ours.runs[0] };
			expect((await ask(tokens.owner, "/api/mlflow/api/2.0/mlflow/runs/get", method, body)).status).toBe(403);
		}
	});

	test("Gamma's own reader of MLflow servers reads through it, artifacts by range too", async () => {
		const auth = { kind: "bearer", token: tokens.viewer } as const;
		const store = new MlflowServerStore({ id: "s", label: "relay", url: `${relay.url}/api/mlflow`, auth });
		try {
			expect((await store.experiments()).map(({ name }) => name)).toEqual(["team/digits"]);
			const found = await store.search({ view: "active", filter: "attributes.run_name = 'run-3'" });
			expect(found.map(({ id }) => id)).toEqual([ours.runs[1]]);
			const last = ours.runs.at(-1) ?? "";
			expect(Array.from((await store.history(last, "train/loss")).values)).toEqual([3, 2, Number.NaN, 0]);
			expect(await store.artifacts(last, "model")).toMatchObject([{ path: "model/page.html", isDir: false }]);
			const { bytes: part } = await store.readArtifact(last, "model/page.html", { offset: 8, length: 9 });
			expect(new TextDecoder().decode(part)).toBe("alert(1)<");
			expect((await store.readArtifact(last, "model/page.html")).bytes).toEqual(new Uint8Array(bytes));
			await expect(store.search({ view: "active", filter: "nonsense ==" })).rejects.toMatchObject({
				code: "search.syntax",
			});
		} finally {
			store.dispose();
		}
		const page = await relay.ask<string>(
			"GET",
			`/api/mlflow/get-artifact?run_id=${ours.runs.at(-1)}&path=model/page.html`,
			{
				token: tokens.viewer,
			},
		);
		expect(Object.fromEntries(page.headers)).toMatchObject({
			"content-type": "application/octet-stream",
			"content-disposition": "attachment",
			"content-security-policy": "sandbox",
			"x-content-type-options": "nosniff",
		});
	});

	test("an experiment is the project's that named it, and whoever owns that one shares it", async () => {
		const make = (token: string, mlflowExperiment: string) =>
			ask(token, "/api/projects", "POST", { name: "p", repository: `a/${crypto.randomUUID()}`, mlflowExperiment });
		expect((await make(tokens.stranger, "team/digits")).status).toBe(409);
		const free = await make(tokens.stranger, "nobody's yet");
		expect(free.status).toBe(201);
		const change = (token: string, id: unknown) =>
			ask(token, `/api/projects/${id}`, "PATCH", { mlflowExperiment: "team/digits" });
		expect((await change(tokens.stranger, free.body.id)).status).toBe(409);
		const past = database.asUser(people.stranger, (transaction) =>
			transaction.query("update projects set mlflow_experiment = 'team/digits' where id = $1", [free.body.id]),
		);
		await expect(past).rejects.toMatchObject({ code: "GM002" });
		// A member may read it, but not give it away.
		expect((await make(tokens.member, "team/digits")).status).toBe(409);
		const shared = await make(tokens.owner, "team/digits");
		expect(shared.status).toBe(201);
		expect((await ask(tokens.owner, `/api/projects/${shared.body.id}`, "PATCH", { name: "q" })).status).toBe(200);
		await ask(tokens.owner, `/api/projects/${shared.body.id}`, "DELETE");
	});

	test("its password is in no answer and in no log", () => {
		expect(relay.log.join("")).not.toContain(encodeURIComponent(password));
		expect(relay.log.join("")).not.toContain(Buffer.from(`relay:${password}`).toString("base64"));
		expect(relay.log.filter((line) => JSON.parse(line).level >= 50)).toEqual([]);
	});

	test("a local relay's one person sees all of it; without MLflow there is none, and one that is away is said to be", async () => {
		const local = await startTestRelay({ MLFLOW_TRACKING_URI: mlflowAddress() });
		const none = await startTestRelay();
		try {
			const names = async () =>
				((await local.ask("GET", "/api/experiments")).body as unknown as Page).items.map(({ name }) => name);
			expect(await names()).toEqual(["secret", "team/digits", "Default"]);
			const first = (await local.ask("GET", "/api/experiments?limit=2")).body as unknown as Page;
			expect(first).toMatchObject({ items: [{ name: "secret" }, { name: "team/digits" }], next: ours.id });
			const second = (await local.ask("GET", `/api/experiments?limit=2&before=${first.next}`)).body as unknown as Page;
			expect(second).toMatchObject({ items: [{ name: "Default" }], next: null });
			expect((await local.ask("GET", "/api/experiments?before=nothing")).status).toBe(400);
			for (const path of ["/api/experiments", "/api/experiments/x/runs", "/api/mlflow/runs/get?run_id=x"]) {
				expect((await none.ask("GET", path)).status, path).toBe(404);
			}
			await proxy.stop();
			await expect.poll(async () => (await local.ask("GET", "/api/experiments")).status).toBe(503);
			for (const path of [
				`/api/experiments/runs/${ours.runs[0]}/metrics/loss`,
				`/api/mlflow/runs/get?run_id=${ours.runs[0]}`,
			]) {
				const away = await local.ask("GET", path);
				expect(away.status, path).toBe(503);
				expect(away.headers.get("content-type")).toBe("application/problem+json");
				expect(JSON.stringify(away.body)).not.toContain(new URL(proxy.url).host);
			}
			expect((await local.ask("GET", "/api/health")).status).toBe(200);
		} finally {
			await local.close();
			await none.close();
		}
	});
});
