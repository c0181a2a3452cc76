import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, type RunningServer } from "./mlflowServer";

/** moto, which answers as AWS does. `enforceIam`: from now on only keys that IAM made are taken, for what their policies allow. */
export interface MotoServer extends RunningServer {
	enforceIam(): Promise<void>;
	/** Everybody may do everything again. */
	trustAll(): Promise<void>;
}

const trusting = 1_000_000;

export async function startMoto(python: string): Promise<MotoServer> {
	const port = await freePort();
	const server: ChildProcess = spawn(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)], {
		stdio: "ignore",
		env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: String(trusting) },
	});
	const url = `http://127.0.0.1:${port}`;
	for (let tried = 0; ; tried++) {
		if ((await fetch(`${url}/moto-api/data.json`).catch(() => null))?.ok) break;
		if (tried > 600 || server.exitCode !== null) throw new Error("moto did not start");
		await wait(100);
	}
	const trust = async (actions: number) => {
		await fetch(`${url}/moto-api/reset-auth`, { method: "POST", body: String(actions) });
	};
	return {
		url,
		enforceIam: () => trust(0),
		trustAll: () => trust(trusting),
		stop: async () => {
			if (server.exitCode !== null) return;
			const ended = new Promise((resolve) => server.once("exit", resolve));
			server.kill("SIGKILL");
			await ended;
		},
	};
}
