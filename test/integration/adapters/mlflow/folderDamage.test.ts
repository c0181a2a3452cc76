import { execFileSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isMlflowFolder, MlflowFolderStore } from "../../../../src/adapters/mlflow/folderStore";
import { allRuns } from "../../../support/expectedRuns";
import { writeExperiment, writeRun } from "../../../support/fileStore";
import { treeDigest } from "../../../support/treeDigest";

let folder: string;
let root: string;
let store: MlflowFolderStore;
const good = "a".repeat(32);
const bad = "b".repeat(32);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-damage-"));
	root = join(folder, "mlruns");
	writeExperiment(root, "1", "demo");
	writeRun(root, "1", good, { metrics: { loss: "1 0.5 0\n2 0.25 1\n" }, params: { lr: "0.1" } });
	writeRun(root, "1", bad, { metrics: { loss: "1 0.5 0\n" }, params: { lr: "0.2" }, startTimeMs: 2000 });
	store = new MlflowFolderStore({ id: "s", root, label: "mlruns" });
});
afterEach(() => {
	store.dispose();
	rmSync(folder, { recursive: true, force: true });
});

async function readBoth() {
	const runs = await allRuns(store);
	expect(runs.length).toBe(2);
	const sound = runs.find((run) => run.id === good);
	expect(sound).toMatchObject({ problem: null, params: { lr: "0.1" }, metrics: { loss: 0.25 } });
	return runs.find((run) => run.id === bad)!;
}

describe("a damaged run is listed with its reason, and costs no other", () => {
	const meta = () => join(root, "1", bad, "meta.yaml");
	const files: [string, () => void, RegExp][] = [
		["an empty meta.yaml", () => truncateSync(meta(), 0), /meta\.yaml is empty\./],
		[
			"a binary meta.yaml",
			() => writeFileSync(meta(), Buffer.from([0, 255, 1, 254, 10, 0, 0])),
			/meta\.yaml is damaged\./,
		],
		[
			"a meta.yaml of 20 MB",
			() => writeFileSync(meta(), "x: 1\n".repeat(4 << 20)),
			/meta\.yaml is larger than 65536 bytes\./,
		],
		["a meta.yaml cut in a quoted text", () => writeFileSync(meta(), "experiment_id: '1"), /meta\.yaml is damaged\./],
		["a list as meta.yaml", () => writeFileSync(meta(), "- 1\n- 2\n"), /meta\.yaml is damaged\./],
		["status 99", () => writeFileSync(meta(), "experiment_id: '1'\nstatus: 99\n"), /meta\.yaml has the status 99/],
		[
			"another run's id",
			() => writeFileSync(meta(), `experiment_id: '1'\nrun_id: ${good}\n`),
			/meta\.yaml names another run/,
		],
		[
			"a meta.yaml cut after its first line",
			() => writeFileSync(meta(), "artifact_uri: file:///x\n"),
			/names no experiment/,
		],
		[
			"a malformed metric line",
			() => appendFileSync(join(root, "1", bad, "metrics", "loss"), "x y z\n3 0.1 2\n"),
			/metrics\/loss has a malformed line 2, which is left out\./,
		],
		[
			"half a last metric line",
			() => appendFileSync(join(root, "1", bad, "metrics", "loss"), "3 0.1"),
			/metrics\/loss ends in the middle of a line/,
		],
		["an empty metric", () => truncateSync(join(root, "1", bad, "metrics", "loss"), 0), /metrics\/loss is empty\./],
		[
			"a param of 10 MB",
			() => writeFileSync(join(root, "1", bad, "params", "long"), "x".repeat(10 << 20)),
			/params\/long is larger than 1048576 bytes\./,
		],
		[
			"a link out of the store as param",
			() => symlinkSync("/etc/passwd", join(root, "1", bad, "params", "users")),
			/params\/users is no file of this store\./,
		],
		[
			"a folder of params that is a file",
			() => {
				rmSync(join(root, "1", bad, "params"), { recursive: true });
				writeFileSync(join(root, "1", bad, "params"), "");
			},
			/params is no folder\./,
		],
		[
			"a pipe as param",
			() => void execFileSync("mkfifo", [join(root, "1", bad, "params", "pipe")]),
			/params\/pipe is no file of this store\./,
		],
	];

	test.each(files)("%s", async (_name, damage, reason) => {
		damage();
		const before = treeDigest(folder);
		const run = await readBoth();
		expect(run.problem).toMatch(reason);
		expect(JSON.stringify(run.params)).not.toContain("root:");
		expect(treeDigest(folder)).toBe(before);
	});
});

test("the sound points of a run with a malformed line and half a last one are all there, and no false one", async () => {
	const file = join(root, "1", bad, "metrics", "loss");
	writeFileSync(file, "1 0.5 0\nmalformed\n2 0.25 1\n3 0.125 17");
	const { steps, values } = await store.history(bad, "loss");
	expect([...steps]).toEqual([0, 1]);
	expect([...values]).toEqual([0.5, 0.25]);
	expect((await store.run(bad)).metrics).toEqual({ loss: 0.25 });
});

