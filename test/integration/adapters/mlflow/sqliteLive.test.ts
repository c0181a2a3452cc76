import { afterEach, describe, expect, test } from "vitest";
import { MlflowSqliteStore } from "../../../../src/adapters/mlflow/sqliteStore";
import type { RunDelta } from "../../../../src/core/stores/trackingStore";
import { fixturesPresent } from "../../../support/fixtures";
import { SqliteProject } from "../../../support/sqliteProject";

const owned: { dispose(): void }[] = [];
afterEach(() => {
	for (const made of owned.splice(0).reverse()) made.dispose();
});

function aTraining(version: "2.14" | "3.17" = "3.17"): { project: SqliteProject; store: MlflowSqliteStore } {
	const project = new SqliteProject(version);
	const store = new MlflowSqliteStore({ id: "s", file: project.file, label: "mlflow.db" });
	owned.push(project, store);
	for (let i = 0; i < 150; i++) project.addRun(`r${String(i).padStart(3, "0")}`, 1000 + i);
	return { project, store };
}

async function refreshed(store: MlflowSqliteStore): Promise<RunDelta[]> {
	const deltas: RunDelta[] = [];
	for await (const delta of store.refresh()) deltas.push(delta);
	return deltas;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!fixturesPresent)("a live SQLite store (skipped without fixtures)", () => {
	test("shows the newest hundred runs first, then the rest, each once", async () => {
		const { store } = aTraining();
		const deltas = await refreshed(store);
		expect(deltas.map((delta) => delta.upserted.length)).toEqual([100, 50]);
		expect(deltas[0]!.upserted[0]!.id).toBe("r149");
		expect(new Set(deltas.flatMap((delta) => delta.upserted.map((run) => run.id))).size).toBe(150);
	});

	test("says nothing when nothing was written", async () => {
		const { store } = aTraining();
		await refreshed(store);
		expect(await refreshed(store)).toEqual([]);
	});

	test.each(["2.14", "3.17"] as const)(
		"tells of new points and only of the runs they belong to (schema of %s)",
		async (version) => {
			const { project, store } = aTraining(version);
			await refreshed(store);
			project.log("r007", "loss", [
				[0, 5000, 3],
				[1, 5001, 2],
			]);
			project.log("r009", "acc", [[0, 5002, 0.5]]);
			const [delta] = await refreshed(store);
			expect(delta!.grown).toEqual([
				{ runId: "r007", metrics: ["loss"] },
				{ runId: "r009", metrics: ["acc"] },
			]);
			expect(delta!.upserted.map((run) => [run.id, run.metrics, run.lastSignMs])).toEqual([
				["r009", { acc: 0.5 }, 5002],
				["r007", { loss: 2 }, 5001],
			]);
		},
	);

	test("reads a history on from its last row, in MLflow's order though points come late", async () => {
		const { project, store } = aTraining();
		project.log("r001", "loss", [
			[0, 100, 1],
			[1, 200, 2],
		]);
		expect([...(await store.history("r001", "loss")).values]).toEqual([1, 2]);
		project.log("r001", "loss", [
			[3, 400, 4],
			[2, 300, null],
			[5, 150, 9],
		]);
		const { steps, values, timestampsMs } = await store.history("r001", "loss");
		expect([...timestampsMs]).toEqual([100, 150, 200, 300, 400]);
		expect([...steps]).toEqual([0, 5, 1, 2, 3]);
		expect([...values]).toEqual([1, 9, 2, Number.NaN, 4]);
	});

	test("tells of an end, a new name, a new param, a deletion and a renamed experiment", async () => {
		const { project, store } = aTraining();
		await refreshed(store);
		const change = async (query: string) => {
			project.writer.exec(query);
			return (await refreshed(store)).flatMap((delta) => delta.upserted);
		};
		expect(await change("UPDATE runs SET status = 'FINISHED', end_time = 9000 WHERE run_uuid = 'r001'")).toMatchObject([
			{ id: "r001", status: "FINISHED", endTimeMs: 9000, lastSignMs: 9000 },
		]);
		expect(await change("INSERT INTO params VALUES ('lr', '0.1', 'r002')")).toMatchObject([
			{ id: "r002", params: { lr: "0.1" } },
		]);
		expect(await change("UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = 'r003'")).toMatchObject([
			{ id: "r003", lifecycleStage: "deleted" },
		]);
		expect(await change("UPDATE runs SET name = 'best' WHERE run_uuid = 'r004'")).toMatchObject([{ name: "best" }]);
		const renamed = await change("UPDATE experiments SET name = 'renamed' WHERE experiment_id = 1");
		expect(renamed.length).toBe(150);
		expect(renamed.every((run) => run.experimentName === "renamed")).toBe(true);
	});

	test("tells of a tag changed in place, at once when it is all that changed", async () => {
		const { project, store } = aTraining();
		await refreshed(store);
		project.setTag("r010", "mlflow.note.content", "first");
		expect((await refreshed(store))[0]!.upserted).toMatchObject([{ id: "r010" }]);
		project.setTag("r010", "mlflow.note.content", "second");
		expect((await refreshed(store))[0]!.upserted).toMatchObject([{ tags: { "mlflow.note.content": "second" } }]);
		project.writer.exec("DELETE FROM tags WHERE run_uuid = 'r010' AND key = 'mlflow.note.content'");
		expect((await refreshed(store))[0]!.upserted[0]!.tags).toEqual({ "mlflow.runName": "run-r010" });
	});

	test("tells of a tag changed in place together with points within a second or so", async () => {
		const { project, store } = aTraining();
		await refreshed(store);
		project.setTag("r010", "mlflow.runName", "other");
		project.log("r011", "loss", [[0, 1, 1]]);
		expect((await refreshed(store)).flatMap((delta) => delta.upserted.map((run) => run.id))).toEqual(["r011"]);
		await pause(1100);
		expect((await refreshed(store))[0]!.upserted).toMatchObject([{ id: "r010", tags: { "mlflow.runName": "other" } }]);
	});

	test("starts anew when rows were removed for good", async () => {
		const { project, store } = aTraining();
		project.log("r001", "loss", [[0, 1, 1]]);
		project.log("r002", "loss", [[0, 1, 7]]);
		await refreshed(store);
		await store.history("r002", "loss");
		for (const table of ["metrics", "latest_metrics", "tags", "runs"]) {
			project.writer.exec(`DELETE FROM ${table} WHERE run_uuid = 'r001'`);
		}
		project.writer.exec("DELETE FROM metrics");
		project.log("r002", "loss", [[0, 2, 8]]);
		project.writer.exec("VACUUM");
		const deltas = await refreshed(store);
		expect(deltas.flatMap((delta) => delta.removed)).toEqual(["r001"]);
		expect(deltas[0]!.grown.find(({ runId }) => runId === "r002")).toEqual({ runId: "r002", metrics: null });
		expect([...(await store.history("r002", "loss")).values]).toEqual([8]);
	});

	test("keeps what a search read for the next refresh", async () => {
		const { project, store } = aTraining();
		await refreshed(store);
		project.addRun("late", 9000);
		expect((await store.search({ view: "active", limit: 1 }))[0]!.id).toBe("late");
		expect((await refreshed(store)).flatMap((delta) => delta.upserted.map((run) => run.id))).toEqual(["late"]);
		expect(await refreshed(store)).toEqual([]);
	});

	test.each(["DELETE", "WAL"])("hints soon after a write, with a %s journal", async (journal) => {
		const { project, store } = aTraining();
		project.writer.exec(`PRAGMA journal_mode = ${journal}`);
		await pause(100);
		let hints = 0;
		const watching = store.watch(() => hints++);
		await pause(50);
		const before = hints;
		project.log("r001", "loss", [[0, 1, 1]]);
		await expect.poll(() => hints, { timeout: 500, interval: 10 }).toBeGreaterThan(before);
		watching.dispose();
	});
});
