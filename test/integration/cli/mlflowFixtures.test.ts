import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { type ExpectedRun, historyHash, readExpected } from "../../support/expectedRuns";
import { copyOfFixture, fixturesPresent } from "../../support/fixtures";
import { GammaCommand } from "../../support/gammaCommand";

const value = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const printedRun = z.strictObject({
	id: z.string(),
	name: z.nullable(z.string()),
	experimentId: z.string(),
	experimentName: z.string(),
	status: z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]),
	lifecycleStage: z.enum(["active", "deleted"]),
	startTimeMs: z.nullable(z.number()),
	endTimeMs: z.nullable(z.number()),
	params: z.record(z.string(), z.string()),
	metrics: z.record(z.string(), value),
	tags: z.record(z.string(), z.string()),
	artifactUri: z.nullable(z.string()),
	parentRunId: z.nullable(z.string()),
	commit: z.nullable(z.string()),
});
const printedRuns = z.array(printedRun);
const printedMetric = z.strictObject({
	key: z.string(),
	steps: z.array(z.number()),
	values: z.array(value),
	timestampsMs: z.array(z.number()),
});
const printedArtifacts = z.array(
	z.strictObject({ path: z.string(), isDir: z.boolean(), sizeBytes: z.nullable(z.number()) }),
);

const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());

function asExpected(run: z.infer<typeof printedRun>) {
	return {
		run_id: run.id,
		experiment_id: run.experimentId,
		run_name: run.name,
		status: run.status,
		lifecycle_stage: run.lifecycleStage,
		start_time: run.startTimeMs,
		end_time: run.endTimeMs,
		artifact_uri: run.artifactUri,
		parent_run_id: run.parentRunId,
		params: run.params,
		tags: run.tags,
		metrics_latest: Object.fromEntries(Object.entries(run.metrics).map(([key, text]) => [key, Number(text)])),
	};
}

function comparable({ metric_history, artifacts, user_id, ...run }: ExpectedRun) {
	return run;
}

describe.skipIf(!fixturesPresent).each(["file-2.14", "file-3.17", "sqlite-2.14", "sqlite-3.17"])(
	"gamma over the MLflow store %s (skipped without fixtures)",
	(fixture) => {
		const folder = fixturesPresent ? copyOfFixture(join("mlflow", fixture)) : "";
		const store = join(folder, existsSync(join(folder, "mlflow.db")) ? "mlflow.db" : "mlruns");
		const expected = fixturesPresent ? readExpected(join(folder, "EXPECTED.json")) : undefined!;

		test("runs lists what MLflow lists, in its order, deleted ones only on request", async () => {
			const active = printedRuns.parse(await gamma.json(["runs", "--store", store]));
			expect(active.map(({ id }) => id)).toEqual(expected.searches[0]!.run_ids);
			const deleted = printedRuns.parse(await gamma.json(["runs", "--store", store, "--deleted"]));
			expect(deleted.map(({ id }) => id).sort()).toEqual(
				expected.runs
					.filter((run) => run.lifecycle_stage === "deleted")
					.map((run) => run.run_id)
					.sort(),
			);
			const byId = (a: { run_id: string }, b: { run_id: string }) => (a.run_id < b.run_id ? -1 : 1);
			expect([...active, ...deleted].map(asExpected).sort(byId)).toEqual(expected.runs.map(comparable).sort(byId));
			for (const run of active) expect(run.commit).toBe(run.tags["mlflow.source.git.commit"] ?? null);
		});

		test("runs answers each search as MLflow does, and no more than --limit", async () => {
			for (const search of expected.searches) {
				const args = ["runs", "--store", store, "--filter", search.filter];
				for (const order of search.order_by) args.push("--order-by", order);
				const found = printedRuns.parse(await gamma.json(args));
				expect(
					found.map(({ id }) => id),
					search.filter,
				).toEqual(search.run_ids);
			}
			const few = printedRuns.parse(await gamma.json(["runs", "--store", store, "--limit", "3"]));
			expect(few.map(({ id }) => id)).toEqual(expected.searches[0]!.run_ids.slice(0, 3));
		});

		test("runs of one experiment are those and no others", async () => {
			const found = printedRuns.parse(await gamma.json(["runs", "--store", store, "--experiment", "データ検証 🚀"]));
			expect(found.length).toBeGreaterThan(0);
			expect(new Set(found.map((run) => run.experimentName))).toEqual(new Set(["データ検証 🚀"]));
			expect(await gamma.json(["runs", "--store", store, "--experiment", "no such"])).toEqual([]);
		});

		test("metric prints every point of each metric of a run with odd values and of a long one", async () => {
			for (const name of ["nän/∞ run précision", "long"]) {
				const run = expected.runs.find(({ run_name }) => run_name === name)!;
				for (const [key, { n, history_sha256 }] of Object.entries(run.metric_history)) {
					const printed = printedMetric.parse(await gamma.json(["metric", "--store", store, run.run_id, key]));
					expect(printed.steps.length).toBe(n);
					const series = {
						steps: Float64Array.from(printed.steps),
						values: Float64Array.from(printed.values, Number),
						timestampsMs: Float64Array.from(printed.timestampsMs),
					};
					expect(historyHash(series), key).toBe(history_sha256);
				}
			}
		});

		test("artifacts lists the root and each folder of it, though the store was moved", async () => {
			const run = expected.runs.find(({ artifacts }) => artifacts.some(({ is_dir }) => is_dir))!;
			const inFolder = (folder: string) =>
				run.artifacts
					.filter(({ path }) => path.split("/").slice(0, -1).join("/") === folder)
					.map(({ path, is_dir, size }) => ({ path, isDir: is_dir, sizeBytes: size }));
			const list = async (...path: string[]) =>
				printedArtifacts.parse(await gamma.json(["artifacts", "--store", store, run.run_id, ...path]));
			expect(await list()).toEqual(inFolder(""));
			for (const { path, is_dir } of run.artifacts) if (is_dir) expect(await list(path)).toEqual(inFolder(path));
		});

		test("compare puts params and last metrics side by side and names the params that differ", async () => {
			const [first, second] = expected.runs.filter(({ params }) => Object.keys(params).length > 3);
			const ids = [first!.run_id, second!.run_id];
			const printed = await gamma.json(["compare", "--store", store, ...ids]);
			const keys = [...new Set([...Object.keys(first!.params), ...Object.keys(second!.params)])].sort();
			expect(printed).toMatchObject({
				params: Object.fromEntries(
					keys.map((key) => [
						key,
						Object.fromEntries(
							[first!, second!].filter((run) => key in run.params).map((run) => [run.run_id, run.params[key]]),
						),
					]),
				),
				differingParams: keys.filter((key) => first!.params[key] !== second!.params[key]),
			});
		});
	},
);
