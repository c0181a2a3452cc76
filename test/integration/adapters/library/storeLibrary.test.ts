import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StoreLibrary } from "../../../../src/adapters/library/storeLibrary";
import type { Logger } from "../../../../src/core/logger";
import { RunModel } from "../../../../src/core/runs/runModel";
import type { LibraryChange } from "../../../../src/core/stores/runLibrary";
import type { RunDelta } from "../../../../src/core/stores/trackingStore";
import { GammaError } from "../../../../src/shared/errors";
import { deltaOf, runOf, ScriptedStore } from "../../../support/scriptedStore";
import { queryOf, seriesOf } from "../../../support/series";
import { testLogger } from "../../../support/testLogger";

const warnings: string[] = [];
const logger: Logger = { ...testLogger, warn: (message) => void warnings.push(message), child: () => logger };
let libraries: StoreLibrary[] = [];

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
	warnings.length = 0;
});
afterEach(() => {
	for (const library of libraries) library.dispose();
	libraries = [];
	vi.useRealTimers();
});

/** A library over scripted stores by their URI (`/a`), with everything it announced. */
function libraryOf(...stores: readonly (ScriptedStore | (() => ScriptedStore))[]) {
	const library = new StoreLibrary({
		logger,
		open: async ({ uri }) => {
			for (const given of stores) {
				const store = typeof given === "function" ? given() : given;
				if (store.uri === uri) return store;
			}
			throw new GammaError("store.missing", `There is no folder or file at ${uri}.`);
		},
	});
	libraries.push(library);
	const changes: LibraryChange[] = [];
	library.onDidChange((change) => changes.push(change));
	const model = new RunModel(library);
	return { library, changes, model, keys: () => [...model.snapshot.runs.keys()].sort() };
}

const once = (...deltas: readonly RunDelta[]) =>
	async function* (refresh: number) {
		if (refresh === 0) yield* deltas;
	};
const settled = () => vi.advanceTimersByTimeAsync(200);

test("the runs of several stores become one list, equal run ids told apart", async () => {
	const a = new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a");
	const b = new ScriptedStore("bbbb", once(deltaOf({ upserted: [runOf("bbbb", "r")] })), "/b");
	const { library, keys } = libraryOf(a, b);
	const summaries = await library.open([{ uri: "/a" }, { uri: "/b" }]);
	expect(summaries.map(({ id, label }) => [id, label])).toEqual([
		["aaaa", "scripted"],
		["bbbb", "scripted"],
	]);
	await settled();
	expect(keys()).toEqual(["aaaa/r", "bbbb/r"]);
});

test("batches are announced as they are read, the store ready only after the last", async () => {
	const first = deltaOf({ upserted: [runOf("aaaa", "1")] });
	const second = deltaOf({ upserted: [runOf("aaaa", "2")] });
	const { library, changes } = libraryOf(new ScriptedStore("aaaa", once(first, second), "/a"));
	await library.open([{ uri: "/a" }]);
	await settled();
	const told = changes
		.filter(({ stores, upserted }) => upserted.length > 0 || stores[0]?.state.kind === "ready")
		.map(({ stores, upserted }) => [stores[0]?.state.kind, upserted.map((run) => run.id)]);
	expect(told).toEqual([
		["reading", ["1"]],
		["reading", ["2"]],
		["ready", []],
	]);
});

test("the same store under two addresses is opened once", async () => {
	const { library, keys } = libraryOf(
		new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a"),
		new ScriptedStore("aaaa", once(), "/link-to-a"),
	);
	expect(await library.open([{ uri: "/a" }, { uri: "/link-to-a" }])).toHaveLength(1);
	await settled();
	expect(keys()).toEqual(["aaaa/r"]);
});

test("a share that does not answer holds up its own runs only", async () => {
	const library = new StoreLibrary({
		logger,
		open: ({ uri }) =>
			uri === "/hangs"
				? new Promise(() => {})
				: Promise.resolve(new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a")),
	});
	libraries.push(library);
	const model = new RunModel(library);
	const opened = library.open([{ uri: "/hangs" }, { uri: "/a" }]);
	await settled();
	expect([...model.snapshot.runs.keys()]).toEqual(["aaaa/r"]);
	await vi.advanceTimersByTimeAsync(3_000);
	expect((await opened).map(({ state }) => state.kind)).toEqual(["reading", "ready"]);
});

test("a hundred hints at once make two refreshes, never two at a time", async () => {
	let running = 0;
	let most = 0;
	const store = new ScriptedStore(
		"aaaa",
		async function* () {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, 100));
			running--;
			yield deltaOf({});
		},
		"/a",
	);
	const { library } = libraryOf(store);
	await library.open([{ uri: "/a" }]);
	await vi.advanceTimersByTimeAsync(10);
	for (let i = 0; i < 100; i++) store.hint();
	await vi.advanceTimersByTimeAsync(1_000);
	expect(store.refreshes).toBe(2);
	expect(most).toBe(1);
});

