import {
	appendFileSync,
	mkdirSync,
	mkdtempSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MlflowFolderStore } from "../../../../src/adapters/mlflow/folderStore";
import type { RunDelta } from "../../../../src/core/stores/trackingStore";
import { writeExperiment, writeMeta, writeRun } from "../../../support/fileStore";

let root: string;
let store: MlflowFolderStore;
const going = "a".repeat(32);
const ended = "b".repeat(32);
const loss = () => join(root, "1", going, "metrics", "train", "loss");

beforeEach(async () => {
	root = join(mkdtempSync(join(tmpdir(), "gamma-live-")), "mlruns");
	writeExperiment(root, "1", "demo");
	const metrics = { "train/loss": "1 0.5 0\n2 0.25 1\n", acc: "1 0.1 0\n" };
	writeRun(root, "1", going, { status: 1, metrics, params: { lr: "0.1" }, tags: { note: "a" }, startTimeMs: 3000 });
	writeRun(root, "1", ended, { metrics, params: { lr: "0.2" }, startTimeMs: 2000 });
	age(root, "1");
	store = new MlflowFolderStore({ id: "s", root, label: "mlruns" });
	expect((await refresh()).upserted.map(({ id }) => id)).toEqual([going, ended]);
});
afterEach(() => {
	store.dispose();
	rmSync(join(root, ".."), { recursive: true, force: true });
});

/** As if written an hour ago: a file that was just written is looked at once more to be sure. */
function age(...path: string[]): void {
	const hourAgo = Date.now() / 1000 - 3600;
	for (const run of [going, ended]) {
		for (const file of ["metrics/train/loss", "metrics/acc", "params/lr"]) {
			utimesSync(join(...path, run, file), hourAgo, hourAgo);
		}
	}
}

async function refresh(): Promise<RunDelta & { bytesRead: number }> {
	const before = store.bytesRead;
	const merged = { upserted: [], removed: [], grown: [] } as { [Key in keyof RunDelta]: RunDelta[Key][number][] };
	for await (const delta of store.refresh()) {
		merged.upserted.push(...delta.upserted);
		merged.removed.push(...delta.removed);
		merged.grown.push(...delta.grown);
	}
	return { ...merged, bytesRead: store.bytesRead - before };
}

test("nothing new costs no byte", async () => {
	expect(await refresh()).toEqual({ upserted: [], removed: [], grown: [], bytesRead: 0 });
});

test("of a metric that grows only the new lines are read, and the last ones before them to be sure", async () => {
	appendFileSync(loss(), "3 0.125 2\n".repeat(1));
	const { upserted, grown, bytesRead } = await refresh();
	expect(upserted.map(({ id, metrics }) => [id, metrics])).toEqual([[going, { "train/loss": 0.125, acc: 0.1 }]]);
	expect(grown).toEqual([{ runId: going, metrics: ["train/loss"] }]);
	expect(bytesRead).toBeLessThanOrEqual("3 0.125 2\n".length + 64);
});

test("a history asked for again reads only what was appended", async () => {
	writeFileSync(loss(), Array.from({ length: 50_000 }, (_, step) => `${step} 0.5 ${step}\n`).join(""));
	expect((await store.history(going, "train/loss")).steps.length).toBe(50_000);
	const meta = statSync(join(root, "1", going, "meta.yaml")).size;
	const before = store.bytesRead;
	appendFileSync(loss(), "50000 0.25 50000\n50001 0.1");
	const { steps, values } = await store.history(going, "train/loss");
	expect([steps.length, values.at(-1)]).toEqual([50_001, 0.25]);
	expect(store.bytesRead - before).toBeLessThanOrEqual(meta + 100);
	appendFileSync(loss(), "25 50001\n");
	expect((await store.history(going, "train/loss")).values.at(-1)).toBe(0.125);
});

test("a line written in two parts appears once, whole", async () => {
	appendFileSync(loss(), "3 0.1");
	expect((await refresh()).upserted.map(({ metrics }) => metrics["train/loss"])).not.toContain(0.1);
	appendFileSync(loss(), "25 2\n");
	expect((await refresh()).upserted.map(({ metrics }) => metrics["train/loss"])).toEqual([0.125]);
});

test("a metric that is truncated, or written anew, is read anew", async () => {
	await store.history(going, "train/loss");
	truncateSync(loss(), "1 0.5 0\n".length);
	const truncated = await refresh();
	expect(truncated.upserted[0]?.metrics["train/loss"]).toBe(0.5);
	expect(truncated.grown).toEqual([{ runId: going, metrics: ["train/loss"] }]);
	expect((await store.history(going, "train/loss")).steps.length).toBe(1);
	writeFileSync(loss(), "5 9 0\n6 8 1\n7 7 2\n8 6 3\n");
	expect((await refresh()).upserted[0]?.metrics["train/loss"]).toBe(6);
	expect([...(await store.history(going, "train/loss")).values]).toEqual([9, 8, 7, 6]);
});

test("new metrics, params and tags of a run that is going on appear, and changed and deleted tags", async () => {
	const folder = join(root, "1", going);
	writeFileSync(join(folder, "params", "seed"), "7");
	mkdirSync(join(folder, "metrics", "val"));
	writeFileSync(join(folder, "metrics", "val", "loss"), "1 2 0\n");
	writeFileSync(join(folder, "tags", "note"), "b");
	const [run] = (await refresh()).upserted;
	expect(run).toMatchObject({ params: { lr: "0.1", seed: "7" }, tags: { note: "b" } });
	expect(run?.metrics["val/loss"]).toBe(2);
	rmSync(join(folder, "tags", "note"));
	expect((await refresh()).upserted[0]?.tags).toEqual({});
});

