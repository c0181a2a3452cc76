import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isMlflowSqlite, MlflowSqliteStore } from "../../../../src/adapters/mlflow/sqliteStore";
import {
	allArtifacts,
	allRuns,
	historyHash,
	inMlflowWords,
	readExpected,
	withoutHistories,
} from "../../../support/expectedRuns";
import { fixturesFolder, fixturesPresent } from "../../../support/fixtures";
import { treeDigest } from "../../../support/treeDigest";

const folder = fixturesPresent ? mkdtempSync(join(tmpdir(), "gamma-sqlite-")) : "";
if (fixturesPresent) cpSync(join(fixturesFolder(), "mlflow"), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!fixturesPresent).each(["2.14", "3.17"])(
	"the SQLite store that MLflow %s wrote (skipped without fixtures)",
	(version) => {
		const root = join(folder, `sqlite-${version}`);
		const file = join(root, "mlflow.db");
		const expected = fixturesPresent ? readExpected(join(root, "EXPECTED.json")) : undefined!;
		const store = new MlflowSqliteStore({ id: "s", file, label: "mlflow.db" });
		const before = fixturesPresent ? treeDigest(root) : "";
		afterAll(() => store.dispose());

		test("is recognised", async () => {
			expect(await isMlflowSqlite(file)).toBe(true);
			expect(await isMlflowSqlite(join(root, "EXPECTED.json"))).toBe(false);
			expect(await isMlflowSqlite(join(root, "nothing.db"))).toBe(false);
		});

		test("has the experiments MLflow reads, deleted ones included", async () => {
			const experiments = await store.experiments();
			expect(
				experiments.map(({ id, name, lifecycleStage, tags }) => ({
					experiment_id: id,
					name,
					lifecycle_stage: lifecycleStage,
					tags,
				})),
			).toEqual(expected.experiments);
		});

		test("has every run MLflow reads, with its params, tags and latest metrics, and no other", async () => {
			const runs = await allRuns(store);
			const byId = (a: { run_id: string }, b: { run_id: string }) => (a.run_id < b.run_id ? -1 : 1);
			expect(runs.map(inMlflowWords).sort(byId)).toEqual(expected.runs.map(withoutHistories).sort(byId));
			expect(runs.map((run) => run.problem).filter((problem) => problem !== null)).toEqual([]);
		});

		test("has every point of every metric, in MLflow's order", async () => {
			for (const run of expected.runs) {
				for (const [metric, { n, history_sha256 }] of Object.entries(run.metric_history)) {
					const history = await store.history(run.run_id, metric);
					expect(history.steps.length, `${run.run_name} ${metric}`).toBe(n);
					expect(historyHash(history), `${run.run_name} ${metric}`).toBe(history_sha256);
					const { timestampsMs: times, steps } = history;
					expect(times.every((time, i) => i === 0 || times[i - 1]! < time || steps[i - 1]! <= steps[i]!)).toBe(true);
				}
			}
		});

		test("has the artifacts of every run beside it, though their addresses name another machine", async () => {
			for (const run of expected.runs) {
				const found = await allArtifacts(store, run.run_id);
				expect(found.map(({ path, isDir, sizeBytes }) => ({ path, is_dir: isDir, size: sizeBytes }))).toEqual(
					run.artifacts,
				);
			}
		});

		test("answers each search as MLflow does", async () => {
			for (const search of expected.searches) {
				const found = await store.search({ filter: search.filter, orderBy: search.order_by, view: "active" });
				expect(
					found.map((run) => run.id),
					search.filter,
				).toEqual(search.run_ids);
			}
		});

		test("finds runs by the data set they were trained on", async () => {
			const found = await store.search({ filter: "datasets.name = 'toy-open'", view: "active" });
			expect(found.map((run) => [run.name, run.datasets?.[0]?.context])).toEqual([
				["fluent + system metrics", "training"],
			]);
		});

		test("shows the images that were logged at steps", async () => {
			const withImages = [];
			for (const run of expected.runs) {
				if (run.artifacts.some(({ path }) => path === "images")) withImages.push(run.run_id);
			}
			expect(withImages.length).toBeGreaterThan(0);
			const [series] = await store.media(withImages[0]!);
			expect(series).toMatchObject({ kind: "image", samples: [{ step: 0 }, { step: 5 }] });
			const image = await store.readMedia(withImages[0]!, series!.tag, 1);
			expect(image).toMatchObject({ kind: "image", mimeType: "image/png" });
		});

		test("names what is not there", async () => {
			const [run] = expected.runs;
			await expect(store.run("nothing")).rejects.toMatchObject({ code: "run.missing" });
			await expect(store.history("nothing", "loss")).rejects.toMatchObject({ code: "run.missing" });
			await expect(store.history(run!.run_id, "nothing")).rejects.toMatchObject({ code: "metric.missing" });
			expect((await store.run(run!.run_id)).name).toBe(run!.run_name);
		});

		test("is left exactly as it was", () => {
			expect(treeDigest(root)).toBe(before);
		});
	},
);
