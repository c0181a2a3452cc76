import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";

const root = resolve(import.meta.dirname, "../..");

describe.skipIf(!editorFolder)("a robot model in the real editor (needs the editor)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-robot-"));
	const model = join(folder, "cartpole.xml");
	let editor: Editor;
	let page: Page;
	beforeAll(async () => {
		cpSync(join(root, "examples/cartpole/cartpole.xml"), model);
		editor = await startEditor({ settings: { "gamma.viewer.openModels": "text" } });
		page = await editor.open(folder);
		await page.getByRole("treeitem", { name: /^cartpole\.xml/ }).dblclick();
		await page.getByRole("tab", { name: /^cartpole\.xml/ }).waitFor();
	});
	afterAll(async () => {
		await editor?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const picture = () => panelFrame(page).locator("canvas#picture");
	const told = async () => (await picture().getAttribute("aria-label", { timeout: 60_000 })) ?? "";

	test("opens from its text, plays, and says what it shows", async () => {
		await runCommand(page, "Gamma: Open Robot Model in Viewer");
		await expect.poll(told, { timeout: 90_000 }).toMatch(/cart/i);
		const before = await told();
		await picture().press("Space");
		await expect.poll(told, { timeout: 60_000 }).not.toBe(before);
	});

	test("takes up what is saved, and says where what is broken is broken", async () => {
		const text = readFileSync(model, "utf8");
		writeFileSync(model, text.replace("<worldbody>", "<worldbody><geom type='nonsense'/>"));
		const frame = panelFrame(page);
		await frame
			.getByText(/line \d+/i)
			.first()
			.waitFor({ timeout: 60_000 });
		writeFileSync(model, text);
		await expect.poll(told, { timeout: 60_000 }).toMatch(/cart/i);
	});
});
