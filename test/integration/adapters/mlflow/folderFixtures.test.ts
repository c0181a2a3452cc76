import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isMlflowFolder, MlflowFolderStore } from "../../../../src/adapters/mlflow/folderStore";
import {
	allArtifacts,
	allRuns,
	historyHash,
	inMlflowWords,
	readExpected,
	withoutHistories,
} from "../../../support/expectedRuns";
import { fixturesFolder, fixturesPresent } from "../../../support/fixtures";

const folder = fixturesPresent ? mkdtempSync(join(tmpdir(), "gamma-folder-")) : "";
if (fixturesPresent) cpSync(join(fixturesFolder(), "mlflow"), folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!fixturesPresent).each(["2.14", "3.17"])(
	"the file store that MLflow %s wrote (skipped without fixtures)",
	(version) => {
		const root = join(folder, `file-${version}`, "mlruns");
		const expected = fixturesPresent ? readExpected(join(folder, `file-${version}`, "EXPECTED.json")) : undefined!;
		const store = new MlflowFolderStore({ id: "s", root, label: "mlruns" });
		afterAll(() => store.dispose());

		test("is recognised", async () => {
			expect(await isMlflowFolder(root)).toBe(true);
		});

		test("has the experiments MLflow reads, deleted ones included", async () => {
			const experiments = await store.experiments();
			expect(
				experiments
					.map(({ id, name, lifecycleStage, tags }) => ({
						experiment_id: id,
						name,
						lifecycle_stage: lifecycleStage,
						tags,
					}))
					.sort((a, b) => (a.experiment_id < b.experiment_id ? -1 : 1)),
			).toEqual(expected.experiments);
		});

		test("has every run MLflow reads, with its params, tags and latest metrics, and no other", async () => {
			const runs = await allRuns(store);
			const byId = (a: { run_id: string }, b: { run_id: string }) => (a.run_id < b.run_id ? -1 : 1);
			expect(runs.map(inMlflowWords).sort(byId)).toEqual(expected.runs.map(withoutHistories).sort(byId));
			expect(runs.map((run) => run.problem).filter((problem) => problem !== null)).toEqual([]);
		});

		test("has every point of every metric", async () => {
			for (const run of expected.runs) {
				for (const [metric, { n, history_sha256 }] of Object.entries(run.metric_history)) {
					const history = await store.history(run.run_id, metric);
					expect(history.steps.length, `${run.run_name} ${metric}`).toBe(n);
					expect(historyHash(history), `${run.run_name} ${metric}`).toBe(history_sha256);
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
	},
);
