import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locateArtifacts } from "../../../../src/adapters/artifacts/localArtifacts";

let folder: string;
let root: string;
const run = "a".repeat(32);

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), "gamma-locate-")));
	root = join(folder, "store");
	mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(...parts: string[]): string {
	const path = join(folder, ...parts);
	mkdirSync(path, { recursive: true });
	writeFileSync(join(path, "model.bin"), "x");
	return path;
}

test.each([
	[`file:///home/ana/mlruns/1/${run}/artifacts`, ["1", run, "artifacts"]],
	[`/home/ana/mlruns/1/${run}/artifacts`, ["1", run, "artifacts"]],
	[`file:///home/ana/lab/mlruns/1/${run}/artifacts`, ["mlruns", "1", run, "artifacts"]],
	[`file:///C:/Users/ana/my%20lab/mlruns/1/${run}/artifacts`, ["mlruns", "1", run, "artifacts"]],
	[`mlflow-artifacts:/1/${run}/artifacts`, ["mlartifacts", "1", run, "artifacts"]],
	[`mlflow-artifacts://host:5000/1/${run}/artifacts`, ["mlartifacts", "1", run, "artifacts"]],
	[`./mlruns/1/${run}/artifacts`, ["mlruns", "1", run, "artifacts"]],
	[`file:///home/ana/lab/out/data/${run}/artifacts`, ["out", "data", run, "artifacts"]],
	[null, ["mlruns", "1", run, "artifacts"]],
])("a moved store's artifacts at %s are found beside it", async (uri, parts) => {
	const beside = make("store", ...parts);
	expect(await locateArtifacts(uri, root, "1", run)).toBe(beside);
});

test("artifacts logged elsewhere on this machine are found there, though an empty folder lies beside the store", async () => {
	const elsewhere = make("disk", "1", run, "artifacts");
	mkdirSync(join(root, "1", run, "artifacts"), { recursive: true });
	expect(await locateArtifacts(`file://${elsewhere}`, root, "1", run)).toBe(elsewhere);
	expect(await locateArtifacts(elsewhere, root, "1", run)).toBe(elsewhere);
});

test("escapes are resolved as MLflow resolves them, in plain paths too", async () => {
	const spaced = make("my lab 100%", "1", run, "artifacts");
	expect(await locateArtifacts(`file://${folder}/my%20lab 100%/1/${run}/artifacts`, root, "1", run)).toBe(spaced);
	expect(await locateArtifacts(`${folder}/my%20lab 100%/1/${run}/artifacts`, root, "1", run)).toBe(spaced);
	expect(await locateArtifacts(`file://${folder}/my%2520lab 100%/1/${run}/artifacts`, root, "1", run)).toBeNull();
});

test("with both there, those beside the store count: the other may be what it was copied from", async () => {
	const beside = make("store", "1", run, "artifacts");
	const original = make("original", "1", run, "artifacts");
	expect(await locateArtifacts(`file://${original}`, root, "1", run)).toBe(beside);
});

test.each(["/", "/etc", "file:///", "file:///etc", "/etc/..", `/etc/${run}`, "file:///proc/self/artifacts"])(
	"a hostile store's address %s is not believed",
	async (uri) => {
		expect(await locateArtifacts(uri, root, "1", run)).toBeNull();
	},
);

test("neither are links that only look like a run's artifacts, nor ids that are paths", async () => {
	expect(await locateArtifacts(`file://${make("y", "other", "artifacts")}`, root, "1", run)).toBeNull();
	mkdirSync(join(folder, "x", run), { recursive: true });
	symlinkSync("/etc", join(folder, "x", run, "artifacts"));
	expect(await locateArtifacts(`file://${folder}/x/${run}/artifacts`, root, "1", run)).toBeNull();
	mkdirSync(join(root, "1", run), { recursive: true });
	symlinkSync("/etc", join(root, "1", run, "artifacts"));
	expect(await locateArtifacts(null, root, "1", run)).toBeNull();
	expect(await locateArtifacts(null, root, "..", "..")).toBeNull();
	expect(await locateArtifacts("/home/../etc/artifacts", root, "1", "etc")).toBeNull();
});

test("artifacts in another kind of storage are not on this machine", async () => {
	expect(await locateArtifacts(`s3://bucket/1/${run}/artifacts`, root, "1", run)).toBeNull();
});
