import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { type Editor, editorFolder, runCommand, startEditor } from "../support/editor";

const root = resolve(import.meta.dirname, "../..");
const isBuilt = existsSync(join(root, "dist", "server", "main.js"));

/** What a person sees of `npm start`: they push, and everything moves. */
describe.skipIf(!editorFolder || !demoFolder || !isBuilt)("a push in the demo, seen in the editor", () => {
	const state = mkdtempSync(join(tmpdir(), "gamma-demo-state-"));
	let demo: DemoCopy;
	let relay: ChildProcess;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		demo = copyDemo();
		relay = spawn(process.execPath, [join(root, "tools", "demoRelay.mjs"), demo.folder, state], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		await new Promise<void>((done, fail) => {
			relay.stdout?.once("data", () => done());
			relay.once("exit", () => fail(new Error("the demo's relay ended")));
		});
		editor = await startEditor({ env: { XDG_STATE_HOME: state } });
		page = await editor.open(demo.folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
	});
	afterAll(async () => {
		await editor?.close();
		const ended = new Promise((done) => relay.once("exit", done));
		relay.kill("SIGTERM");
		await ended;
		demo.remove();
		rmSync(state, { recursive: true, force: true });
	});

	const git = (...args: string[]) => spawnSync("git", args, { cwd: demo.folder, encoding: "utf8" });
	const row = (name: RegExp) => page.getByRole("treeitem", { name }).first();

	test("its job stands in the side bar while it trains, with its progress in the status bar", async () => {
		const params = join(demo.folder, "params.json");
		writeFileSync(params, readFileSync(params, "utf8").replace(/"seed": \d+/, '"seed": 11'));
		git("checkout", "-q", "-b", "models/seen");
		git("commit", "-q", "-a", "-m", "Try another seed");
		expect(git("push").stderr).toContain("models/seen is with the relay");
		await runCommand(page, "Gamma: Focus on Jobs View");
		await row(/^models\/seen/).waitFor({ timeout: 60_000 });
		await page
			.locator(".statusbar-item", { hasText: /models\/seen/ })
			.first()
			.waitFor({ timeout: 60_000 });
	});

	test("it ends, and its run is among the runs", async () => {
		const job = row(/Try another seed.*completed|completed.*Try another seed|seen.*completed/);
		await job.waitFor({ timeout: 120_000 });
		await runCommand(page, "Gamma: Focus on Runs View");
		await row(/^seen [0-9a-f]{7}, finished/).waitFor({ timeout: 60_000 });
	});
});
