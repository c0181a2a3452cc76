// Listing 10,000 runs and reading a 100,000-point metric, against `mlflow server`'s REST on the same store.
import { openStore } from "../src/adapters/library/openStore";
import type { TrackingStore } from "../src/core/stores/trackingStore";
import { benchStore, historyOverRest, listOverRest, mlflowServer } from "./support/peers";
import { contest, header } from "./support/rounds";

const listed = {
	sqlite: benchStore("runs-10000.db", "make_mlflow.py", (at) => ["sqlite", at, "10000", "5", "2"]),
	folder: benchStore("runs-10000", "make_mlflow.py", (at) => ["folder", at, "10000", "5", "2"]),
};
const long = {
	sqlite: benchStore("points-100000.db", "make_mlflow.py", (at) => ["sqlite", at, "2", "1", "100000"]),
	folder: benchStore("points-100000", "make_mlflow.py", (at) => ["folder", at, "2", "1", "100000"]),
};
const uri = (kind: "sqlite" | "folder", path: string) => (kind === "sqlite" ? `sqlite:///${path}` : path);

const targets = {
	sqlite: { list: "≥ 30 ×", first: "≤ 0.3 s", history: "≥ 25 ×" },
	folder: { list: "≥ 8 ×", first: "≥ 100 ×, ≤ 0.3 s", history: "≥ 60 ×" },
};

async function withStore<T>(location: string, use: (store: TrackingStore) => Promise<T>): Promise<T> {
	const store = await openStore({ uri: location });
	try {
		return await use(store);
	} finally {
		store.dispose();
	}
}

const listAll = (location: string) =>
	withStore(location, async (store) => {
		let count = 0;
		for await (const delta of store.refresh()) count += delta.upserted.length;
		return count;
	});

const listFirst = (location: string) =>
	withStore(location, async (store) => {
		for await (const delta of store.refresh()) return Math.min(100, delta.upserted.length);
		return 0;
	});

header("Reading experiments");
for (const kind of ["sqlite", "folder"] as const) {
	const rounds = 5;
	const lists = await mlflowServer(uri(kind, listed[kind]));
	const peer = (run: () => Promise<number>) => ({ name: "mlflow server", run });
	await contest({
		work: `list 10,000 runs, ${kind}`,
		gamma: () => listAll(listed[kind]),
		peer: peer(() => listOverRest(lists.url)),
		target: targets[kind].list,
		expected: 10_000,
		rounds,
	});
	await contest({
		work: `first 100 of 10,000 runs, ${kind}`,
		gamma: () => listFirst(listed[kind]),
		peer: peer(() => listOverRest(lists.url, 100)),
		target: targets[kind].first,
		expected: 100,
		rounds,
	});
	await lists.stop();

	const histories = await mlflowServer(uri(kind, long[kind]));
	const runId = await withStore(long[kind], async (store) => (await store.search({ view: "active" }))[0]?.id ?? "");
	await contest({
		work: `one history of 100,000 points, ${kind}`,
		gamma: () => withStore(long[kind], async (store) => (await store.history(runId, "metric_0")).values.length),
		peer: peer(() => historyOverRest(histories.url, runId, "metric_0")),
		target: targets[kind].history,
		expected: 100_000,
		rounds,
	});
	await histories.stop();
}
