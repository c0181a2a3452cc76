import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The checkout; this file runs bundled, from .cache/bench. */
export const root = process.env.GAMMA_ROOT ?? resolve(import.meta.dirname, "../..");
export const python = process.env.GAMMA_PYTHON ?? "python3";
/** Beside the other tools that are brought: a quarter of a million files that no packaging or watching should walk over. */
const stores = join(process.env.GAMMA_DEV_CACHE ?? join(homedir(), ".cache", "gamma-dev"), "bench-stores");

/** A store of the benchmark, made once and kept: filling ten million rows takes minutes. */
export function benchStore(name: string, script: string, args: (at: string) => readonly string[]): string {
	const at = join(stores, name);
	if (existsSync(at)) return at;
	mkdirSync(stores, { recursive: true });
	const making = join(stores, `making-${name}`);
	rmSync(making, { recursive: true, force: true });
	process.stdout.write(`making ${name} …\n`);
	execFileSync(python, [join(root, "bench", "stores", script), ...args(making)], {
		stdio: ["ignore", "ignore", "pipe"],
	});
	renameSync(making, at);
	return at;
}

export interface Server {
	readonly url: string;
	stop(): Promise<void>;
}

/** `mlflow server`, one worker, no telemetry, no job processes. `backend`: a store URI. */
export async function mlflowServer(backend: string): Promise<Server> {
	const port = await freePort();
	const child = spawn(
		join(dirname(python), "mlflow"),
		["server", "--backend-store-uri", backend, "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
		{
			stdio: "ignore",
			detached: true,
			cwd: stores,
			env: {
				...process.env,
				MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
				MLFLOW_DISABLE_TELEMETRY: "true",
				MLFLOW_ALLOW_FILE_STORE: "true",
			},
		},
	);
	const url = `http://127.0.0.1:${port}`;
	for (let attempt = 0; attempt < 600; attempt++) {
		if (
			await fetch(`${url}/health`).then(
				(answer) => answer.ok,
				() => false,
			)
		)
			return { url, stop: () => stop(child) };
		await new Promise((done) => setTimeout(done, 100));
	}
	await stop(child);
	throw new Error("mlflow server did not start within 60 s");
}

/** Ends the server and the workers it forked: its own process group, which this process started. */
function stop(child: ChildProcess): Promise<void> {
	return new Promise((done) => {
		child.once("exit", () => done());
		if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
	});
}

export async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}

async function post<T>(url: string, body: unknown): Promise<T> {
	const answer = await fetch(url, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	});
	if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
	return (await answer.json()) as T;
}

/** All runs over REST, in the server's largest pages, as any client has to; answers how many. */
export async function listOverRest(url: string, limit = Number.POSITIVE_INFINITY): Promise<number> {
	const { experiments } = await post<{ experiments: { experiment_id: string }[] }>(
		`${url}/api/2.0/mlflow/experiments/search`,
		{
			max_results: 100,
		},
	);
	let count = 0;
	let page_token: string | undefined;
	do {
		const page = await post<{ runs?: unknown[]; next_page_token?: string }>(`${url}/api/2.0/mlflow/runs/search`, {
			experiment_ids: experiments.map((experiment) => experiment.experiment_id),
			max_results: Math.min(1000, limit),
			page_token,
		});
		count += page.runs?.length ?? 0;
		page_token = page.next_page_token;
	} while (page_token && count < limit);
	return count;
}

/** One metric's whole history over REST, paged; answers how many points. */
export async function historyOverRest(url: string, runId: string, metric: string): Promise<number> {
	let count = 0;
	let token: string | undefined;
	do {
		const query = new URLSearchParams({
			run_id: runId,
			metric_key: metric,
			max_results: "25000",
			...(token ? { page_token: token } : {}),
		});
		const answer = await fetch(`${url}/api/2.0/mlflow/metrics/get-history?${query}`);
		const page = (await answer.json()) as { metrics?: unknown[]; next_page_token?: string };
		count += page.metrics?.length ?? 0;
		token = page.next_page_token;
	} while (token);
	return count;
}