test("a hint is followed within 50 ms", async () => {
	const store = new ScriptedStore(
		"aaaa",
		async function* (refresh) {
			if (refresh > 0) yield deltaOf({ grown: [{ runId: "r", metrics: ["loss"] }] });
		},
		"/a",
	);
	const { library, changes } = libraryOf(store);
	await library.open([{ uri: "/a" }]);
	await settled();
	store.hint();
	await vi.advanceTimersByTimeAsync(50);
	expect(changes.at(-1)?.grown).toEqual([{ key: "aaaa/r", metrics: ["loss"] }]);
	expect(changes.at(-1)?.stores[0]?.state).toEqual({ kind: "ready", readAtMs: Date.now() - 50 });
});

test("refresh resolves after a reading that began after it was asked", async () => {
	let began = 0;
	const store = new ScriptedStore(
		"aaaa",
		async function* () {
			began++;
			await new Promise((resolve) => setTimeout(resolve, 100));
			yield deltaOf({});
		},
		"/a",
	);
	const { library } = libraryOf(store);
	await library.open([{ uri: "/a" }]);
	const refreshed = library.refresh();
	await vi.advanceTimersByTimeAsync(150);
	let isDone = false;
	void refreshed.then(() => {
		isDone = true;
	});
	await vi.advanceTimersByTimeAsync(1);
	expect([began, isDone]).toEqual([2, false]);
	await vi.advanceTimersByTimeAsync(100);
	expect(isDone).toBe(true);
});

test("a store that fails keeps its runs on screen, says why and since when, and is asked again ever more seldom", async () => {
	const store = new ScriptedStore(
		"aaaa",
		async function* (refresh) {
			if (refresh === 0) yield deltaOf({ upserted: [runOf("aaaa", "r")] });
			else if (refresh < 5) throw new GammaError("store.unreachable", "The server does not answer.");
		},
		"/a",
	);
	const { library, keys, model } = libraryOf(store);
	await library.open([{ uri: "/a" }]);
	await settled();
	const readAtMs = Date.now() - 200;
	await library.refresh();
	const state = () => model.snapshot.stores[0]?.state;
	expect(state()).toEqual({ kind: "failed", message: "The server does not answer.", lastReadMs: readAtMs });
	expect(keys()).toEqual(["aaaa/r"]);
	for (const [seconds, refreshes] of [
		[1, 3],
		[2, 4],
		[4, 5],
		[8, 6],
	] as const) {
		await vi.advanceTimersByTimeAsync(seconds * 1_000 - 5);
		expect(store.refreshes).toBe(refreshes - 1);
		await vi.advanceTimersByTimeAsync(5);
		expect(store.refreshes).toBe(refreshes);
	}
	expect(state()?.kind).toBe("ready");
	expect(warnings).toEqual(["a store could not be read"]);
});

test("a store that is missing at first is read once it is there", async () => {
	const stores: ScriptedStore[] = [];
	const { library, keys, model } = libraryOf(() => stores[0] ?? new ScriptedStore("none", once(), "/elsewhere"));
	const [summary] = await library.open([{ uri: "/a" }]);
	expect(summary?.state).toMatchObject({
		kind: "failed",
		message: "There is no folder or file at /a.",
		lastReadMs: null,
	});
	stores.push(new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a"));
	await vi.advanceTimersByTimeAsync(1_100);
	expect(keys()).toEqual(["aaaa/r"]);
	expect(model.snapshot.stores[0]?.state.kind).toBe("ready");
});

test("a store that vanished and came back without a run loses that run, and only then", async () => {
	const before = new ScriptedStore(
		"aaaa",
		async function* (refresh) {
			if (refresh > 0) throw new GammaError("store.missing", "The folder is gone.");
			yield deltaOf({ upserted: [runOf("aaaa", "1"), runOf("aaaa", "2")] });
		},
		"/a",
	);
	const after = new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "2")] })), "/a");
	const { library, keys } = libraryOf(() => (before.isDisposed ? after : before));
	await library.open([{ uri: "/a" }]);
	await settled();
	await library.refresh();
	expect(keys()).toEqual(["aaaa/1", "aaaa/2"]);
	await vi.advanceTimersByTimeAsync(1_100);
	expect(keys()).toEqual(["aaaa/2"]);
});

