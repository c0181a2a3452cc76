import { join } from "node:path";
import { connectPostgres } from "../../server/database/postgres";
import { RelayProcess } from "../../test/support/relayProcess";
import { testLogger } from "../../test/support/testLogger";
import { root } from "../support/peers";
import { type ChildServer, memoryKb, nodeOptions } from "./childServer";

/** The relay as it is shipped, on a Postgres that forces every commit to the disk, and a door of the bench's own to its database. */
export interface GammaRelay extends ChildServer {
	readonly token: string;
	makeProject(): Promise<BenchProject>;
	memoryKb(): number;
}

export interface BenchProject {
	readonly id: string;
	readonly repository: string;
	/** How many jobs it has. */
	jobs(): Promise<number>;
	/** Commits an event as a relay does. */
	append(data: string): Promise<void>;
}

let projects = 0;

export async function startGamma(databaseUrl: string): Promise<GammaRelay> {
	const relay = await RelayProcess.start(join(root, "dist", "server", "main.js"), {
		DATABASE_URL: databaseUrl,
		PORT: "0",
		LOG_LEVEL: "info",
		NODE_ENV: "production",
		NODE_OPTIONS: nodeOptions,
	});
	const database = connectPostgres(databaseUrl, testLogger);
	const pids = [relay.child.pid ?? 0];
	return {
		url: relay.url,
		token: relay.token,
		pids,
		memoryKb: () => memoryKb(pids),
		async makeProject() {
			const repository = `acme/bench-${process.pid}-${projects++}`;
			const made = await fetch(`${relay.url}/api/projects`, {
				method: "POST",
				headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
				body: JSON.stringify({ name: repository, repository, target: "runner" }),
			});
			const { id } = (await made.json()) as { id: string };
			return {
				id,
				repository,
				jobs: async () => {
					const [row] = await database.asRelay((transaction) =>
						transaction.query<{ count: string }>("select count(*)::text from training_jobs where project_id = $1", [
							id,
						]),
					);
					return Number(row?.count);
				},
				append: async (data) => {
					await database.asRelay(async (transaction) =>
						transaction.sendLast("select gamma_append_event($1, null, 'job.metric', $2)", [id, data]),
					);
				},
			};
		},
		stop: async () => {
			await database.close();
			await relay.stop();
		},
	};
}
