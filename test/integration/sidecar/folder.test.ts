import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GammaCommand } from "../../support/gammaCommand";
import { readRuns, trainingFolder } from "../../support/sidecar";

const python3 = process.env.GAMMA_PYTHON;
const python2 = process.env.GAMMA_PYTHON_MLFLOW2;
const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());

const script = `
for (let e = 1; e <= 3; e++) console.log("\\u001b[32mEpoch " + e + "/3\\u001b[0m - loss: " + 1 / e + " - odd: " + (e === 2 ? "nan" : "-inf"));
console.log(JSON.stringify({ step: 9, metrics: { exact: 0.1 + 0.2, "val/mAP50(B)": 1e-30 } }));
`;
const train = ["--", process.execPath, "-e", script];
const name = `né: "quoted" #1 😀 'x'`;

describe.skipIf(!python3 || !python2)("a run in a folder, read back by MLflow's own clients", () => {
	test("as MLflow 3, MLflow 2 and gamma read it", async () => {
		using folder = trainingFolder();
		const git = (...args: string[]) => execFileSync("git", ["-C", folder.path, ...args], { encoding: "utf8" }).trim();
		git("init", "-q", "-b", "models/tiny");
		git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x");
		const args = ["exec", "--experiment", "exp: [1]", "--name", name, ...train];
		expect((await gamma.run(args, { cwd: folder.path })).code).toBe(0);
		const store = join(folder.path, "mlruns");
		const expected = {
			name,
			status: "FINISHED",
			ended: true,
			metrics: {
				loss: [
					["1.0", 1],
					["0.5", 2],
					["0.3333333333333333", 3],
				],
				odd: [
					["-inf", 1],
					["nan", 2],
					["-inf", 3],
				],
				exact: [["0.30000000000000004", 9]],
				"val/mAP50B": [["1e-30", 9]],
			},
			artifacts: ["logs", "logs/output.log"],
			tags: {
				"mlflow.runName": name,
				"mlflow.source.type": "LOCAL",
				"mlflow.source.git.commit": git("rev-parse", "HEAD"),
				"mlflow.source.git.branch": "models/tiny",
				"gamma.exitCode": "0",
			},
		};
		for (const python of [python3 ?? "", python2 ?? ""]) {
			expect(await readRuns(python, store, "exp: [1]")).toMatchObject([expected]);
		}
		const runs = await gamma.json(["runs", "--store", store, "--experiment", "exp: [1]"]);
		expect(runs).toMatchObject([
			{ name, status: "FINISHED", commit: git("rev-parse", "HEAD"), metrics: { exact: 0.1 + 0.2 } },
		]);
		const [{ id }] = runs as [{ id: string }];
		expect(await gamma.json(["metric", "--store", store, id, "odd"])).toMatchObject({
			steps: [1, 2, 3],
			values: ["-Infinity", "NaN", "-Infinity"],
		});
		expect(await gamma.json(["artifacts", "--store", store, id, "logs"])).toMatchObject([{ path: "logs/output.log" }]);
	});

	test("an experiment the client made is found by its name, and a deleted one is refused", async () => {
		using folder = trainingFolder();
		const store = join(folder.path, "mlruns");
		const client = (statement: string) =>
			execFileSync(
				python3 ?? "",
				["-c", `from mlflow.tracking import MlflowClient; c = MlflowClient(${JSON.stringify(store)}); ${statement}`],
				{
					env: { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true" },
					stdio: "pipe",
				},
			);
		client("c.create_experiment('teams own')");
		const exec = () => gamma.run(["exec", "--experiment", "teams own", ...train], { cwd: folder.path });
		expect((await exec()).code).toBe(0);
		expect(readdirSync(store).filter((entry) => /^\d{18}$/.test(entry))).toHaveLength(1);
		expect(await readRuns(python3 ?? "", store, "teams own")).toHaveLength(1);
		client("c.delete_experiment(c.get_experiment_by_name('teams own').experiment_id)");
		const refused = await exec();
		expect(refused.code).toBe(1);
		expect(refused.err).toContain("was deleted");
		expect(refused.out).toBe("");
	});

	test("a script that logs the same metrics itself logs into the same run, once", async () => {
		using folder = trainingFolder();
		const file = join(folder.path, "train.py");
		writeFileSync(
			file,
			`import mlflow
with mlflow.start_run():
    mlflow.log_param("lr", 0.1)
    for step in range(5):
        print(f"step {step} loss={step / 10} speed={step}", flush=True)
        mlflow.log_metric("loss", step / 10, step=step)
`,
		);
		const finished = await gamma.run(["exec", "--name", "both", "--", python3 ?? "", file], { cwd: folder.path });
		expect(finished).toMatchObject({ code: 0 });
		const [run, ...others] = await readRuns(python3 ?? "", join(folder.path, "mlruns"));
		expect(others).toEqual([]);
		expect(run).toMatchObject({ name: "both", status: "FINISHED" });
		expect(run?.metrics.loss).toEqual([
			["0.0", 0],
			["0.1", 1],
			["0.2", 2],
			["0.3", 3],
			["0.4", 4],
		]);
		expect(run?.metrics.speed).toHaveLength(5);
	});
});

test("sidecars that start at once make one experiment", async () => {
	using folder = trainingFolder();
	const one = () => gamma.run(["exec", "--experiment", "seeds", ...train], { cwd: folder.path });
	expect((await Promise.all([one(), one(), one(), one()])).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
	expect(await gamma.json(["runs", "--store", "mlruns", "--experiment", "seeds"], { cwd: folder.path })).toHaveLength(
		4,
	);
	expect(readdirSync(join(folder.path, "mlruns")).filter((entry) => !entry.startsWith("."))).toHaveLength(1);
});

test("checkpoints are kept whole, with their step, their metrics and their hash", async () => {
	using folder = trainingFolder();
	mkdirSync(join(folder.path, "out"));
	writeFileSync(join(folder.path, "out", "step-0.pt"), "of an earlier training");
	const training = `
const fs = require("node:fs");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
(async () => {
  for (const step of [100, 200]) {
    console.log("step " + step + " loss=" + 1 / step);
    const file = fs.openSync("out/step-" + step + ".pt", "w");
    for (let part = 0; part < 5; part++) { fs.writeSync(file, "part" + part); await wait(300); }
    fs.closeSync(file);
    fs.writeFileSync("out/last.pt", "state of " + step);
    await wait(3500);
  }
})();`;
	const args = ["exec", "--checkpoints", "out/*.pt", "--", process.execPath, "-e", training];
	expect((await gamma.run(args, { cwd: folder.path })).code).toBe(0);
	const [{ id }] = (await gamma.json(["runs", "--store", "mlruns"], { cwd: folder.path })) as [{ id: string }];
	const kept = join(folder.path, "mlruns", "0", id, "artifacts", "checkpoints");
	const { checkpoints } = JSON.parse(readFileSync(join(kept, "manifest.json"), "utf8"));
	expect(readdirSync(kept).sort()).toEqual(["last.pt", "manifest.json", "step-100.pt", "step-200.pt"]);
	for (const { path, sha256, sizeBytes } of checkpoints) {
		const bytes = readFileSync(join(kept, path));
		expect([path, sha256, sizeBytes]).toEqual([path, createHash("sha256").update(bytes).digest("hex"), bytes.length]);
	}
	const byPath = Object.fromEntries(checkpoints.map((one: { path: string }) => [one.path, one]));
	expect(byPath["step-100.pt"]).toMatchObject({ step: 100, metrics: { loss: 0.01 }, sizeBytes: 25 });
	expect(byPath["last.pt"]).toMatchObject({ step: 200, metrics: { loss: 0.005 } });
	expect(readFileSync(join(kept, "last.pt"), "utf8")).toBe("state of 200");
});

test("what the machine and the training use is logged under MLflow's names", async () => {
	using folder = trainingFolder();
	await gamma.run(["exec", "--", process.execPath, "-e", "const e = Date.now() + 2500; while (Date.now() < e);"], {
		cwd: folder.path,
	});
	const [{ metrics }] = (await gamma.json(["runs", "--store", "mlruns"], { cwd: folder.path })) as [
		{ metrics: Record<string, number> },
	];
	expect(metrics["system/cpu_utilization_percentage"]).toBeGreaterThan(10);
	expect(metrics["system/process_cpu_utilization_percentage"]).toBeGreaterThan(5);
	expect(metrics["system/system_memory_usage_megabytes"]).toBeGreaterThan(50);
	expect(metrics["system/process_memory_usage_megabytes"]).toBeGreaterThan(5);
});

test.each(["sqlite:///mlflow.db", "mlflow.db"])(
	"the SQLite store %s is refused in one sentence, and nothing runs",
	async (store) => {
		using folder = trainingFolder();
		const finished = await gamma.run(["exec", "--store", store, "--", "touch", "ran"], { cwd: folder.path });
		expect(finished.code).toBe(1);
		expect(finished.err).toMatch(/^gamma: gamma exec does not write into the file .*start a server.*folder\.\n$/);
		expect(existsSync(join(folder.path, "ran"))).toBe(false);
		expect(readdirSync(folder.path)).toEqual([]);
	},
);

test("wrong usage ends with 2, and --help with 0", async () => {
	expect((await gamma.run(["exec"])).code).toBe(2);
	expect((await gamma.run(["exec", "--metric-regex", "loss=loss", "--", "true"])).code).toBe(2);
	expect((await gamma.run(["exec", "--help"])).out).toContain("--checkpoints");
});
