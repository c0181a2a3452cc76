import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { openStore } from "../../../src/adapters/library/openStore";
import { StoreLibrary } from "../../../src/adapters/library/storeLibrary";
import { WorkerLibrary } from "../../../src/adapters/library/workerLibrary";
import type { Logger } from "../../../src/core/logger";
import type { RunLibrary } from "../../../src/core/stores/runLibrary";
import type { Run } from "../../../src/shared/run";
import { type BuiltWorker, builtWorker } from "../../support/builtWorker";
import { copyOfFixture, fixturesPresent } from "../../support/fixtures";
import { followedLibrary } from "../../support/followedLibrary";
import { queryOf } from "../../support/series";
import { SqliteProject } from "../../support/sqliteProject";
import { testLogger } from "../../support/testLogger";

/** Stores that vanish are warned of; errors still fail the test. */
const logger: Logger = { ...testLogger, child: () => logger };
const expectedRuns = z.object({ runs: z.array(z.object({ run_id: z.string() })) });

let built: BuiltWorker;
let crashing: BuiltWorker;
const cleanUps: (() => void)[] = [];

beforeAll(async () => {
	[built, crashing] = await Promise.all([builtWorker(), builtWorker("test/support/crashingWorker.ts")]);
});
afterAll(() => {
	built.dispose();
	crashing.dispose();
});
afterEach(() => {
	for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

function fixture(path: string): string {
	const folder = copyOfFixture(path);
	cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

function expectedIds(folder: string): string[] {
	const { runs } = expectedRuns.parse(JSON.parse(readFileSync(join(folder, "EXPECTED.json"), "utf8")));
	return runs.map((run) => run.run_id).sort();
}

function followed(library: RunLibrary) {
	cleanUps.push(() => library.dispose());
	return followedLibrary(library);
}

const libraries = {
	"in this process": () => new StoreLibrary({ open: openStore, logger }),
	"in a worker": () => new WorkerLibrary({ workerPath: built.path, logger }),
};

/** A run with a metric of several points, and the file its points lie in; one that still runs if there is one. */
function runWithHistory(given: Iterable<Run>, folder: string): { run: Run; metric: string; file: string } {
	const runs = [...given].sort((a, b) => Number(b.status === "RUNNING") - Number(a.status === "RUNNING"));
	for (const run of runs) {
		for (const metric of Object.keys(run.metrics)) {
			const file = join(folder, "mlruns", run.experimentId, run.id, "metrics", metric);
			if (run.lifecycleStage === "active" && existsSync(file) && readFileSync(file, "utf8").split("\n").length > 5) {
				return { run, metric, file };
			}
		}
	}
	throw new Error("no such run");
}

describe.skipIf(!fixturesPresent).each(Object.entries(libraries))("the run library %s", (_, make) => {
	test("reads a folder, a database and a log folder as one list", async () => {
		const files = fixture("mlflow/file-3.17");
		const database = fixture("mlflow/sqlite-2.14");
		const logs = fixture("tensorboard");
		const { library, model, allReady } = followed(make());
		const summaries = await library.open([
			{ uri: files },
			{ uri: join(database, "mlflow.db") },
			{ uri: join(logs, "logs") },
		]);
		expect(summaries.map((store) => store.kind)).toEqual(["mlflow-folder", "mlflow-sqlite", "tensorboard"]);
		await allReady();
		const idsOf = (index: number) =>
			[...model.snapshot.runs.values()]
				.filter((run) => run.storeId === summaries[index]?.id)
				.map((run) => run.id)
				.sort();
		expect(idsOf(0)).toEqual(expectedIds(files));
		expect(idsOf(1)).toEqual(expectedIds(database));
		expect(idsOf(2)).toContain("baseline");
	});

	test("keeps equal run ids of two stores apart, and answers for the one that is meant", async () => {
		const one = fixture("mlflow/file-2.14");
		const other = fixture("mlflow/file-2.14");
		const { library, model, keys, allReady } = followed(make());
		await library.open([
			{ uri: one, label: "one" },
			{ uri: other, label: "other" },
		]);
		await allReady();
		expect(keys()).toHaveLength(2 * expectedIds(one).length);
		const [first, second] = model.snapshot.stores;
		const { run, metric, file } = runWithHistory(model.snapshot.runs.values(), one);
		appendFileSync(file, "9999999999999 1234.5 99999999\n");
		await library.refresh();
		const last = async (storeId = "") => (await library.history(`${storeId}/${run.id}`, metric)).values.at(-1);
		expect(await last(first?.id)).toBe(1234.5);
		expect(await last(second?.id)).not.toBe(1234.5);
	});

	test("announces a point appended to a file, and draws it", async () => {
		const folder = fixture("mlflow/file-3.17");
		const { library, model, changes, until, allReady } = followed(make());
		await library.open([{ uri: folder }]);
		await allReady();
		const { run, metric, file } = runWithHistory(model.snapshot.runs.values(), folder);
		const draw = async () =>
			(await library.chart(queryOf({ metric, lines: [{ id: "r", runKeys: [run.key] }] }))).lines[0];
		const before = await draw();
		const known = changes.length;
		appendFileSync(file, "9999999999999 42.5 99999999\n");
		await until(() => changes.slice(known).some((change) => change.grown.some(({ key }) => key === run.key)));
		const after = await draw();
		expect(after?.totalPoints).toBe((before?.totalPoints ?? 0) + 1);
		expect(after?.y.at(-1)).toBe(42.5);
		expect(model.run(run.key)?.metrics[metric]).toBe(42.5);
	});

	test("announces a point written to a database", async () => {
		const project = new SqliteProject();
		cleanUps.push(() => project.dispose());
		project.addRun("a".repeat(32), 1_757_000_000_000);
		const { library, model, until, allReady, keys } = followed(make());
		await library.open([{ uri: `sqlite:///${project.file}` }]);
		await allReady();
		project.log("a".repeat(32), "loss", [
			[0, 1_757_000_000_000, 3],
			[1, 1_757_000_001_000, 2],
		]);
		await until(() => model.run(keys()[0] ?? "")?.metrics.loss === 2);
		const series = await library.history(keys()[0] ?? "", "loss");
		expect([...series.values]).toEqual([3, 2]);
	});

	test("answers the same history twice: what was sent away is not missed", async () => {
		const folder = fixture("mlflow/file-3.17");
		const { library, model, allReady } = followed(make());
		await library.open([{ uri: folder }]);
		await allReady();
		const { run, metric } = runWithHistory(model.snapshot.runs.values(), folder);
		const first = await library.history(run.key, metric);
		const second = await library.history(run.key, metric);
		expect(first.steps.length).toBeGreaterThan(3);
		expect(second).toEqual(first);
	});

	test("keeps the runs of a store that vanishes, says so, and reads on when it is back", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library, model, keys, until, allReady } = followed(make());
		await library.open([{ uri: join(folder, "mlruns") }]);
		await allReady();
		const before = keys();
		const { run, metric } = runWithHistory(model.snapshot.runs.values(), folder);
		renameSync(join(folder, "mlruns"), join(folder, "away"));
		await library.refresh();
		await until(() => model.snapshot.stores[0]?.state.kind === "failed");
		expect(keys()).toEqual(before);
		expect(model.snapshot.stores[0]?.state).toMatchObject({ message: expect.stringContaining("mlruns") });
		const { lines } = await library.chart(queryOf({ metric, lines: [{ id: "r", runKeys: [run.key] }] }));
		expect(lines[0]).toMatchObject({ totalPoints: 0, problem: expect.stringContaining("mlruns") });
		renameSync(join(folder, "away"), join(folder, "mlruns"));
		await until(() => model.snapshot.stores[0]?.state.kind === "ready");
		expect(keys()).toEqual(before);
	});

	test("says of a path without a store what was looked for, and opens the others", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library, states } = followed(make());
		const [nothing, missing] = await library.open([
			{ uri: join(folder, "mlruns", "models") },
			{ uri: join(folder, "nowhere") },
			{ uri: folder },
		]);
		expect(nothing?.state).toMatchObject({
			kind: "failed",
			message: expect.stringContaining("no TensorBoard event files"),
		});
		expect(missing?.state).toMatchObject({ kind: "failed", message: expect.stringContaining("nowhere") });
		expect(states()).toHaveLength(3);
	});

	test("reads artifacts by range", async () => {
		const folder = fixture("mlflow/file-3.17");
		const { library, model, allReady } = followed(make());
		await library.open([{ uri: folder }]);
		await allReady();
		for (const run of model.snapshot.runs.values()) {
			const entry = (await library.artifacts(run.key, "")).find(
				({ isDir, sizeBytes }) => !isDir && (sizeBytes ?? 0) > 4,
			);
			if (!entry) continue;
			const { bytes, totalBytes } = await library.readArtifact(run.key, entry.path, { offset: 1, length: 3 });
			expect([bytes.length, totalBytes]).toEqual([3, entry.sizeBytes]);
			await expect(library.readArtifact(run.key, "../meta.yaml")).rejects.toMatchObject({ name: "GammaError" });
			return;
		}
		throw new Error("no artifact in the fixture");
	});

	test("rejects what was cancelled as cancelled, and what is not there as missing", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library, model, allReady, keys } = followed(make());
		await library.open([{ uri: folder }]);
		await allReady();
		const { metric } = runWithHistory(model.snapshot.runs.values(), folder);
		const controller = new AbortController();
		const chart = library.chart(
			queryOf({ metric, lines: keys().map((key) => ({ id: key, runKeys: [key] })) }),
			controller.signal,
		);
		controller.abort();
		await expect(chart).rejects.toMatchObject({ code: "call.cancelled" });
		await expect(library.refresh(AbortSignal.abort())).rejects.toMatchObject({ code: "call.cancelled" });
		await expect(library.history(keys()[0] ?? "", metric, AbortSignal.abort())).rejects.toMatchObject({
			code: "call.cancelled",
		});
		await expect(library.history("00000000/x", metric)).rejects.toMatchObject({ code: "store.missing" });
		await expect(library.history(keys()[0] ?? "", "no/such")).rejects.toMatchObject({ code: "metric.missing" });
	});

	test("finds the stores of a folder", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library } = followed(make());
		const found = await library.find(folder, { variables: { PATH: "x", MLFLOW_TRACKING_URI: "http://127.0.0.1:1" } });
		expect(found.locations).toEqual([
			{ uri: "http://127.0.0.1:1", source: "environment" },
			{ uri: expect.stringMatching(/mlruns$/), label: "mlruns", source: "folder" },
		]);
		expect(found.problems).toEqual([]);
	});

	test("writes nothing into or beside a store", async () => {
		const folder = fixture("mlflow/sqlite-3.17");
		const listing = () => readdirSync(folder, { recursive: true }).map(String).sort();
		const before = listing();
		const { library, allReady, keys } = followed(make());
		await library.open([{ uri: folder }]);
		await allReady();
		await library.chart(queryOf({ lines: keys().map((key) => ({ id: key, runKeys: [key] })) }));
		expect(listing()).toEqual(before);
	});
});

