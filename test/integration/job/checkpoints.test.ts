import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../../src/adapters/library/openStore";
import { StoreLibrary } from "../../../src/adapters/library/storeLibrary";
import { readCheckpoints } from "../../../src/core/jobs/readCheckpoints";
import { writeExperiment, writeRun } from "../../support/fileStore";
import { followedLibrary } from "../../support/followedLibrary";
import { testLogger } from "../../support/testLogger";

const folder = mkdtempSync(join(tmpdir(), "gamma-checkpoints-"));
const store = join(folder, "mlruns");
const library = new StoreLibrary({ open: openStore, logger: testLogger });
const { model, allReady } = followedLibrary(library);
const noted = "a".repeat(32);
const found = "b".repeat(32);
const none = "c".repeat(32);
const broken = "d".repeat(32);

function artifact(runId: string, path: string, text: string): void {
	const file = join(store, "1", runId, "artifacts", path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
}

beforeAll(async () => {
	writeExperiment(store, "1", "digits");
	for (const id of [noted, found, none, broken]) writeRun(store, "1", id, { name: id.slice(0, 1) });
	const entry = { path: "epoch_3.pt", step: 3, sizeBytes: 12, timestampMs: 5000, sha256: "x", metrics: {} };
	const checkpoints = [{ ...entry, path: "epoch_2.pt", step: 2, timestampMs: 4000 }, entry];
	artifact(noted, "checkpoints/manifest.json", JSON.stringify({ version: 1, checkpoints }));
	artifact(noted, "checkpoints/epoch_3.pt", "twelve bytes");
	artifact(found, "checkpoints/step=200.ckpt", "x");
	artifact(found, "checkpoints/step=1000.ckpt", "xy");
	artifact(found, "model.safetensors", "xyz");
	artifact(found, "report.md", "# no checkpoint");
	artifact(none, "report.md", "# no checkpoint");
	artifact(broken, "checkpoints/manifest.json", "{ half");
	artifact(broken, "checkpoints/last.pt", "x");
	await library.open([{ uri: store }]);
	await allReady();
});
afterAll(() => {
	library.dispose();
	rmSync(folder, { recursive: true, force: true });
});

const checkpointsOf = (runId: string) => {
	const run = [...model.snapshot.runs.values()].find(({ id }) => id === runId);
	return readCheckpoints(library, run?.key ?? "none");
};

test("what the sidecar noted of checkpoints is told, the newest first", async () => {
	expect(await checkpointsOf(noted)).toEqual([
		{ path: "checkpoints/epoch_3.pt", step: 3, sizeBytes: 12, timestampMs: 5000 },
		{ path: "checkpoints/epoch_2.pt", step: 2, sizeBytes: 12, timestampMs: 4000 },
	]);
});

test("without a note, what looks like one: in the folder of checkpoints and beside it", async () => {
	expect(await checkpointsOf(found)).toEqual([
		{ path: "checkpoints/step=1000.ckpt", step: 1000, sizeBytes: 2, timestampMs: null },
		{ path: "checkpoints/step=200.ckpt", step: 200, sizeBytes: 1, timestampMs: null },
		{ path: "model.safetensors", step: null, sizeBytes: 3, timestampMs: null },
	]);
	expect(await checkpointsOf(none)).toEqual([]);
});

test("a note that cannot be read costs its times, not the checkpoints", async () => {
	expect(await checkpointsOf(broken)).toEqual([
		{ path: "checkpoints/last.pt", step: null, sizeBytes: 1, timestampMs: null },
	]);
});

test("a run that is not there is an error, not a run without checkpoints", async () => {
	await expect(checkpointsOf("gone")).rejects.toMatchObject({ code: "store.missing" });
});
