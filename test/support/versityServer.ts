import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort, type RunningServer } from "./mlflowServer";
import { s3Credentials } from "./s3Bucket";

/** versitygw over a folder of its own: a second S3, which checks AWS's signatures and takes the tests' one key. */
export async function startVersity(program: string): Promise<RunningServer> {
	const folder = mkdtempSync(join(tmpdir(), "gamma-versity-"));
	const [objects, facts] = [join(folder, "objects"), join(folder, "facts")];
	for (const each of [objects, facts]) mkdirSync(each);
	const port = await freePort();
	const root = ["--access", s3Credentials.accessKeyId, "--secret", s3Credentials.secretAccessKey];
	const server: ChildProcess = spawn(
		program,
		// What it notes of objects lies in files: not every file system has attributes of one's own.
		["--port", `127.0.0.1:${port}`, ...root, "--quiet", "--keep-alive", "posix", "--sidecar", facts, objects],
		{ stdio: "ignore" },
	);
	const url = `http://127.0.0.1:${port}`;
	for (let tried = 0; ; tried++) {
		// 403 is an answer: nobody signed this.
		if (await fetch(url).catch(() => null)) break;
		if (tried > 600 || server.exitCode !== null) throw new Error("versitygw did not start");
		await wait(50);
	}
	return {
		url,
		stop: async () => {
			if (server.exitCode === null) {
				const ended = new Promise((resolve) => server.once("exit", resolve));
				server.kill("SIGKILL");
				await ended;
			}
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
