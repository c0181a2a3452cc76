import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LightStream } from "../../support/lightStream";
import { type PostgresServer, postgresFolder, startPostgres } from "../../support/postgresServer";
import { bundleRelay, RelayProcess } from "../../support/relayProcess";
import { commit, postGithub, pushOf } from "../../support/webhooks";

const most = 25 * 1_048_576;
const isLinux = process.platform === "linux";

/** Writes, as the process is asked to, how long the loop was held up at most: CPU time, which a busy machine does not lengthen. */
const probe = (file: string) => `
	const { writeFileSync } = require("node:fs");
	let most = 0;
	let before = process.cpuUsage().user;
	setImmediate(function look() {
		const now = process.threadCpuUsage ? process.threadCpuUsage().user : process.cpuUsage().user;
		most = Math.max(most, now - before);
		before = now;
		const timer = setTimeout(look, 0);
		timer.unref();
	});
	process.on("SIGUSR2", () => writeFileSync(${JSON.stringify(file)}, String(most / 1000)));
`;

/** reliability.md, R6: what is sent a byte a second, packed, or without an end is in oddBodies.test.ts. */
describe.skipIf(!postgresFolder || !isLinux)("eight bodies of 25 MB at once (needs PostgreSQL and Linux)", () => {
	let postgres: PostgresServer;
	let bundle: Awaited<ReturnType<typeof bundleRelay>>;
	let relay: RelayProcess;
	let folder: string;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "gamma-large-"));
		writeFileSync(join(folder, "probe.cjs"), probe(join(folder, "held")));
		postgres = await startPostgres();
		bundle = await bundleRelay();
		relay = await RelayProcess.start(bundle.file, {
			DATABASE_URL: postgres.url,
			PORT: "0",
			// As the task has it (infra/modules/ecs/relay.tf), and as a machine of 512 MB makes Node collect in time.
			NODE_OPTIONS: `--max-semi-space-size=4 --max-old-space-size=220 --require ${join(folder, "probe.cjs")}`,
		});
	});
	afterAll(async () => {
		await relay?.stop();
		await postgres?.stop();
		bundle?.remove();
		rmSync(folder, { recursive: true, force: true });
	});

	test("are taken in bounded memory, and hold up nobody for longer than it takes to read one", async () => {
		const made = await fetch(`${relay.url}/api/projects`, {
			method: "POST",
			headers: { authorization: `Bearer ${relay.token}`, "content-type": "application/json" },
			body: JSON.stringify({ name: "large", repository: "acme/large" }),
		});
		const { id } = (await made.json()) as { id: string };
		const stream = new LightStream(relay.url, relay.token, id);
		await stream.opened;
		// As GitHub's grow: many commits, each with its files.
		const file = (n: number) => `src/some/folder/of/a/repository/file-${n}.py`;
		const commits = Array.from({ length: 6_700 }, (_, at) => ({
			id: commit(at),
			message: "x".repeat(2_000),
			modified: Array.from({ length: 40 }, (_, n) => file(n)),
		}));
		const bodies = Array.from({ length: 8 }, (_, n) =>
			JSON.stringify(pushOf("acme/large", `models/b${n}`, commit(n), { commits })),
		);
		for (const { length } of bodies) expect(length / most).toBeCloseTo(1, 1);
		const answers = await Promise.all(bodies.map((body) => postGithub(relay.url, "push", body)));
		expect(answers.map(({ status, body }) => [status, body.outcome])).toEqual(bodies.map(() => [202, "job"]));
		await expect.poll(() => stream.ids.length, { timeout: 60_000 }).toBe(8);
		const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${relay.child.pid}/status`, "utf8"))?.[1]);
		expect(peakKb).toBeLessThan(512 * 1024);
		relay.child.kill("SIGUSR2");
		const held = () => {
			try {
				return Number(readFileSync(join(folder, "held"), "utf8"));
			} catch {
				return Number.NaN;
			}
		};
		await expect.poll(held, { timeout: 30_000 }).toBeGreaterThan(0);
		expect(held()).toBeLessThan(300);
		stream.leave();
	});
});
