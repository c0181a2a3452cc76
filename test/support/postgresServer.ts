import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
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

/** A cluster of its own in a temporary folder, gone afterwards. PostgreSQL refuses to run as root: then it runs as its own user. */
export async function startPostgres(): Promise<PostgresServer> {
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
	const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: home, fsync: "off" };
	const [postgres, ...args] = program(
		"postgres",
		"-D",
		data,
		...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
	);
	const server = spawn(postgres ?? "", args, { stdio: "ignore", cwd: home });
	const ready = program("pg_isready", "-h", "127.0.0.1", "-p", String(port));
	for (let attempt = 0; attempt < 100; attempt++) {
		try {
			execFileSync(ready[0] ?? "", ready.slice(1), { stdio: "ignore" });
			break;
		} catch {
			await new Promise((done) => setTimeout(done, 100));
		}
	}
	return {
		url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
		stop: async () => {
			const ended = new Promise((done) => server.once("exit", done));
			server.kill("SIGINT");
			await ended;
			rmSync(home, { recursive: true, force: true });
		},
	};
}

async function freePort(): Promise<number> {
	const probe = createServer();
	await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
	const { port } = probe.address() as AddressInfo;
	await new Promise((done) => probe.close(done));
	return port;
}
