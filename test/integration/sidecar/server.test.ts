import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GammaCommand } from "../../support/gammaCommand";
import { freePort } from "../../support/mlflowServer";
import { ended, printed, readRuns, startExec, trainingFolder } from "../../support/sidecar";

const python = process.env.GAMMA_PYTHON ?? "";
const gamma = new GammaCommand();
const folder = mkdtempSync(join(tmpdir(), "gamma-sidecar-server-"));

/** A server that can be stopped and started again at its address. */
class RestartedServer {
	#process: ChildProcess | null = null;
	constructor(private readonly port: number) {}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	async start(): Promise<void> {
		const store = ["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--artifacts-destination", `${folder}/art`];
		this.#process = spawn(
			python,
			["-m", "mlflow", "server", ...store, "--host", "127.0.0.1", "--port", String(this.port), "--workers", "1"],
			{
				detached: true,
				stdio: "ignore",
				env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_DISABLE_TELEMETRY: "true" },
			},
		);
		const isUp = async () => (await fetch(`${this.url}/health`).catch(() => null))?.ok ?? false;
		for (let tries = 0; !(await isUp()); tries++) {
			if (tries > 300) throw new Error("mlflow server did not start");
			await wait(200);
		}
	}

	async stop(): Promise<void> {
		const server = this.#process;
		if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
		const gone = new Promise((resolve) => server.once("exit", resolve));
		process.kill(-server.pid, "SIGKILL");
		await gone;
	}
}

describe.skipIf(!python)("a run on an MLflow server", () => {
	let server: RestartedServer;
	beforeAll(async () => {
		await gamma.build();
		server = new RestartedServer(await freePort());
		await server.start();
	});
	afterAll(async () => {
		await server.stop();
		gamma.dispose();
		rmSync(folder, { recursive: true, force: true });
	});

	const js = (script: string) => ["--", process.execPath, "-e", script];
	const ticks = (count: number, everyMs: number) =>
		`let i = 0; const t = setInterval(() => { console.log("step " + i + " loss=" + i / 8); if (++i === ${count}) clearInterval(t); }, ${everyMs})`;

	test("metrics, what is not finite, checkpoints, log and end arrive, and no spool stays", async () => {
		using training = trainingFolder();
		const script = `require("node:fs").writeFileSync("ck-2.pt", "weights"); for (let i = 0; i < 2500; i++) console.log("step " + i + " loss=" + (i === 1 ? "nan" : i / 8)); console.log("step 1 up=inf")`;
		const args = [
			"--store",
			server.url,
			"--experiment",
			"sent",
			"--name",
			"one",
			"--checkpoints",
			"*.pt",
			...js(script),
		];
		const child = startExec(gamma, training.path, args);
		expect(await ended(child)).toBe(0);
		const [run] = await readRuns(python, server.url, "sent");
		expect(run).toMatchObject({ name: "one", status: "FINISHED", ended: true, tags: { "gamma.exitCode": "0" } });
		expect(run?.metrics.loss).toHaveLength(2500);
		expect(run?.metrics.loss?.slice(0, 3)).toEqual([
			["0.0", 0],
			["nan", 1],
			["0.25", 2],
		]);
		expect(run?.metrics.up?.[0]?.[0]).toMatch(/inf|1.797/);
		expect(run?.artifacts).toEqual([
			"checkpoints",
			"checkpoints/ck-2.pt",
			"checkpoints/manifest.json",
			"logs",
			"logs/output.log",
		]);
		expect(readdirSync(join(training.path, "spool"))).toEqual([]);
		expect(existsSync(join(training.path, "mlruns"))).toBe(false);
		const [read] = (await gamma.json(["runs", "--store", server.url, "--experiment", "sent"])) as [{ name: string }];
		expect(read.name).toBe("one");
	});

	test("a script with MLflow calls of its own logs into the same run, once", async () => {
		using training = trainingFolder();
		const file = join(training.path, "train.py");
		writeFileSync(
			file,
			`import mlflow
with mlflow.start_run():
    for step in range(4):
        print(f"step {step} loss={step / 8} speed={step}", flush=True)
        mlflow.log_metric("loss", step / 8, step=step)
raise SystemExit(4)
`,
		);
		const child = startExec(gamma, training.path, ["--store", server.url, "--experiment", "both", "--", python, file]);
		expect(await ended(child)).toBe(4);
		const [run, ...others] = await readRuns(python, server.url, "both");
		expect(others).toEqual([]);
		expect(run?.status).toBe("FAILED");
		expect(run?.metrics.loss?.map(([, step]) => step)).toEqual([0, 1, 2, 3]);
		expect(run?.metrics.speed).toHaveLength(4);
	});

	test("a server that is stopped in mid-training and started again has every point, and the training keeps its pace", async () => {
		using training = trainingFolder();
		const child = startExec(gamma, training.path, [
			"--store",
			server.url,
			"--experiment",
			"away",
			...js(ticks(100, 100)),
		]);
		const done = ended(child);
		const last = printed(child, "step 99 ");
		await printed(child, "step 30 ");
		const began = Date.now();
		await server.stop();
		await last;
		// 70 steps of a tenth of a second.
		expect(Date.now() - began).toBeLessThan(9_000);
		await server.start();
		expect(await done).toBe(0);
		const [run] = await readRuns(python, server.url, "away");
		expect(run?.metrics.loss?.map(([, step]) => step)).toEqual(Array.from({ length: 100 }, (_, step) => step));
		expect(run?.status).toBe("FINISHED");
	});

	test("a run whose server was away to its end is sent by the next one", async () => {
		using training = trainingFolder();
		await server.stop();
		const first = startExec(gamma, training.path, [
			"--store",
			server.url,
			"--experiment",
			"later",
			"--name",
			"first",
			...js(ticks(5, 10)),
		]);
		let said = "";
		first.stderr.on("data", (bytes) => {
			said += String(bytes);
		});
		expect(await ended(first)).toBe(0);
		expect(said).toMatch(
			/^gamma: The server does not answer; .*\ngamma: The server .* is away; the run waits in .*spool.* is sent by the next gamma exec to it\.\n$/,
		);
		await server.start();
		const second = startExec(gamma, training.path, [
			"--store",
			server.url,
			"--experiment",
			"later",
			"--name",
			"second",
			...js(ticks(5, 10)),
		]);
		expect(await ended(second)).toBe(0);
		const runs = await readRuns(python, server.url, "later");
		expect(runs.map(({ name, status }) => [name, status]).sort()).toEqual([
			["first", "FINISHED"],
			["second", "FINISHED"],
		]);
		for (const { metrics } of runs) expect(metrics.loss).toHaveLength(5);
		expect(readdirSync(join(training.path, "spool"))).toEqual([]);
	});
});
