import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import {
	allRuns,
	type ExpectedStore,
	historyHash,
	inMlflowWords,
	readExpected,
	withoutHistories,
} from "../../support/expectedRuns";
import { fixturesFolder, fixturesPresent } from "../../support/fixtures";
import { type RunningServer, startAuthProxy, startMlflowServer } from "../../support/mlflowServer";

const clients = [
	{ version: "3.17", python: process.env.GAMMA_PYTHON },
	{ version: "2.14", python: process.env.GAMMA_PYTHON_MLFLOW2 },
].map((client) => ({ ...client, isPresent: client.python !== undefined && fixturesPresent }));

for (const { version, python = "", isPresent } of clients) {
	describe.skipIf(!isPresent)(`a real MLflow ${version} server (skipped without its Python and the fixtures)`, () => {
		let folder: string;
		let server: RunningServer;
		let store: MlflowServerStore;
		let expected: ExpectedStore;

		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), "gamma-server-"));
			cpSync(join(fixturesFolder(), "mlflow", `sqlite-${version}`), folder, { recursive: true });
			expected = readExpected(join(folder, "EXPECTED.json"));
			server = await startMlflowServer(python, `sqlite:///${join(folder, "mlflow.db")}`, join(folder, "artifacts"));
			store = new MlflowServerStore({ id: "s", url: server.url, label: "server" });
		});
		afterAll(async () => {
			store?.dispose();
			await server?.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		test("has the experiments its client reads, deleted ones included", async () => {
			const experiments = await store.experiments();
			const found = experiments.map(({ id, name, lifecycleStage, tags }) => ({
				experiment_id: id,
				name,
				lifecycle_stage: lifecycleStage,
				tags,
			}));
			const byId = (a: { experiment_id: string }, b: { experiment_id: string }) =>
				a.experiment_id < b.experiment_id ? -1 : 1;
			expect(found.sort(byId)).toEqual([...expected.experiments].sort(byId));
		});

		test("has every run its client reads, and no other", async () => {
			const runs = await allRuns(store);
			const byId = (a: { run_id: string }, b: { run_id: string }) => (a.run_id < b.run_id ? -1 : 1);
			expect(runs.map(inMlflowWords).sort(byId)).toEqual(expected.runs.map(withoutHistories).sort(byId));
		});

		test("has every point of every metric, twice the same", async () => {
			for (const run of expected.runs) {
				for (const [metric, { n, history_sha256 }] of Object.entries(run.metric_history)) {
					for (let time = 0; time < 2; time++) {
						const history = await store.history(run.run_id, metric);
						expect(history.steps.length, `${run.run_name} ${metric}`).toBe(n);
						expect(historyHash(history), `${run.run_name} ${metric}`).toBe(history_sha256);
					}
				}
			}
		});

		test("answers each search in its own order, and refuses what MLflow refuses", async () => {
			for (const search of expected.searches) {
				const found = await store.search({ filter: search.filter, orderBy: search.order_by, view: "active" });
				expect(
					found.map((run) => run.id),
					search.filter,
				).toEqual(search.run_ids);
			}
			const limited = await store.search({ view: "active", limit: 3 });
			expect(limited.map((run) => run.id)).toEqual(expected.searches[0]?.run_ids.slice(0, 3));
			await expect(store.search({ filter: "metrics.x ~ 3", view: "active" })).rejects.toMatchObject({
				code: "search.syntax",
			});
		});

		test("says which run or metric it does not have", async () => {
			await expect(store.run("0".repeat(32))).rejects.toMatchObject({ code: "run.missing" });
			const [run] = expected.runs;
			await expect(store.history(run!.run_id, "no such")).rejects.toMatchObject({ code: "metric.missing" });
			expect((await store.run(run!.run_id)).name).toBe(run!.run_name);
		});

		test("a second look at a store at rest announces nothing", async () => {
			expect(await allRuns(store)).toEqual([]);
		});

		test("is read through a proxy that asks for a password, and not without one", async () => {
			const secret = `Basic ${Buffer.from("ana:pä55").toString("base64")}`;
			const proxy = await startAuthProxy(server.url, secret);
			const auth = { kind: "basic", username: "ana", password: "pä55" } as const;
			const allowed = new MlflowServerStore({ id: "a", url: proxy.url, label: "proxy", auth });
			const denied = new MlflowServerStore({ id: "d", url: proxy.url, label: "proxy" });
			try {
				expect((await allRuns(allowed)).length).toBe(expected.runs.length);
				await expect(allRuns(denied)).rejects.toMatchObject({ code: "store.refused" });
			} finally {
				allowed.dispose();
				denied.dispose();
				await proxy.stop();
			}
		});
	});
}
