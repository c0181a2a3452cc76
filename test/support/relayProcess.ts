import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleServer } from "./builtRelay";
import { webhookSecret } from "./relay";

/** The relay as it is shipped, bundled once; `remove` takes the folder away. It needs a `DATABASE_URL`: no engine is beside it. */
export async function bundleRelay(): Promise<{ file: string; remove(): void }> {
	const folder = mkdtempSync(join(tmpdir(), "gamma-relay-bundle-"));
	const file = join(folder, "main.js");
	await bundleServer(file);
	return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A relay in a process of its own, which can be killed, and whose memory and descriptors can be read. */
export class RelayProcess {
	#log = "";

	private constructor(
		readonly url: string,
		readonly token: string,
		readonly child: ChildProcess,
		private readonly ended: Promise<number | null>,
	) {
		child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#log += text;
		});
	}

	/** Resolves once it accepts requests; rejects with what it said when it ended instead. */
	static async start(file: string, environment: Readonly<Record<string, string>>): Promise<RelayProcess> {
		const child = spawn(process.execPath, [file], {
			env: {
				...process.env,
				GITHUB_WEBHOOK_SECRET: webhookSecret,
				GAMMA_LOCAL_TOKEN: "a-token-of-the-tests",
				LOG_LEVEL: "warn",
				...environment,
			},
			stdio: ["ignore", "pipe", "pipe"],
		});
		const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
		let said = "";
		const listen = (text: string) => {
			said += text;
		};
		child.stderr.setEncoding("utf8").on("data", listen);
		const line = await new Promise<string>((done, fail) => {
			let out = "";
			child.stdout.setEncoding("utf8").on("data", (text: string) => {
				out += text;
				if (out.includes("\n")) done(out.slice(0, out.indexOf("\n")));
			});
			void ended.then(() => fail(new Error(`the relay ended: ${said}`)));
		});
		child.stderr.off("data", listen);
		const { url, token } = JSON.parse(line) as { url: string; token: string };
		return new RelayProcess(url, token, child, ended);
	}

	/** What it logged, line by line. */
	get log(): readonly Readonly<Record<string, unknown>>[] {
		return this.#log
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as Record<string, unknown>);
	}

	get isAlive(): boolean {
		return this.child.exitCode === null && this.child.signalCode === null;
	}

	/** Open file descriptors, sockets among them. */
	get descriptors(): number {
		return readdirSync(`/proc/${this.child.pid}/fd`).length;
	}

	/** Memory in use, in kB (`VmRSS`). */
	get residentKb(): number {
		return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))?.[1]);
	}

	async kill(): Promise<void> {
		this.child.kill("SIGKILL");
		await this.ended;
	}

	/** Asks it to end; resolves with its exit code. */
	stop(): Promise<number | null> {
		this.child.kill("SIGTERM");
		return this.ended;
	}
}
