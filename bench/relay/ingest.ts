import { join } from "node:path";
import * as esbuild from "esbuild";
import { webhookSecret } from "../../test/support/relay";
import { root } from "../support/peers";
import { quantile, rateRows, type Side, spread } from "../support/rates";
import { endOfRounds, header, row } from "../support/rounds";
import { type ChildServer, cpuSeconds, startScript } from "./childServer";
import type { GammaRelay } from "./gammaRelay";
import { startPeer } from "./peers";
import { postMany } from "./postMany";
import { signedPush } from "./signedPush";

const rounds = 5;

async function startWithoutStore(): Promise<ChildServer> {
	const outfile = join(root, ".cache", "bench", "withoutStore.mjs");
	await esbuild.build({
		entryPoints: [join(root, "bench", "relay", "withoutStore.ts")],
		outfile,
		bundle: true,
		platform: "node",
		target: "node24",
		format: "esm",
		packages: "external",
		loader: { ".sql": "text" },
	});
	return startScript(outfile, { GITHUB_WEBHOOK_SECRET: webhookSecret });
}

/** Taking, checking and reading alone, each server in turn: 8 connections, signed bodies of 10 KB, nothing stored. */
export async function measureIngest(): Promise<void> {
	header("Webhooks a second, signed, 10 KB, 8 connections, nothing stored");
	const count = 8_000;
	const sides = [
		{ name: "Gamma", path: "/api/webhooks/github", status: 202, server: await startWithoutStore() },
		{ name: "@octokit/webhooks", path: "/webhook", status: 200, server: await startPeer("octokit") },
		{ name: "probot", path: "/webhook", status: 200, server: await startPeer("probot") },
	].map((side) => ({ ...side, rates: [] as number[], cpu: [] as number[] }));
	const enough = endOfRounds(60_000);
	for (let round = 0; round <= rounds && !enough(); round++) {
		for (const { path, status, server, rates, cpu } of sides) {
			const requests = Array.from({ length: 100 }, () => signedPush(path, "acme/bench"));
			const before = cpuSeconds(server.pids);
			const { seconds } = await postMany(server.url, 8, count, status, (at) => requests[at % 100] as Buffer);
			// The first one warms up.
			if (round === 0) continue;
			rates.push(count / seconds);
			cpu.push(((cpuSeconds(server.pids) - before) / count) * 1_000_000);
		}
	}
	for (const { server } of sides) await server.stop();
	const [gamma, ...peers] = sides.map(({ name, rates }): Side => ({ name, values: rates }));
	rateRows("parse and verify", "/s", gamma?.values ?? [], peers, "≥ 9,000/s, ≥ 1.2 × @octokit/webhooks");
	const [gammaCpu, ...peersCpu] = sides.map(({ name, cpu }): Side => ({ name, values: cpu }));
	rateRows("CPU of the server for one", "µs", gammaCpu?.values ?? [], peersCpu, "", true);
}

/** The whole way: a job and its event are committed before the answer. Every delivery is another push. */
export async function measureDurableIngest(relay: GammaRelay): Promise<void> {
	header("Webhooks a second, signed, 10 KB, 64 connections, each committed");
	const count = 4_000;
	const rates: number[] = [];
	const p50: number[] = [];
	const p99: number[] = [];
	const enough = endOfRounds(60_000);
	for (let round = 0; round <= rounds && !enough(); round++) {
		const { repository, jobs } = await relay.makeProject();
		const requests = Array.from({ length: count }, () => signedPush("/api/webhooks/github", repository));
		const { seconds, sortedMs } = await postMany(relay.url, 64, count, 202, (at) => requests[at] as Buffer);
		const made = await jobs();
		if (made !== count) throw new Error(`${count} pushes made ${made} jobs`);
		if (round === 0) continue;
		rates.push(count / seconds);
		p50.push(quantile(sortedMs, 0.5));
		p99.push(quantile(sortedMs, 0.99));
	}
	rateRows("push → committed job and event", "/s", rates, [], "≥ 1,500/s");
	rateRows("until the answer, p99", "ms", p99, [], "≤ 100 ms");
	row([`p50 ${spread(p50).median.toFixed(0)} ms`, "", "", "", "", ""]);
}
