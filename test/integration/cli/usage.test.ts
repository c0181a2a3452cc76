import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixturesFolder, fixturesPresent } from "../../support/fixtures";
import { GammaCommand } from "../../support/gammaCommand";
import { SqliteProject } from "../../support/sqliteProject";

const gamma = new GammaCommand();
const folder = mkdtempSync(join(tmpdir(), "gamma-usage-"));
beforeAll(() => gamma.build());
afterAll(() => {
	gamma.dispose();
	rmSync(folder, { recursive: true, force: true });
});

/** One sentence, its reason in it, and no stack. */
function expectOneSentence(err: string): void {
	expect(err.trim().split("\n")).toHaveLength(1);
	expect(err).toMatch(/\.\n$/);
	expect(err).not.toMatch(/\bat .*:\d+:\d+/);
}

/** The system's own Node.js 20, where there is one. */
const oldNode = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
	try {
		return execFileSync(path, ["--version"], { encoding: "utf8" }).startsWith("v20.");
	} catch {
		return false;
	}
});

describe("gamma", () => {
	test.each([[], ["runs"], ["metric"], ["artifacts"], ["compare"]])(
		"explains itself with --help: %s",
		async (...command) => {
			const { code, out, err } = await gamma.run([...command, "--help"]);
			expect({ code, err }).toEqual({ code: 0, err: "" });
			expect(out).toContain("Usage: gamma");
		},
	);

	test.each([
		[[]],
		[["walk"]],
		[["runs", "--limit", "many"]],
		[["runs", "--colour"]],
		[["runs", "extra"]],
		[["metric"]],
		[["metric", "id"]],
		[["artifacts"]],
		[["compare"]],
	])("ends with 2 on wrong usage: gamma %j", async (args) => {
		const { code, out, err } = await gamma.run(args);
		expect({ code, out }).toEqual({ code: 2, out: "" });
		expect(err).not.toBe("");
	});

	test("ends with 1 and one sentence where there is nothing to read", async () => {
		for (const args of [
			["runs"],
			["runs", "--store", "nowhere.db"],
			["runs", "--store", folder],
			["metric", "a", "b"],
		]) {
			const { code, out, err } = await gamma.run(args, { cwd: folder });
			expect({ code, out }).toEqual({ code: 1, out: "" });
			expectOneSentence(err);
		}
	});

	test("says to build it where that was not done", async () => {
		const unbuilt = join(folder, "unbuilt");
		mkdirSync(join(unbuilt, "bin"), { recursive: true });
		cpSync(gamma.launcher, join(unbuilt, "bin", "gamma.mjs"));
		expect(() => execFileSync(process.execPath, [join(unbuilt, "bin", "gamma.mjs")], { stdio: "pipe" })).toThrow(
			"run npm install && npm run build first",
		);
	});
});

