import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MlflowFolderStore } from "../../../src/adapters/mlflow/folderStore";
import { MlflowServerStore } from "../../../src/adapters/mlflow/serverStore";
import type { TrackingStore } from "../../../src/core/stores/trackingStore";
import {
	allArtifacts,
	allRuns,
	type ExpectedStore,
	historyHash,
	inMlflowWords,
	parseExpected,
	withoutHistories,
} from "../../support/expectedRuns";
import { type RunningServer, startMlflowServer } from "../../support/mlflowServer";
import { treeDigest } from "../../support/treeDigest";

const script = resolve(import.meta.dirname, "../../support/python/mlflowRuns.py");
const environment = {
	...process.env,
	MLFLOW_ALLOW_FILE_STORE: "true",
	MLFLOW_DISABLE_TELEMETRY: "true",
	PYTHONWARNINGS: "ignore",
};

const clients = [
	{ version: "3.x", python: process.env.GAMMA_PYTHON },
	{ version: "2.x", python: process.env.GAMMA_PYTHON_MLFLOW2 },
];
const doors = ["folder", "server"] as const;

for (const { version, python } of clients) {
	for (const door of doors) {
		describe.skipIf(!python)(`a ${door} written just now by MLflow ${version} (skipped without its Python)`, () => {
			let folder: string;
			let store: TrackingStore;
			let server: RunningServer | undefined;
			let expected: ExpectedStore;

			beforeAll(async () => {
				folder = mkdtempSync(join(tmpdir(), "gamma-fresh-"));
				const root = join(folder, "mlruns");
				if (door === "server") {
					server = await startMlflowServer(
						python!,
						`sqlite:///${join(folder, "mlflow.db")}`,
						join(folder, "artifacts"),
					);
				}
				const uri = server?.url ?? root;
				const points = version === "3.x" && door === "folder" ? "100000" : "26000";
				const printed = execFileSync(python!, [script, uri, points], {
					cwd: folder,
					env: environment,
					encoding: "utf8",
					maxBuffer: 1 << 28,
					stdio: ["ignore", "pipe", "ignore"],
				});
				expected = parseExpected(printed.trimEnd().split("\n").at(-1)!);
				store = server
					? new MlflowServerStore({ id: "s", url: server.url, label: "server" })
					: new MlflowFolderStore({ id: "s", root, label: "mlruns" });
			});
			afterAll(async () => {
				store?.dispose();
				await server?.stop();
				rmSync(folder, { recursive: true, force: true });
			});

			test("has the names, params, tags and latest metrics its client reads", async () => {
				const before = server ? "" : treeDigest(folder);
				const runs = await allRuns(store);
				const byId = (a: { run_id: string }, b: { run_id: string }) => (a.run_id < b.run_id ? -1 : 1);
				expect(runs.map(inMlflowWords).sort(byId)).toEqual(expected.runs.map(withoutHistories).sort(byId));
				expect(runs.map((run) => run.problem).filter((problem) => problem !== null)).toEqual([]);
				expect(server ? "" : treeDigest(folder)).toBe(before);
			});

			test("has its experiments", async () => {
				const found = (await store.experiments()).map(({ id, name, lifecycleStage, tags }) => ({
					experiment_id: id,
					name,
					lifecycle_stage: lifecycleStage,
					tags,
				}));
				const byId = (a: { experiment_id: string }, b: { experiment_id: string }) =>
					a.experiment_id < b.experiment_id ? -1 : 1;
				expect(found.sort(byId)).toEqual([...expected.experiments].sort(byId));
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

			test("has its artifacts, whole and in parts", async () => {
				for (const run of expected.runs) {
					const found = await allArtifacts(store, run.run_id);
					expect(found.map(({ path, isDir, sizeBytes }) => ({ path, is_dir: isDir, size: sizeBytes }))).toEqual(
						run.artifacts,
					);
				}
				const { run_id: runId } = expected.runs.find(({ run_name }) => run_name === "long")!;
				const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
				expect(text((await store.readArtifact(runId, "notes/ö.txt")).bytes)).toBe("héllo");
				const part = await store.readArtifact(runId, "notes/ö.txt", { offset: 3, length: 2 });
				expect([text(part.bytes), part.totalBytes]).toEqual(["ll", 6]);
				await expect(store.readArtifact(runId, "notes/none.txt")).rejects.toMatchObject({ code: "artifact.missing" });
				await expect(store.readArtifact(runId, "../../meta.yaml")).rejects.toMatchObject({ code: "artifact.outside" });
				await expect(store.artifacts(runId, "none")).rejects.toMatchObject({ code: "artifact.missing" });
			});
		});
	}
}