test("a metric line without end is given up, and what came before it stays", async () => {
	writeFileSync(join(root, "1", bad, "metrics", "loss"), `1 0.5 0\n${"7".repeat(3 << 20)}`);
	expect((await readBoth()).metrics).toEqual({ loss: 0.5 });
	expect((await store.history(bad, "loss")).steps.length).toBe(1);
});

test("folders that are no runs, and experiments that are none, do not show", async () => {
	for (const stray of ["tags", "datasets", "traces", "models/m-1", "notes", ".ipynb_checkpoints"]) {
		mkdirSync(join(root, "1", stray), { recursive: true });
	}
	for (const reserved of ["models", "models/m-1", "traces", "tags"]) {
		writeFileSync(join(root, "1", reserved, "meta.yaml"), "experiment_id: '1'\n");
	}
	mkdirSync(join(root, "models", "registered"), { recursive: true });
	mkdirSync(join(root, "7"));
	writeExperiment(root, "8", "elsewhere");
	cpSync(join(root, "1", good), join(root, "8", good), { recursive: true });
	await readBoth();
	expect((await store.experiments()).map(({ name }) => name)).toEqual(["demo", "elsewhere"]);
});

test("a damaged experiment keeps its runs, under its folder's name", async () => {
	writeFileSync(join(root, "1", "meta.yaml"), "\0\0");
	const runs = await allRuns(store);
	expect(runs.map(({ id, experimentName }) => [id, experimentName])).toEqual([
		[bad, "1"],
		[good, "1"],
	]);
	expect(runs[0]?.problem).toMatch(/1\/meta\.yaml is damaged\./);
});

test("keys that would reach into JavaScript's own objects are keys like others", async () => {
	writeFileSync(join(root, "1", bad, "params", "__proto__"), "x");
	writeFileSync(join(root, "1", bad, "params", "constructor"), "y");
	const run = await readBoth();
	expect(Object.entries(run.params).sort()).toEqual([
		["__proto__", "x"],
		["constructor", "y"],
		["lr", "0.2"],
	]);
});

test("a run folder that is a link out of the store is not followed", async () => {
	const outside = mkdtempSync(join(tmpdir(), "gamma-outside-"));
	writeExperiment(outside, "1", "other");
	writeRun(outside, "1", "c".repeat(32), { params: { secret: "1" } });
	symlinkSync(join(outside, "1", "c".repeat(32)), join(root, "1", "c".repeat(32)));
	await readBoth();
	rmSync(outside, { recursive: true });
});

test.each(["..", "../..", `../1/${good}`, "a/b", "", "x\0y", "."])("no run has the id %j", async (id) => {
	await expect(store.run(id)).rejects.toMatchObject({ code: "run.missing" });
});

test.each(["../params/lr", "..", "", "loss/", "/etc/passwd", "none", "loss/../loss", "x\0y"])(
	"no metric has the name %j",
	async (name) => {
		await expect(store.history(good, name)).rejects.toMatchObject({ code: "metric.missing" });
	},
);

test("a folder with artifacts only is no file store; a deleted experiment makes it one", async () => {
	const artifactsOnly = join(folder, "only");
	mkdirSync(join(artifactsOnly, "1", good, "artifacts"), { recursive: true });
	expect(await isMlflowFolder(artifactsOnly)).toBe(false);
	expect(await isMlflowFolder(join(folder, "nothing"))).toBe(false);
	writeExperiment(join(artifactsOnly, ".trash"), "1", "gone");
	expect(await isMlflowFolder(artifactsOnly)).toBe(true);
});

test("a store that is not there says so, and is read once it is", async () => {
	const late = new MlflowFolderStore({ id: "l", root: join(folder, "late"), label: "late" });
	await expect(allRuns(late)).rejects.toMatchObject({ code: "store.missing" });
	writeExperiment(join(folder, "late"), "1", "demo");
	expect(await allRuns(late)).toEqual([]);
	rmSync(join(folder, "late"), { recursive: true });
	await expect(allRuns(late)).rejects.toMatchObject({ code: "store.missing" });
	late.dispose();
});

test("an unusual meta.yaml is read by the whole YAML parser", async () => {
	writeFileSync(
		join(root, "1", bad, "meta.yaml"),
		`---\n# by hand\n{experiment_id: "1", run_id: ${bad}, run_name: >-\n  folded\n  name, status: 3, start_time: 5}\n`,
	);
	writeFileSync(
		join(root, "1", good, "meta.yaml"),
		`---\nexperiment_id: "1"\nrun_name: |-\n  two\n  lines\nstatus: 4\nstart_time: 7\n`,
	);
	const run = await store.run(good);
	expect(run).toMatchObject({ name: "two\nlines", status: "FAILED", startTimeMs: 7, problem: null });
});