describe.skipIf(!fixturesPresent)("a reader that crashes", () => {
	const crashingLibrary = () => {
		const warnings: string[] = [];
		const quiet: Logger = { ...logger, warn: (message) => void warnings.push(message), child: () => quiet };
		return { ...followed(new WorkerLibrary({ workerPath: crashing.path, logger: quiet })), warnings };
	};

	test("is started again with the same stores; the call that was open says so", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library, model, allReady, until, changes, keys, warnings } = crashingLibrary();
		const [store] = await library.open([{ uri: `crash-once-open:${folder}` }]);
		await allReady();
		const before = keys();
		const run = model.run(before[0] ?? "");
		const known = changes.length;
		// The reader is gone before it sees that a run was deleted for good: only its absence will tell.
		rmSync(join(folder, "mlruns", run?.experimentId ?? "", run?.id ?? ""), { recursive: true });
		await expect(library.experiments(store?.id ?? "")).rejects.toMatchObject({
			code: "unexpected",
			message: "The reader of the stores stopped and was started again; try again.",
		});
		expect(keys()).toEqual(before);
		await until(() => changes.slice(known).some(({ stores }) => stores[0]?.state.kind === "ready"));
		expect(warnings).toEqual(["the reader of the stores stopped"]);
		expect(keys()).toEqual(before.slice(1));
		expect(changes.slice(known).every(({ stores }) => stores.length === 1 && stores[0]?.id === store?.id)).toBe(true);
	});

	test("is given up after three restarts in a minute, with a clear error and failed stores", async () => {
		const folder = fixture("mlflow/file-2.14");
		const { library, keys, allReady, until, states, warnings } = crashingLibrary();
		await library.open([{ uri: folder }]);
		await allReady();
		const before = keys();
		const opened = library.open([{ uri: folder }, { uri: "crash:" }]);
		await expect(opened).rejects.toMatchObject({ code: "unexpected" });
		await until(() => states().every((state) => state === "failed"));
		expect(warnings).toHaveLength(4);
		expect(keys()).toEqual(before);
		await expect(library.refresh()).rejects.toMatchObject({
			code: "unexpected",
			message: expect.stringContaining("again and again"),
		});
	});
});