describe.skipIf(!fixturesPresent)("gamma over stores (skipped without fixtures)", () => {
	const mlflow = (fixture: string) => join(fixturesFolder(), "mlflow", fixture);
	const database = join(folder, "mlflow.db");
	beforeAll(() => cpSync(join(mlflow("sqlite-3.17"), "mlflow.db"), database));

	test("refuses a filter with the place of the mistake", async () => {
		const { code, out, err } = await gamma.run(["runs", "--store", database, "--filter", "metrics.a > 'x'"]);
		expect({ code, out }).toEqual({ code: 1, out: "" });
		expectOneSentence(err);
		expect(err).toContain("character 13");
	});

	test.each([
		["a path", (path: string) => path],
		["a sqlite address", (path: string) => `sqlite:///${path}`],
	])("takes %s for the store", async (_, toUri) => {
		expect(await gamma.json(["runs", "--store", toUri(database)])).toHaveLength(26);
	});

	test("reads the store MLFLOW_TRACKING_URI names, rather than what lies in the folder", async () => {
		const env = { MLFLOW_TRACKING_URI: join(mlflow("file-2.14"), "mlruns") };
		expect(await gamma.json(["runs"], { cwd: folder, env })).toHaveLength(25);
	});

	test("merges the stores of a folder into one list, newest first, and finds runs in any of them", async () => {
		const both = join(folder, "both");
		mkdirSync(both);
		cpSync(database, join(both, "mlflow.db"));
		cpSync(join(mlflow("file-2.14"), "mlruns"), join(both, "mlruns"), { recursive: true });
		const runs = (await gamma.json(["runs"], { cwd: both })) as { id: string; startTimeMs: number }[];
		expect(runs).toHaveLength(26 + 25);
		const times = runs.map((run) => run.startTimeMs);
		expect(times).toEqual(times.toSorted((a, b) => b - a));
		const ids = [runs[0]!.id, runs.at(-1)!.id, "64c15388685844f8ab89d3cff427b53e"];
		expect(Object.keys((await gamma.json(["compare", ...ids], { cwd: both })) as object)).toEqual([
			"params",
			"metrics",
			"differingParams",
		]);
		writeFileSync(join(both, "mlflow.db"), readFileSync(database).subarray(0, 9000));
		const { code, out, err } = await gamma.run(["runs", "--json"], { cwd: both });
		expect({ code, runs: JSON.parse(out).length }).toEqual({ code: 0, runs: 25 });
		expectOneSentence(err);
	});

	test("prints non-finite numbers as strings", async () => {
		const project = new SqliteProject();
		try {
			project.addRun("a", 1);
			project.log("a", "odd", [
				[0, 1, Number.POSITIVE_INFINITY],
				[1, 2, Number.NEGATIVE_INFINITY],
				[2, 3, null],
			]);
			expect(await gamma.json(["metric", "--store", project.file, "a", "odd"])).toEqual({
				key: "odd",
				steps: [0, 1, 2],
				values: ["Infinity", "-Infinity", "NaN"],
				timestampsMs: [1, 2, 3],
			});
			expect(readdirSync(project.folder)).toEqual(["mlflow.db"]);
		} finally {
			project.dispose();
		}
	});

	test("prints aligned columns for people, free of the control characters in a store's texts", async () => {
		const project = new SqliteProject();
		try {
			project.addRun("a", 1);
			project.writer.exec("UPDATE runs SET name = 'red ' || char(27) || '[31m' || char(10) || 'two'");
			const { code, out, err } = await gamma.run(["runs", "--store", project.file]);
			expect({ code, err }).toEqual({ code: 0, err: "" });
			expect(out).not.toContain("\u001b");
			const [header, row] = out.trim().split("\n");
			expect(out.trim().split("\n")).toHaveLength(2);
			expect(row!.indexOf("RUNNING")).toBe(header!.indexOf("STATUS"));
		} finally {
			project.dispose();
		}
	});

	test("shows people the metrics that tell most, not the first by name", async () => {
		const project = new SqliteProject();
		try {
			project.addRun("a", 1);
			for (const key of ["epoch", "lr", "system/cpu", "train/grad_norm", "train/loss", "val/acc", "val/loss"]) {
				project.log("a", key, [[1, 1, 0.5]]);
			}
			const { out } = await gamma.run(["runs", "--store", project.file]);
			expect(out.split("\n")[0]?.trim().split(/\s+/).slice(5, 8)).toEqual(["val/acc", "val/loss", "train/loss"]);
		} finally {
			project.dispose();
		}
	});

	test("tells who mistypes a metric those that there are", async () => {
		const project = new SqliteProject();
		try {
			project.addRun("a", 1);
			project.log("a", "val/loss", [[1, 1, 0.5]]);
			const { code, err } = await gamma.run(["metric", "a", "val/lss", "--store", project.file]);
			expect({ code, err }).toEqual({ code: 1, err: 'gamma: The run a has no metric "val/lss". It has val/loss.\n' });
		} finally {
			project.dispose();
		}
	});

	test("ends quietly when its reader goes away", async () => {
		const child = spawn(process.execPath, [gamma.launcher, "runs", "--store", database, "--json"]);
		let err = "";
		child.stderr.on("data", (text) => {
			err += text;
		});
		child.stdout.destroy();
		const code = await new Promise((resolve) => child.on("close", resolve));
		expect({ code, err }).toEqual({ code: 0, err: "" });
	});

	test.skipIf(oldNode === undefined)("works on Node.js 20, all but SQLite (skipped without one)", async () => {
		const env = { GAMMA_DEV_CACHE: join(folder, "empty") };
		const files = await gamma.run(["runs", "--store", join(mlflow("file-3.17"), "mlruns"), "--json"], {
			node: oldNode!,
			env,
		});
		expect({ code: files.code, err: files.err, runs: JSON.parse(files.out).length }).toEqual({
			code: 0,
			err: "",
			runs: 26,
		});
		const refused = await gamma.run(["runs", "--store", database], { node: oldNode!, env });
		expect(refused.code).toBe(1);
		expectOneSentence(refused.err);
		expect(refused.err).toContain("Node.js 22.13");
	});
});
