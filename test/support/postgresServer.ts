import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Folder of PostgreSQL's programs that `npm test` brings; undefined where there is none. */
export const postgresFolder = process.env.GAMMA_POSTGRES;

export interface PostgresServer {
	/** `postgresql://…` of an empty database, loopback only. */
	readonly url: string;
	stop(): Promise<void>;
}

export interface MortalPostgres extends PostgresServer {
	/** `kill -9` of the postmaster, by its pid file; its backends see that and end. */
	kill(): Promise<void>;
	/** After `kill`: on the same data and port. Resolves once it takes connections. */
	startAgain(): Promise<void>;
}

/** How long a start may take: after a kill the old backends have to be gone first. */
const startTries = 300;
const tryMs = 100;

/**
 * A cluster of its own in a temporary folder, gone afterwards. PostgreSQL refuses to run as root: then it runs as its own user.
 * What is committed is not forced to the disk, unless settings say so: only the machine's own end would lose it.
 */
export async function startPostgres(given: Readonly<Record<string, string>> = {}): Promise<MortalPostgres> {
	if (!postgresFolder) throw new Error("GAMMA_POSTGRES is not set: npm test brings PostgreSQL and sets it.");
	const home = mkdtempSync(join(tmpdir(), "gamma-postgres-"));
	const asUser = process.getuid?.() === 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
	if (asUser.length > 0) execFileSync("chown", ["postgres:postgres", home]);
	chmodSync(home, 0o755);
	const data = join(home, "data");
	const program = (name: string, ...args: string[]) => [...asUser, join(postgresFolder ?? "", name), ...args] as const;
	const [initdb, ...initArgs] = program("initdb", "--no-sync", "-A", "trust", "-U", "postgres", "-D", data);
	execFileSync(initdb ?? "", initArgs, { stdio: "ignore", cwd: home });
	const port = await freePort();
	const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: home, fsync: "off", ...given };
	const [postgres, ...args] = program(
		"postgres",
		"-D",
		data,
		...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
	);
	const [ready, ...readyArgs] = program("pg_isready", "-h", "127.0.0.1", "-p", String(port));
	const isReady = () => {
		try {
			execFileSync(ready ?? "", readyArgs, { stdio: "ignore" });
			return true;
		} catch {
			return false;
		}
	};
	let server: ChildProcess;
	const start = async () => {
		for (let attempt = 0; attempt < startTries; attempt++) {
			if (attempt === 0 || server.exitCode !== null) {
				server = spawn(postgres ?? "", args, { stdio: "ignore", cwd: home });
			}
			await new Promise((done) => setTimeout(done, tryMs));
			if (isReady()) return;
		}
		throw new Error("PostgreSQL did not start.");
	};
	const end = async (signal: NodeJS.Signals, pid: number) => {
		const ended = new Promise((done) => server.once("exit", done));
		process.kill(pid, signal);
		await ended;
	};
	await start();
	return {
		url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
		kill: () => end("SIGKILL", Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0])),
		startAgain: start,
		stop: async () => {
			if (server.exitCode === null && server.signalCode === null) await end("SIGINT", server.pid ?? 0);
			rmSync(home, { recursive: true, force: true });
		},
	};
}

export async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}
