import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LocalRelayProcess } from "../../../src/adapters/localRelay/localRelayProcess";
import { RelayFiles } from "../../../src/adapters/localRelay/relayFiles";
import { relayFolder } from "../../../src/adapters/localRelay/relayFolder";
import { buildRelay } from "../../support/builtRelay";
import { GammaCommand } from "../../support/gammaCommand";

function isThere(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

describe("the one local relay of a machine's user", { timeout: 180_000 }, () => {
	const command = new GammaCommand();
	let programPath: string;
	let home: string;
	let folder: string;
	const environment = () => ({ ...process.env, XDG_STATE_HOME: home, LOG_LEVEL: "info" });
	/** One per window. */
	const window = (change: Record<string, string> = {}) =>
		new LocalRelayProcess({ folder, programPath, environment: { ...environment(), ...change } });

	beforeAll(async () => {
		await command.build();
		programPath = await buildRelay(join(command.folder, "dist"));
	});
	afterAll(() => command.dispose());
	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), "gamma-state-"));
		folder = relayFolder(environment());
	});
	afterEach(async () => {
		await window().stop();
		rmSync(home, { recursive: true, force: true });
	});

	const ask = (url: string, token: string, path: string, body?: unknown) =>
		fetch(`${url}${path}`, {
			method: body === undefined ? "GET" : "POST",
			headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});

	test("a runner finds it, and needs no token for it; for another relay it does", async () => {
		const relay = await window().start();
		const env = { XDG_STATE_HOME: home, GAMMA_TOKEN: "", GAMMA_RELAY: "" };
		for (const args of [[], ["--relay", `${relay.url}/`]]) {
			const runner = command.start(["runner", "--name", "r1", ...args], { env });
			await expect.poll(runner.said).toBe(`gamma: r1 waits for jobs of ${new URL(relay.url).host}\n`);
			runner.end();
			expect(await runner.finished).toMatchObject({ code: 0, err: expect.not.stringContaining(relay.token) });
		}
		const another = await command.run(["runner", "--relay", "http://127.0.0.1:9"], { env });
		expect(another).toMatchObject({ code: 1, err: expect.stringContaining("The relay wants a token") });
	});

	test("starts, answers, is found by every window, and stops", async () => {
		expect(await window().find()).toBeNull();
		const relay = await window().start();
		expect(relay.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		expect((await ask(relay.url, relay.token, "/api/projects")).status).toBe(200);
		expect((await ask(relay.url, "another", "/api/projects")).status).toBe(401);
		expect(await window().find()).toEqual(relay);
		expect((await window().start()).pid).toBe(relay.pid);
		expect(await window().stop()).toBe(true);
		// Ended, it keeps its number until this process has heard of it.
		await expect.poll(() => isThere(relay.pid), { timeout: 30_000 }).toBe(false);
		expect(await window().find()).toBeNull();
		expect(await window().stop()).toBe(false);
	});

	test("only its user can read its folder and token, and the token is in no log", async () => {
		const relay = await window().start();
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		for (const name of ["token", "relay.json", "relay.log"]) {
			expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
		}
		await ask(relay.url, relay.token, "/api/projects");
		await window().stop();
		const log = readFileSync(join(folder, "relay.log"), "utf8");
		expect(log.length).toBeGreaterThan(0);
		expect(log).not.toContain(relay.token);
	});

	test("is not this window's child to take along: it leads a group of its own and holds no pipe of it", async () => {
		const { pid } = await window().start();
		const group = execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" });
		expect(Number(group)).toBe(pid);
		// As a window that starts it and closes at once.
		await window().stop();
		const script = `
			const { spawn } = require("node:child_process");
			const { openSync } = require("node:fs");
			spawn(process.execPath, [${JSON.stringify(programPath)}, "--local", ${JSON.stringify(folder)}],
				{ detached: true, stdio: ["ignore", "ignore", openSync(${JSON.stringify(join(folder, "relay.log"))}, "a")] }).unref();`;
		execFileSync(process.execPath, ["-e", script], { env: environment() });
		await expect.poll(() => window().find(), { timeout: 60_000 }).not.toBeNull();
	});

	test("two windows that start it at the same moment share one", async () => {
		const [one, other] = await Promise.all([window().start(), window().start()]);
		expect(other).toEqual(one);
		const leftovers = readdirSync(folder).filter((name) => name.startsWith("relay.json."));
		expect(leftovers).toEqual([]);
	});

	test("killed, it is missed; started again, it has what it had, behind a new token", async () => {
		const first = await window().start();
		await ask(first.url, first.token, "/api/projects", { name: "vision", repository: "acme/vision" });
		let hints = 0;
		const watching = window().watch(() => hints++);
		await expect.poll(() => hints, { timeout: 30_000 }).toBeGreaterThan(0);
		const before = hints;
		process.kill(first.pid, "SIGKILL");
		await expect.poll(() => hints, { timeout: 30_000 }).toBeGreaterThan(before);
		watching.dispose();
		expect(await window().find()).toBeNull();
		const second = await window().start();
		expect(second.pid).not.toBe(first.pid);
		expect(second.token).not.toBe(first.token);
		const { items } = (await (await ask(second.url, second.token, "/api/projects")).json()) as { items: unknown[] };
		expect(items).toMatchObject([{ repository: "acme/vision" }]);
	});

	test("settings of other servers in the editor's environment are not its own", async () => {
		const relay = await window({
			PORT: "1",
			HOST: "0.0.0.0",
			DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none",
			SUPABASE_URL: "https://example.test",
			GAMMA_DATA_DIR: "/nowhere",
			NODE_OPTIONS: "--inspect-brk",
		}).start();
		expect((await ask(relay.url, relay.token, "/api/projects")).status).toBe(200);
	});

	test("what keeps it from starting is said in one sentence, as its log ends", async () => {
		await expect(window({ LOG_LEVEL: "shout" }).start()).rejects.toMatchObject({
			code: "relay.notStarted",
			message: expect.stringMatching(/^The local relay did not start: LOG_LEVEL must be one of fatal, error/),
		});
		const missing = new LocalRelayProcess({ folder, programPath: "/nowhere/main.js", environment: environment() });
		await expect(missing.start()).rejects.toMatchObject({ code: "relay.notStarted" });
		const noNode = new LocalRelayProcess({
			folder,
			programPath,
			environment: environment(),
			nodePath: "/nowhere/node",
		});
		await expect(noNode.start()).rejects.toMatchObject({ code: "relay.notStarted" });
		expect((await window().start()).pid).toBeGreaterThan(0);
	});

	test("its start can be given up, and leaves none behind", async () => {
		const person = new AbortController();
		const start = window().start(person.signal);
		person.abort();
		await expect(start).rejects.toMatchObject({ code: "call.cancelled" });
		await expect.poll(() => window().find()).toBeNull();
		expect((await window().start()).pid).toBeGreaterThan(0);
	});

	describe("what another left behind", () => {
		const leave = (state: unknown, token = "t".repeat(43)) => {
			mkdirSync(folder, { recursive: true });
			writeFileSync(join(folder, "relay.json"), typeof state === "string" ? state : JSON.stringify(state));
			writeFileSync(join(folder, "token"), token);
		};
		const startedAt = new Date().toISOString();

		test("a process of that number that is no relay is not ended, and no obstacle", async () => {
			const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
			try {
				leave({ url: "http://127.0.0.1:1", pid: bystander.pid, startedAt });
				expect(await window().find()).toBeNull();
				expect(await window().stop()).toBe(false);
				expect(bystander.exitCode).toBeNull();
				leave({ url: null, pid: bystander.pid, startedAt });
				expect((await window().start()).pid).not.toBe(bystander.pid);
				expect(bystander.exitCode).toBeNull();
			} finally {
				bystander.kill();
			}
		});

		test("a stranger on that port is no relay, and an address elsewhere is not even asked", async () => {
			let asked = 0;
			const stranger = createServer((_request, response) => {
				asked++;
				response.end("<html>");
			});
			await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
			const { port } = stranger.address() as AddressInfo;
			leave({ url: `http://127.0.0.1:${port}`, pid: process.pid, startedAt });
			expect(await window().find()).toBeNull();
			expect(asked).toBe(1);
			for (const url of [`http://localhost.evil.test:${port}`, `https://127.0.0.1:${port}`, "file:///etc/passwd"]) {
				leave({ url, pid: process.pid, startedAt });
				expect(await window().find()).toBeNull();
			}
			expect(asked).toBe(1);
			await new Promise((done) => stranger.close(done));
		});

		test.each(["", "{", "[]", '{"url":1}'])("%s is no relay, and is written over", async (text) => {
			leave(text);
			expect(await window().find()).toBeNull();
			const files = new RelayFiles(folder);
			await files.claim();
			expect((await files.read())?.pid).toBe(process.pid);
			await files.release();
			expect(await files.read()).toBeNull();
		});
	});

	describe("gamma relay on the command line", () => {
		async function served(...args: string[]) {
			const child = spawn(process.execPath, [command.launcher, "relay", ...args], {
				env: environment(),
				stdio: ["ignore", "pipe", "ignore"],
			});
			const line = await new Promise<string>((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
			const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
			return { child, ended, ...(JSON.parse(line) as { url: string; token: string }) };
		}

		test("is the relay that windows find, and the only one", async () => {
			const relay = await served();
			expect(await window().find()).toMatchObject({ url: relay.url, token: relay.token });
			expect((await window().start()).url).toBe(relay.url);
			const second = await command.run(["relay"], { env: { XDG_STATE_HOME: home } });
			expect(second.code).toBe(1);
			expect(second.err).toMatch(
				/^gamma relay: The local relay runs already at http:\S+ \(process \d+\): use that one/,
			);
			expect(await window().stop()).toBe(true);
			expect(await relay.ended).toBe(0);
		});

		test("with a folder of its own it is none of theirs", async () => {
			const relay = await served("--data", join(home, "own"));
			expect(await window().find()).toBeNull();
			expect(await window().stop()).toBe(false);
			relay.child.kill();
			expect(await relay.ended).toBe(0);
		});
	});
});
