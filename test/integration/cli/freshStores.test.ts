import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { GammaCommand } from "../../support/gammaCommand";
import { type RunningServer, startAuthProxy, startMlflowServer } from "../../support/mlflowServer";

const python = process.env.GAMMA_PYTHON ?? "";
const python2 = process.env.GAMMA_PYTHON_MLFLOW2 ?? "";
const script = join(import.meta.dirname, "../../support/python/mlflowStore.py");
const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_DISABLE_TELEMETRY: "true" };

const told = z.object({
	active: z.array(z.looseObject({ id: z.string() })),
	deleted: z.array(z.looseObject({ id: z.string() })),
	histories: z.array(z.looseObject({ runId: z.string(), key: z.string() })),
	artifacts: z.record(z.string(), z.array(z.looseObject({ path: z.string(), isDir: z.boolean() }))),
});

const folder = mkdtempSync(join(tmpdir(), "gamma-fresh-"));
const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => {
	gamma.dispose();
	rmSync(folder, { recursive: true, force: true });
});

function mlflow(interpreter: string, ...args: string[]): string {
	const { status, stdout, stderr } = spawnSync(interpreter, [script, ...args], {
		encoding: "utf8",
		env,
		cwd: folder,
		maxBuffer: 1 << 28,
	});
	if (status !== 0) throw new Error(stderr);
	return stdout;
}

/** Everything gamma prints of a store is what MLflow's client reads from it. */
async function expectSame(store: string, expected: z.infer<typeof told>, variables: Record<string, string> = {}) {
	const json = (...args: string[]) => gamma.json([...args, "--store", store], { env: variables });
	expect(await json("runs")).toEqual(expected.active);
	expect(await json("runs", "--deleted")).toEqual(expected.deleted);
	for (const { runId, ...history } of expected.histories)
		expect(await json("metric", runId, history.key)).toEqual(history);
	for (const [runId, entries] of Object.entries(expected.artifacts)) {
		const inFolder = (path: string) => entries.filter((entry) => entry.path.split("/").slice(0, -1).join("/") === path);
		expect(await json("artifacts", runId)).toEqual(inFolder(""));
		for (const { path, isDir } of entries)
			if (isDir) expect(await json("artifacts", runId, path)).toEqual(inFolder(path));
	}
}

function make(interpreter: string, name: string, kind: "file" | "sqlite"): { path: string; uri: string } {
	const place = join(folder, name);
	mkdirSync(place);
	const path = join(place, kind === "file" ? "mlruns" : "mlflow.db");
	const uri = kind === "file" ? path : `sqlite:///${path}`;
	mlflow(interpreter, "make", uri, join(place, "files"));
	return { path, uri };
}

describe.skipIf(python === "")("a store made just now (skipped without GAMMA_PYTHON)", () => {
	test.each(["file", "sqlite"] as const)("a %s store of MLflow 3 reads as with its own client", async (kind) => {
		const { path, uri } = make(python, `three-${kind}`, kind);
		await expectSame(path, told.parse(JSON.parse(mlflow(python, "tell", uri))));
	});

	test.skipIf(python2 === "").each(["file", "sqlite"] as const)(
		"a %s store of MLflow 2 reads as with its own client (skipped without GAMMA_PYTHON_MLFLOW2)",
		async (kind) => {
			const { path, uri } = make(python2, `two-${kind}`, kind);
			await expectSame(path, told.parse(JSON.parse(mlflow(python2, "tell", uri))));
		},
	);

	describe("behind a server", () => {
		let server: RunningServer;
		let expected: z.infer<typeof told>;
		beforeAll(async () => {
			const { uri } = make(python, "served", "sqlite");
			server = await startMlflowServer(python, uri, join(folder, "served", "artifacts"));
			expected = told.parse(JSON.parse(mlflow(python, "tell", server.url)));
		});
		afterAll(() => server?.stop());

		test("reads as with MLflow's client over the same server", async () => {
			await expectSame(server.url, { ...expected, artifacts: {} });
		});

		test("is read with the sign-in of MLflow's own variables, and refuses without", async () => {
			const basic = `Basic ${Buffer.from("ana:s3cret").toString("base64")}`;
			for (const [authorization, variables] of [
				[basic, { MLFLOW_TRACKING_USERNAME: "ana", MLFLOW_TRACKING_PASSWORD: "s3cret" }],
				["Bearer t0ken", { MLFLOW_TRACKING_TOKEN: "t0ken" }],
			] as const) {
				const proxy = await startAuthProxy(server.url, authorization);
				try {
					const found = await gamma.json(["runs"], { env: { MLFLOW_TRACKING_URI: proxy.url, ...variables } });
					expect(found).toEqual(expected.active);
					const { code, out, err } = await gamma.run(["runs"], { env: { MLFLOW_TRACKING_URI: proxy.url } });
					expect({ code, out }).toEqual({ code: 1, out: "" });
					expect(err.trim().split("\n")).toHaveLength(1);
				} finally {
					await proxy.stop();
				}
			}
		});
	});

	test("a database that MLflow is writing to is read all the while, and nothing appears beside it", async () => {
		const { path, uri } = make(python, "busy", "sqlite");
		const training = spawn(python, [script, "log", uri, "2", "150"], { env, cwd: folder });
		const [first] = await new Promise<string[]>((resolve, reject) => {
			training.stdout.once("data", (text: Buffer) => resolve(JSON.parse(String(text))));
			training.once("error", reject);
		});
		const ended = new Promise((resolve) => training.once("close", resolve));
		const lengths: number[] = [];
		const beside = new Set<string>();
		while (training.exitCode === null) {
			const { code, out, err } = await gamma.run(["metric", "--store", path, first!, "loss", "--json"]);
			if (code === 0) lengths.push(z.object({ steps: z.array(z.number()) }).parse(JSON.parse(out)).steps.length);
			else expect(err).toContain('has no metric "loss"');
			for (const name of readdirSync(join(folder, "busy"))) beside.add(name);
		}
		await ended;
		expect(lengths.length).toBeGreaterThan(3);
		expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
		beside.delete("mlflow.db-journal");
		expect([...beside].sort()).toEqual(["files", "mlflow.db"]);
		const expected = told.parse(JSON.parse(mlflow(python, "tell", uri)));
		await expectSame(path, { ...expected, artifacts: {} });
	});
});