test("opening other stores closes the ones not named and takes their runs out", async () => {
	const a = new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a");
	const b = new ScriptedStore("bbbb", once(deltaOf({ upserted: [runOf("bbbb", "r")] })), "/b");
	const { library, keys, changes } = libraryOf(a, b);
	await library.open([{ uri: "/a" }]);
	await settled();
	await library.open([{ uri: "/b" }]);
	await settled();
	expect(keys()).toEqual(["bbbb/r"]);
	expect(changes.flatMap((change) => change.removed)).toEqual(["aaaa/r"]);
	expect(a.isDisposed).toBe(true);
	await library.open([{ uri: "/b" }]);
	expect(b.isDisposed).toBe(false);
});

test("a chart has a line for every one asked, each with its own reason where there is nothing", async () => {
	const a = new ScriptedStore("aaaa", once(deltaOf({ upserted: [runOf("aaaa", "r")] })), "/a");
	a.histories.set(
		"r loss",
		seriesOf([
			[0, 1],
			[1, 2],
		]),
	);
	const { library } = libraryOf(a);
	await library.open([{ uri: "/a" }]);
	await settled();
	const { lines } = await library.chart(
		queryOf({
			lines: [
				{ id: "one", runKeys: ["aaaa/r"] },
				{ id: "without", runKeys: ["aaaa/s"] },
				{ id: "closed", runKeys: ["bbbb/r"] },
				{ id: "seeds", runKeys: ["aaaa/r", "aaaa/s"] },
			],
		}),
	);
	expect(lines.map((line) => [line.id, line.totalPoints, line.problem])).toEqual([
		["one", 2, null],
		["without", 0, "This run has no metric loss."],
		["closed", 0, "The store of this run is not open; open it again."],
		["seeds", 2, "1 of 2 runs have no metric loss."],
	]);
});

test("the epoch axis reads the run's epoch metric", async () => {
	const run = runOf("aaaa", "r", { metrics: { loss: 2, "train/epoch": 1 } });
	const a = new ScriptedStore("aaaa", once(deltaOf({ upserted: [run] })), "/a");
	a.histories.set(
		"r loss",
		seriesOf([
			[0, 3],
			[5, 2],
			[10, 1],
		]),
	);
	a.histories.set(
		"r train/epoch",
		seriesOf([
			[0, 0],
			[10, 1],
		]),
	);
	const { library } = libraryOf(a);
	await library.open([{ uri: "/a" }]);
	await settled();
	const { lines } = await library.chart(queryOf({ xAxis: "epoch", lines: [{ id: "r", runKeys: ["aaaa/r"] }] }));
	expect([...(lines[0]?.x ?? [])]).toEqual([0, 0, 1]);
	expect([...(lines[0]?.steps ?? [])]).toEqual([0, 5, 10]);
});

test("charts asked for together are read a few at a time, in the order they were asked for", async () => {
	const a = new ScriptedStore("aaaa", once(), "/a");
	const { library } = libraryOf(a);
	await library.open([{ uri: "/a" }]);
	let reading = 0;
	let most = 0;
	a.history = async () => {
		most = Math.max(most, ++reading);
		await new Promise((resolve) => setImmediate(resolve));
		reading--;
		return seriesOf([[0, 1]]);
	};
	const done: number[] = [];
	const ask = async (i: number) => {
		await library.chart(queryOf({ lines: [{ id: "r", runKeys: ["aaaa/r"] }] }));
		done.push(i);
	};
	await Promise.all(Array.from({ length: 12 }, (_, i) => ask(i)));
	expect(most).toBe(3);
	expect(done).toEqual([...done].sort((x, y) => x - y));
});

test("a cancelled chart rejects as cancelled", async () => {
	const a = new ScriptedStore("aaaa", once(), "/a");
	const { library } = libraryOf(a);
	await library.open([{ uri: "/a" }]);
	const chart = library.chart(queryOf({ lines: [{ id: "r", runKeys: ["aaaa/r"] }] }), AbortSignal.abort());
	await expect(chart).rejects.toMatchObject({ code: "call.cancelled" });
});
