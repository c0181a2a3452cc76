import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { freePort, type RunningServer } from "./mlflowServer";

/** moto with a bucket `many-models` of so many empty objects, `many/checkpoint-000000.pt` and on: by HTTP they would take minutes. */
export async function startMotoOfMany(python: string, count: number): Promise<RunningServer> {
	const port = await freePort();
	const script = resolve(import.meta.dirname, "python/moto_of_many.py");
	const server = spawn(python, [script, String(port), "many-models", String(count)], {
		stdio: ["pipe", "pipe", "ignore"],
	});
	await new Promise<void>((ready, fail) => {
		server.stdout.once("data", () => ready());
		server.once("exit", () => fail(new Error("moto did not start")));
	});
	return {
		url: `http://127.0.0.1:${port}`,
		stop: async () => {
			if (server.exitCode !== null) return;
			const ended = new Promise((done) => server.once("exit", done));
			server.kill("SIGKILL");
			await ended;
		},
	};
}