test("a run that ends says so, and late lines of it still count", async () => {
	writeMeta(root, "1", going, { status: 3, startTimeMs: 3000 });
	expect((await refresh()).upserted).toMatchObject([{ id: going, status: "FINISHED", endTimeMs: 3500 }]);
	appendFileSync(loss(), "9 0.01 9\n");
	expect((await refresh()).upserted).toMatchObject([{ id: going, metrics: { "train/loss": 0.01 } }]);
});

test("while MLflow rewrites a meta.yaml in place, the run stays as it was", async () => {
	truncateSync(join(root, "1", going, "meta.yaml"), 0);
	expect((await refresh()).upserted).toEqual([]);
	writeMeta(root, "1", going, { status: 4, startTimeMs: 3000 });
	expect((await refresh()).upserted).toMatchObject([{ id: going, status: "FAILED", problem: null }]);
});

test("a run made between two looks appears once it has its meta.yaml", async () => {
	const made = "c".repeat(32);
	mkdirSync(join(root, "1", made));
	expect((await refresh()).upserted).toEqual([]);
	writeRun(root, "1", made, { status: 1, name: "new", startTimeMs: 4000 });
	expect((await refresh()).upserted).toMatchObject([{ id: made, name: "new" }]);
	const half = "f".repeat(32);
	writeRun(root, "1", half, { status: 1 });
	truncateSync(join(root, "1", half, "meta.yaml"), 0);
	expect((await refresh()).upserted).toEqual([]);
	writeMeta(root, "1", half, { status: 1, name: "whole" });
	expect((await refresh()).upserted).toMatchObject([{ id: half, name: "whole", problem: null }]);
	writeExperiment(root, "2", "second");
	writeRun(root, "2", "d".repeat(32));
	expect((await refresh()).upserted).toMatchObject([{ experimentName: "second" }]);
});

test("an ended run that is deleted, tagged or logged to appears anew", async () => {
	writeMeta(root, "1", ended, { stage: "deleted", startTimeMs: 2000 });
	expect((await refresh()).upserted).toMatchObject([{ id: ended, lifecycleStage: "deleted" }]);
	writeFileSync(join(root, "1", ended, "tags", "mlflow.note.content"), "# good");
	expect((await refresh()).upserted).toMatchObject([{ id: ended, tags: { "mlflow.note.content": "# good" } }]);
	appendFileSync(join(root, "1", ended, "metrics", "acc"), "5 0.9 5\n");
	const late = await refresh();
	expect(late.upserted).toMatchObject([{ id: ended, metrics: { acc: 0.9 } }]);
	expect(late.grown).toEqual([{ runId: ended, metrics: null }]);
});

test("runs that are purged, and those of an experiment that is, are gone", async () => {
	rmSync(join(root, "1", ended), { recursive: true });
	expect((await refresh()).removed).toEqual([ended]);
	rmSync(join(root, "1"), { recursive: true });
	expect((await refresh()).removed).toEqual([going]);
});

test("an experiment that is renamed or deleted takes its runs with it", async () => {
	writeExperiment(root, "1", "renamed");
	expect((await refresh()).upserted.map(({ experimentName }) => experimentName)).toEqual(["renamed", "renamed"]);
	mkdirSync(join(root, ".trash"));
	renameSync(join(root, "1"), join(root, ".trash", "1"));
	const { upserted, removed } = await refresh();
	expect(upserted.map(({ experimentStage }) => experimentStage)).toEqual(["deleted", "deleted"]);
	expect(removed).toEqual([]);
	expect(await store.search({ view: "active" })).toEqual([]);
});

test("what a search found on its way is announced by the next look", async () => {
	appendFileSync(loss(), "3 0.125 2\n");
	expect((await store.search({ view: "active", filter: "metrics.`train/loss` < 0.2" })).map(({ id }) => id)).toEqual([
		going,
	]);
	expect((await refresh()).upserted.map(({ id }) => id)).toEqual([going]);
});

test("a watcher hints when a running metric grows, and when a run begins", async () => {
	const onHint = vi.fn();
	const watcher = store.watch(onHint);
	await refresh();
	appendFileSync(loss(), "3 0.125 2\n");
	await vi.waitFor(() => expect(onHint).toHaveBeenCalled(), { timeout: 1500, interval: 5 });
	onHint.mockClear();
	writeRun(root, "1", "e".repeat(32), { status: 1 });
	await vi.waitFor(() => expect(onHint).toHaveBeenCalled(), { timeout: 1500, interval: 5 });
	watcher.dispose();
});

test("reading stops when told to, and goes on at the next look", async () => {
	for (let i = 0; i < 300; i++) writeRun(root, "1", i.toString(16).padStart(32, "0"), { startTimeMs: 10_000 + i });
	const fresh = new MlflowFolderStore({ id: "f", root, label: "f" });
	const abort = new AbortController();
	const batches: number[] = [];
	const reading = async () => {
		for await (const { upserted } of fresh.refresh(abort.signal)) {
			batches.push(upserted.length);
			abort.abort();
		}
	};
	await expect(reading()).rejects.toThrow();
	expect(batches).toEqual([100]);
	let rest = 0;
	for await (const { upserted } of fresh.refresh()) rest += upserted.length;
	expect(rest).toBe(202);
	fresh.dispose();
});
