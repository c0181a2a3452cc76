import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { discoverStores, findStores } from "../../../../src/adapters/library/findStores";
import { watchForStores } from "../../../../src/adapters/library/watchForStores";
import { fixturesFolder, fixturesPresent } from "../../../support/fixtures";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "gamma-find-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = ""): void {
	mkdirSync(join(folder, path, ".."), { recursive: true });
	writeFileSync(join(folder, path), text);
}

/** A small MLflow folder: one experiment, no runs. */
function mlruns(path: string): void {
	write(join(path, "0/meta.yaml"), "experiment_id: '0'\nname: Default\nlifecycle_stage: active\n");
	mkdirSync(join(folder, path, ".trash"), { recursive: true });
}

const events = (path: string) => write(join(path, "events.out.tfevents.1700000000.host.1.0"));
const labels = async () => (await findStores(folder, {})).map((location) => location.label);

test("an empty folder offers nothing and has no problem", async () => {
	const { locations, problems } = await discoverStores(folder, { variables: {} });
	expect([locations, problems]).toEqual([[], []]);
});

test("MLflow folders are found down to the fourth level, event files under their log folder", async () => {
	mlruns("mlruns");
	mlruns("work/a/b/mlruns");
	mlruns("work/a/b/c/d/mlruns");
	events("runs/one");
	events("runs/two/eval");
	events("outputs/2026-01-01/tb_logs/version_0");
	expect(await labels()).toEqual(["mlruns", "work/a/b/mlruns", "outputs/2026-01-01/tb_logs", "runs"]);
});

test.skipIf(!fixturesPresent)(
	"a database is found beside its artifact folder, which is no store (fixtures needed)",
	async () => {
		cpSync(join(fixturesFolder(), "mlflow/sqlite-3.17"), folder, { recursive: true });
		write("other.db", "not a database");
		expect(await labels()).toEqual(["mlflow.db"]);
	},
);

test("event files among a run's artifacts belong to that run", async () => {
	mlruns("mlruns");
	events("mlruns/0/0123456789abcdef0123456789abcdef/artifacts/tensorboard_logs");
	events("mlartifacts/0/x/artifacts/tb");
	expect(await labels()).toEqual(["mlruns"]);
});

test("other people's code and caches are passed by", async () => {
	for (const path of ["node_modules/x/mlruns", ".venv/mlruns", "venv/lib/site-packages/mlruns", ".git/mlruns"])
		mlruns(path);
	events("__pycache__/x");
	expect(await labels()).toEqual([]);
});

test("links in a circle end, and a store two links lead to is offered once", async () => {
	mlruns("mlruns");
	symlinkSync("..", join(folder, "mlruns-up"));
	mkdirSync(join(folder, "deep"));
	symlinkSync(folder, join(folder, "deep/again"));
	symlinkSync(join(folder, "mlruns"), join(folder, "deep/mlruns"));
	expect(await labels()).toEqual(["mlruns"]);
});

test("settings, project file and environment come first, each store once", async () => {
	mlruns("mlruns");
	write(".gamma/project.json", '{"stores": ["mlruns", {"uri": "https://mlflow.example", "label": "team"}, "nowhere"]}');
	const { locations } = await discoverStores(folder, {
		variables: {
			MLFLOW_TRACKING_URI: "http://127.0.0.1:5000",
			MLFLOW_TRACKING_USERNAME: "me",
			MLFLOW_TRACKING_PASSWORD: "secret",
		},
		stores: [{ uri: "~/elsewhere" }],
	});
	expect(locations).toEqual([
		{ uri: join(homedir(), "elsewhere"), source: "settings" },
		{ uri: join(folder, "mlruns"), source: "workspace" },
		{ uri: "https://mlflow.example", label: "team", source: "workspace" },
		{ uri: join(folder, "nowhere"), source: "workspace" },
		{
			uri: "http://127.0.0.1:5000",
			source: "environment",
			auth: { kind: "basic", username: "me", password: "secret" },
		},
	]);
});

test("credentials of the environment go to no server that a file names", async () => {
	write(".gamma/project.json", '{"stores": ["https://evil.example"]}');
	const found = await findStores(folder, { MLFLOW_TRACKING_TOKEN: "secret" });
	expect(JSON.stringify(found)).not.toContain("secret");
});

test("a broken project file is reported with its line, and the rest is found all the same", async () => {
	mlruns("mlruns");
	write(".gamma/project.json", '{\n"stores": [mlruns]\n}');
	const { locations, problems } = await discoverStores(folder, { variables: {} });
	expect(locations.map((location) => location.label)).toEqual(["mlruns"]);
	expect(problems).toEqual([
		{
			code: "settings.invalid",
			message: expect.stringContaining(".gamma/project.json, line 2: mlruns is not a JSON value"),
		},
	]);
});

test("a relative tracking URI is relative to the folder", async () => {
	mlruns("tracking");
	const found = await findStores(folder, { MLFLOW_TRACKING_URI: "file:./tracking" });
	expect(found).toEqual([{ uri: join(folder, "tracking"), source: "environment" }]);
});

test("a folder with very many folders in it is searched in part, and says so; a large data set is no reason", async () => {
	mlruns("mlruns");
	for (let i = 0; i < 2_001; i++) write(`images/${i}.png`);
	expect((await discoverStores(folder, { variables: {} })).problems).toEqual([]);
	for (let i = 0; i < 2_001; i++) mkdirSync(join(folder, "sets", `${i}`), { recursive: true });
	const { locations, problems } = await discoverStores(folder, { variables: {} });
	expect(problems[0]?.message).toContain("too many files and folders");
	expect(locations.map((location) => location.label)).toEqual(["mlruns"]);
});

test("a log folder on another disk is found through its link, under the link's name", async () => {
	const elsewhere = mkdtempSync(join(tmpdir(), "gamma-elsewhere-"));
	mkdirSync(join(elsewhere, "one"));
	writeFileSync(join(elsewhere, "one", "events.out.tfevents.1.host"), "");
	symlinkSync(elsewhere, join(folder, "runs"));
	expect(await labels()).toEqual(["runs"]);
	rmSync(elsewhere, { recursive: true });
});

test("a cancelled search rejects as cancelled", async () => {
	const search = findStores(folder, {}, AbortSignal.abort());
	await expect(search).rejects.toMatchObject({ code: "call.cancelled" });
});

test("a folder that is not there offers nothing", async () => {
	expect(await findStores(join(folder, "nowhere"), {})).toEqual([]);
});

test("a new entry is a hint to look again, a growing file is none", async () => {
	write("train.log", "a");
	const { watched } = await discoverStores(folder, { variables: {} });
	let hints = 0;
	const watching = watchForStores(watched, () => {
		hints++;
	});
	try {
		writeFileSync(join(folder, "train.log"), "a longer text");
		await new Promise((resolve) => setTimeout(resolve, 800));
		expect(hints).toBe(0);
		mlruns("mlruns");
		await expect.poll(() => hints, { timeout: 5_000 }).toBe(1);
	} finally {
		watching.dispose();
	}
});
