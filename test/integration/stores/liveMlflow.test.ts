import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MlflowFolderStore } from "../../../src/adapters/mlflow/folderStore";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import type { RunDelta, TrackingStore } from "../../../src/core/stores/trackingStore";
import { type RunningServer, startMlflowServer } from "../../support/mlflowServer";
import { MlflowSteps } from "../../support/mlflowSteps";

const python = process.env.GAMMA_PYTHON ?? "";

describe.skipIf(python === "").each(["folder", "server"])(
	"a %s that a real training writes to (skipped without MLflow's Python)",
	(door) => {
		let folder: string;
		let server: RunningServer | undefined;
		let client: MlflowSteps;
		let store: TrackingStore;
		let experiment: string;
		let run: string;

		beforeAll(async () => {
			folder = mkdtempSync(join(tmpdir(), "gamma-live-"));
			const root = join(folder, "mlruns");
			if (door === "server") {
				server = await startMlflowServer(python, `sqlite:///${join(folder, "mlflow.db")}`, join(folder, "artifacts"));
			}
			client = new MlflowSteps(python, server?.url ?? root);
			experiment = await client.step("create_experiment", "live");
			store = server
				? new MlflowServerStore({ id: "s", url: server.url, label: "server" })
				: new MlflowFolderStore({ id: "s", root, label: "mlruns" });
			expect((await look()).upserted).toEqual([]);
		});
		afterAll(async () => {
			client?.stop();
			store?.dispose();
			await server?.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		async function look(): Promise<RunDelta> {
			const all = { upserted: [], removed: [], grown: [] } as { [Key in keyof RunDelta]: RunDelta[Key][number][] };
			for await (const delta of store.refresh()) {
				all.upserted.push(...delta.upserted);
				all.removed.push(...delta.removed);
				all.grown.push(...delta.grown);
			}
			return all;
		}

		/** A server is asked for everything only now and then: what changed is there within a few looks. */
		async function lookUntil(isThere: (delta: RunDelta) => boolean): Promise<RunDelta> {
			const endMs = Date.now() + 15_000;
			for (;;) {
				const delta = await look();
				if (isThere(delta)) return delta;
				if (Date.now() > endMs) throw new Error("the change did not appear");
				await new Promise((resolve) => setTimeout(resolve, 100));
			}
		}

		test("a run that begins appears", async () => {
			run = await client.step("create_run", experiment, Date.now(), { "mlflow.source.git.commit": "abc" }, "first");
			await client.step("log_param", run, "lr", "0.1");
			expect((await look()).upserted).toMatchObject([
				{ id: run, name: "first", status: "RUNNING", params: { lr: "0.1" }, commit: "abc" },
			]);
		});

		test("its points appear one by one, and its history grows by them", async () => {
			for (let step = 0; step < 5; step++) {
				await client.step("log_metric", run, "train/loss", 1 / (step + 1), 1_700_000_000_000 + step, step);
				const { upserted, grown } = await look();
				expect(upserted).toMatchObject([{ id: run, metrics: { "train/loss": 1 / (step + 1) } }]);
				expect(grown).toEqual([{ runId: run, metrics: ["train/loss"] }]);
				expect([...(await store.history(run, "train/loss")).steps]).toEqual(
					Array.from({ length: step + 1 }, (_, at) => at),
				);
			}
			expect((await look()).upserted).toEqual([]);
		});

		test("its end appears", async () => {
			await client.step("set_terminated", run, "FAILED");
			expect((await look()).upserted).toMatchObject([{ id: run, status: "FAILED" }]);
		});

		test("a tag set later, and its deletion, appear", async () => {
			await client.step("set_tag", run, "mlflow.note.content", "was wrong");
			const tagged = await lookUntil(({ upserted }) => upserted.length > 0);
			expect(tagged.upserted).toMatchObject([{ id: run, tags: { "mlflow.note.content": "was wrong" } }]);
			await client.step("delete_run", run);
			const deleted = await lookUntil(({ upserted }) => upserted.length > 0);
			expect(deleted.upserted).toMatchObject([{ id: run, lifecycleStage: "deleted" }]);
			expect(await store.search({ view: "active" })).toEqual([]);
			expect((await store.search({ view: "deleted" })).map(({ id }) => id)).toEqual([run]);
		});

		test("its experiment's new name appears", async () => {
			await client.step("restore_run", run);
			await lookUntil(({ upserted }) => upserted[0]?.lifecycleStage === "active");
			await client.step("rename_experiment", experiment, "renamed");
			expect((await look()).upserted).toMatchObject([{ id: run, experimentName: "renamed" }]);
		});
	},
);
