import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import * as z from "zod/mini";
import type { GammaCommand } from "./gammaCommand";

const readRunScript = `
import json, sys
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
experiment = client.get_experiment_by_name(sys.argv[2])
found = client.search_runs([experiment.experiment_id])
files = lambda run, path=None: [f.path for f in client.list_artifacts(run, path)]
print(json.dumps([{
  "id": run.info.run_id, "name": run.info.run_name, "status": run.info.status, "user": run.info.user_id,
  "ended": run.info.end_time is not None, "tags": run.data.tags,
  "metrics": {key: [[repr(m.value), m.step] for m in client.get_metric_history(run.info.run_id, key)] for key in run.data.metrics},
  "artifacts": sorted(files(run.info.run_id) + files(run.info.run_id, "checkpoints") + files(run.info.run_id, "logs")),
} for run in found]))
`;

const readRun = z.object({
	id: z.string(),
	name: z.string(),
	status: z.string(),
	user: z.string(),
	ended: z.boolean(),
	tags: z.record(z.string(), z.string()),
	/** Python's `repr` of a value, and its step. */
	metrics: z.record(z.string(), z.array(z.tuple([z.string(), z.number()]))),
	artifacts: z.array(z.string()),
});
export type ReadRun = z.infer<typeof readRun>;

/** The runs of an experiment as the real MLflow client reads them, newest first. */
export function readRuns(python: string, uri: string, experiment = "Default"): Promise<ReadRun[]> {
	const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_DISABLE_TELEMETRY: "true" };
	return new Promise((resolve, reject) => {
		execFile(python, ["-c", readRunScript, uri, experiment], { env }, (error, stdout, stderr) => {
			if (error) reject(new Error(stderr));
			else resolve(z.parse(z.array(readRun), JSON.parse(stdout)));
		});
	});
}

/** A folder to train in, removed after the test. */
export function trainingFolder(): { path: string } & Disposable {
	const path = mkdtempSync(join(tmpdir(), "gamma-sidecar-"));
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** `gamma exec` as a process that a test may signal. */
export function startExec(
	gamma: GammaCommand,
	cwd: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
	node = process.execPath,
): ChildProcessByStdio<null, Readable, Readable> {
	const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MLFLOW_"));
	return spawn(node, [gamma.launcher, "exec", ...args], {
		cwd,
		env: { ...Object.fromEntries(inherited), GAMMA_SPOOL_DIR: join(cwd, "spool"), ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
}

export function ended(child: ReturnType<typeof startExec>): Promise<number | null> {
	return new Promise((resolve) => child.once("close", resolve));
}

/** Resolves with all output so far when it holds the text. */
export function printed(child: ReturnType<typeof startExec>, text: string): Promise<string> {
	let seen = "";
	return new Promise((resolve) => {
		child.stdout.on("data", (bytes: Buffer) => {
			seen += bytes.toString("latin1");
			if (seen.includes(text)) resolve(seen);
		});
	});
}
