import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { webhookSecret } from "../../test/support/relay";
import { root } from "../support/peers";
import { type ChildServer, startScript } from "./childServer";

/** Where `npm run bench:relay` installed the peers; their scripts are laid beside them, so that they find their packages. */
const folder = process.env.GAMMA_BENCH_RELAY ?? "";

function scriptOf(name: string): string {
	const file = `${name}.mjs`;
	cpSync(join(root, "bench", "relay", "peers", file), join(folder, file));
	return join(folder, file);
}

export function startPeer(name: "octokit" | "probot" | "betterSse"): Promise<ChildServer> {
	return startScript(scriptOf(name), { WEBHOOK_SECRET: webhookSecret });
}

/** Seconds that a queue of others takes for as many jobs on this database. */
export function secondsOf(name: "pgBoss" | "graphileWorker", databaseUrl: string, jobs: number): number {
	const env = { ...process.env, DATABASE_URL: databaseUrl, JOBS: String(jobs) };
	return Number(execFileSync(process.execPath, [scriptOf(name)], { env, encoding: "utf8" }));
}
