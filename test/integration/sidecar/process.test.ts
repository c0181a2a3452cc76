import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GammaCommand } from "../../support/gammaCommand";
import { ended, printed, startExec, trainingFolder } from "../../support/sidecar";

const gamma = new GammaCommand();
beforeAll(() => gamma.build());
afterAll(() => gamma.dispose());

const js = (script: string) => ["--", process.execPath, "-e", script];

function runFolder(folder: string): string {
	const store = join(folder, "mlruns", "0");
	return join(store, readdirSync(store).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? "none");
}

const statusOf = (folder: string) =>
	/^status: (\d)$/m.exec(readFileSync(join(runFolder(folder), "meta.yaml"), "utf8"))?.[1];

/** Not ended, and no zombie that its parent has yet to look at. */
function isRunning(pid: number): boolean {
	try {
		return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
	} catch {
		return false;
	}
}

test.each([
	["0", "process.exit(0)", 0, "3"],
	["7", "process.exit(7)", 7, "4"],
	["a crash", "process.kill(process.pid, 'SIGSEGV')", 139, "4"],
	["a kill", "process.kill(process.pid, 'SIGKILL')", 137, "5"],
])("the command's own exit code is gamma's: %s", async (_, script, code, status) => {
	using folder = trainingFolder();
	const finished = await gamma.run(["exec", ...js(script)], { cwd: folder.path });
	expect({ code: finished.code, status: statusOf(folder.path) }).toEqual({ code, status });
});

test("a command that is not there ends with 127 and one sentence, one that may not run with 126", async () => {
	using folder = trainingFolder();
	const missing = await gamma.run(["exec", "--", "no-such-training"], { cwd: folder.path });
	expect(missing).toEqual({ code: 127, out: "", err: "gamma: no-such-training: there is no such command.\n" });
	writeFileSync(join(folder.path, "data.txt"), "x", { mode: 0o644 });
	expect((await gamma.run(["exec", "--", "./data.txt"], { cwd: folder.path })).code).toBe(126);
});

test("every byte passes, on the stream it was written to, and the log has both", async () => {
	using folder = trainingFolder();
	const script =
		"const b = Buffer.alloc(300000, 0).map((_, i) => (i * 7919) % 256); process.stdout.write(b); process.stderr.write('err\\r\\xff')";
	const direct = spawnSync(process.execPath, ["-e", script]);
	const passed = spawnSync(process.execPath, [gamma.launcher, "exec", ...js(script)], { cwd: folder.path });
	expect(passed.stdout.equals(direct.stdout)).toBe(true);
	expect(passed.stderr.equals(direct.stderr)).toBe(true);
	const log = readFileSync(join(runFolder(folder.path), "artifacts", "logs", "output.log"));
	expect(log.length).toBe(direct.stdout.length + direct.stderr.length);
	expect(passed.stdout.length).toBe(300_000);
});

test("output comes at once, not when the command ends", async () => {
	using folder = trainingFolder();
	const child = startExec(gamma, folder.path, js("console.log('first'); setTimeout(() => {}, 60000)"));
	expect(await printed(child, "first")).toBe("first\n");
	child.kill("SIGTERM");
	expect(await ended(child)).toBe(143);
});

test.each([
	["SIGTERM", 143],
	["SIGINT", 130],
] as const)("%s reaches the command and what it started, and the run is killed", async (signal, code) => {
	using folder = trainingFolder();
	const child = startExec(gamma, folder.path, ["--", "sh", "-c", "sleep 300 & echo $!; wait"]);
	const grandchild = Number(await printed(child, "\n"));
	child.kill(signal);
	expect(await ended(child)).toBe(code);
	expect(statusOf(folder.path)).toBe("5");
	await expect.poll(() => isRunning(grandchild)).toBe(false);
});

test("a command that saves its state at SIGTERM is let end, with its own code", async () => {
	using folder = trainingFolder();
	const script =
		"process.on('SIGTERM', () => { console.log('saved'); process.exit(5) }); console.log('up'); setInterval(() => {}, 1000)";
	const child = startExec(gamma, folder.path, js(script));
	await printed(child, "up");
	const saved = printed(child, "saved");
	child.kill("SIGTERM");
	await saved;
	expect(await ended(child)).toBe(5);
});

test("a command that does not end is killed ten seconds after it was asked to", async () => {
	using folder = trainingFolder();
	const child = startExec(
		gamma,
		folder.path,
		js("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"),
	);
	await printed(child, "up");
	const began = Date.now();
	child.kill("SIGTERM");
	expect(await ended(child)).toBe(137);
	expect(Date.now() - began).toBeGreaterThan(9_500);
	expect(Date.now() - began).toBeLessThan(14_000);
	expect(statusOf(folder.path)).toBe("5");
});

test("a grandchild that holds the pipe does not hold gamma", async () => {
	using folder = trainingFolder();
	const began = Date.now();
	const child = startExec(gamma, folder.path, ["--", "sh", "-c", "sleep 60 & echo $!; echo 'epoch 1 loss=0.5'"]);
	const seen = await printed(child, "loss=0.5");
	expect(await ended(child)).toBe(0);
	expect(Date.now() - began).toBeLessThan(8_000);
	const grandchild = Number(seen.split("\n")[0]);
	// It goes on, as it would without gamma.
	expect(isRunning(grandchild)).toBe(true);
	process.kill(grandchild);
	expect(readFileSync(join(runFolder(folder.path), "metrics", "loss"), "utf8")).toMatch(/^\d+ 0\.5 1\n$/);
});

test("a reader that goes away does not end the training", async () => {
	using folder = trainingFolder();
	const script =
		"let i = 0; const t = setInterval(() => { console.log('epoch ' + i + ' loss=' + i); if (++i === 40) clearInterval(t) }, 20)";
	const child = startExec(gamma, folder.path, js(script));
	await printed(child, "epoch 3");
	child.stdout.destroy();
	expect(await ended(child)).toBe(0);
	expect(
		readFileSync(join(runFolder(folder.path), "metrics", "loss"), "utf8")
			.trim()
			.split("\n"),
	).toHaveLength(40);
});

test.skipIf(!existsSync("/usr/bin/node"))("signals reach the training under the system's older Node too", async () => {
	using folder = trainingFolder();
	const child = startExec(
		gamma,
		folder.path,
		js("console.log('up'); setInterval(() => {}, 1000)"),
		{},
		"/usr/bin/node",
	);
	await printed(child, "up");
	child.kill("SIGTERM");
	expect(await ended(child)).toBe(143);
	expect(statusOf(folder.path)).toBe("5");
});
