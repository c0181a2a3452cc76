import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRelayProcess } from "../../src/adapters/localRelay/relayProcess";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";

/** One after the other: start, find again, share, stop. Nothing is asked on the way. */
describe.skipIf(!editorFolder)("the local relay in the real editor (needs the editor)", () => {
	const project = new GitProject();
	const state = mkdtempSync(join(tmpdir(), "gamma-state-"));
	const folder = join(state, "gamma", "relay");
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		project.commit("Start", { "train.py": "lr = 0.1\n" });
		editor = await startEditor({ env: { XDG_STATE_HOME: state } });
		page = await openOn();
	});
	afterAll(async () => {
		const pid = running()?.pid;
		await editor?.close();
		if (pid !== undefined) process.kill(pid, "SIGTERM");
		project.remove();
		rmSync(state, { recursive: true, force: true });
	});

	async function openOn(): Promise<Page> {
		const opened = await editor.open(project.folder);
		await showGamma(opened);
		return opened;
	}

	async function showGamma(on: Page): Promise<void> {
		await on
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	}

	function running(): { url: string; pid: number } | undefined {
		const path = join(folder, "relay.json");
		return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
	}

	const pane = (on: Page, name: string): Locator =>
		on.locator(".pane", { has: on.getByRole("button", { name: new RegExp(`${name} Section$`) }) });
	/** Of a relay that answers and has no project yet. */
	const waits = (on: Page): Locator => pane(on, "Jobs").getByText("The relay has no project of this repository yet");
	test("is started by one command, without a question", async () => {
		await runCommand(page, "Gamma: Start Local Relay");
		await expectNotice(page, /The local relay runs at http:\/\/127\.0\.0\.1:\d+\./);
		await waits(page).waitFor();
		const { url, pid } = running() ?? {};
		expect((await fetch(`${url}/api/health`)).status).toBe(200);
		expect(await isRelayProcess(pid ?? 0)).toBe(true);
	});

	test("is found again after a reload, and by another window", async () => {
		const before = running();
		// The side bar comes back as it was; a click on its tab would close it.
		await page.reload();
		await waits(page).waitFor({ timeout: 60_000 });
		const other = await openOn();
		await waits(other).waitFor({ timeout: 60_000 });
		expect(running()).toEqual(before);
		await other.close();
	});

	test("shows its log", async () => {
		await runCommand(page, "Gamma: Show Local Relay's Log");
		await page.getByRole("tab", { name: /relay\.log/ }).waitFor();
	});

	test("is stopped by one command, and its jobs view says so", async () => {
		const { pid } = running() ?? {};
		await runCommand(page, "Gamma: Stop Local Relay");
		await expectNotice(page, /The local relay has stopped/);
		await waits(page).waitFor({ state: "detached" });
		expect(running()).toBeUndefined();
		expect(pid).toBeGreaterThan(0);
		// The window that started it has gone: where nobody collects orphans, its number stays.
		expect(await isRelayProcess(pid ?? 0)).toBe(false);
	});

	test("stopped already, it says that none runs", async () => {
		await runCommand(page, "Gamma: Stop Local Relay");
		await expectNotice(page, /No local relay runs/);
	});
});
