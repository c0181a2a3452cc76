import { type ChildProcess, spawn } from "node:child_process";
import { createServer, request as forward } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface RunningServer {
	readonly url: string;
	stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
	const socket = createSocket();
	await new Promise<void>((resolve) => socket.listen(0, "127.0.0.1", resolve));
	const { port } = socket.address() as AddressInfo;
	await new Promise((resolve) => socket.close(resolve));
	return port;
}

/** A real MLflow server on loopback. `store` is a backend URI; it is migrated in place, so give it a copy. */
export async function startMlflowServer(python: string, store: string, artifacts: string): Promise<RunningServer> {
	const port = await freePort();
	const args = ["-m", "mlflow", "server", "--backend-store-uri", store, "--artifacts-destination", artifacts];
	const process_ = spawn(python, [...args, "--host", "127.0.0.1", "--port", `${port}`, "--workers", "1"], {
		detached: true,
		stdio: ["ignore", "ignore", "pipe"],
		env: {
			...process.env,
			MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
			MLFLOW_DISABLE_TELEMETRY: "true",
			MLFLOW_ALLOW_FILE_STORE: "true",
		},
	});
	let output = "";
	process_.stderr?.on("data", (chunk) => {
		output = (output + String(chunk)).slice(-4000);
	});
	const url = `http://127.0.0.1:${port}`;
	for (let tried = 0; ; tried++) {
		const health = await fetch(`${url}/health`).catch(() => null);
		if (health?.ok) break;
		if (tried > 600 || process_.exitCode !== null) throw new Error(`mlflow server did not start: ${output}`);
		await wait(200);
	}
	return { url, stop: () => stopGroup(process_) };
}

/** The server starts workers of its own: the whole group ends with it. */
async function stopGroup(server: ChildProcess): Promise<void> {
	if (server.pid === undefined || server.exitCode !== null) return;
	const ended = new Promise((resolve) => server.once("exit", resolve));
	process.kill(-server.pid, "SIGTERM");
	const late = setTimeout(() => process.kill(-(server.pid ?? 0), "SIGKILL"), 5000);
	await ended;
	clearTimeout(late);
}

/** A reverse proxy that lets through what carries the right Authorization header, as teams put before MLflow. */
export async function startAuthProxy(target: string, authorization: string): Promise<RunningServer> {
	const { hostname, port } = new URL(target);
	const proxy = createServer((incoming, outgoing) => {
		if (incoming.headers.authorization !== authorization) {
			outgoing.writeHead(401, { "www-authenticate": "Basic" }).end("who are you?");
			return;
		}
		const { authorization: _, host: __, ...headers } = incoming.headers;
		const onward = forward(
			{
				hostname,
				port,
				path: incoming.url,
				method: incoming.method,
				headers: { ...headers, host: `${hostname}:${port}` },
			},
			(answer) => {
				outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
				answer.pipe(outgoing);
			},
		);
		onward.on("error", () => outgoing.writeHead(502).end());
		incoming.pipe(onward);
	});
	await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		stop: async () => {
			proxy.closeAllConnections();
			await new Promise((resolve) => proxy.close(resolve));
		},
	};
}
