import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import { hostileProject, hostileNames as names, hostileName as script } from "../support/hostileProject";

describe.skipIf(!editorFolder)("names that try to be more than text, in every view (needs the editor)", () => {
	let editor: Editor;
	let page: Page;
	let ran = 0;
	const foreign: string[] = [];
	const project = hostileProject();

	beforeAll(async () => {
		editor = await startEditor();
		page = await editor.open(project.folder);
		await page.exposeFunction("__ran", () => {
			ran++;
		});
		const own = new URL(page.url()).host;
		page.on("request", (request) => {
			const { protocol, host } = new URL(request.url());
			// Panels' own files come by a made-up host, which the editor's service worker answers; the gallery is the editor's.
			const isEditors = host === own || host.endsWith(".vscode-resource.vscode-cdn.net") || host === "open-vsx.org";
			if (/^(https?|wss?):$/.test(protocol) && !isEditors) foreign.push(request.url());
		});
		await page.getByRole("tab", { name: "Gamma" }).first().click();
		await rows().first().waitFor();
	});

	afterAll(async () => {
		await editor?.close();
		project.remove();
	});

	const rows = (): Locator => page.getByRole("treeitem").filter({ has: page.getByRole("checkbox") });

	test("the side bar and its tooltip show them as they are written", async () => {
		expect(await rows().count()).toBe(names.length);
		expect(await rows().first().textContent()).toContain(script);
		await rows().nth(1).hover();
		const tooltip = page.locator(".workbench-hover", { hasText: "command:workbench.action.closeWindow" });
		await tooltip.waitFor();
		expect(await tooltip.locator("a, img").count()).toBe(0);
		for (let row = 0; row < names.length; row++) await rows().nth(row).getByRole("checkbox").click();
	});

	test("the charts", async () => {
		await runCommand(page, "Gamma: Open Charts");
		const body = panelFrame(page);
		await body.getByRole("button", { name: "More for loss" }).waitFor();
		await body.getByRole("button", { name: /^Runs/ }).first().click();
		await page.keyboard.press("Escape");
		for (const tab of ["Parallel coordinates", "Scatter", "Lines"]) {
			await body.getByRole("tab", { name: tab }).click();
			await body.getByRole("tab", { name: tab, selected: true }).waitFor();
		}
	});

	test("the table and the comparison", async () => {
		await runCommand(page, "Gamma: Open Runs Table");
		await panelFrame(page).getByText(script).first().waitFor();
		await runCommand(page, "Gamma: Compare Checked Runs");
		await panelFrame(page).getByText(script).first().waitFor();
	});

	test("a run's page, its note and its artifacts", async () => {
		await rows().nth(0).locator(".monaco-icon-label").dblclick();
		const body = panelFrame(page);
		await body.getByRole("heading", { name: script }).first().waitFor();
		for (const artifact of [/onerror.*\.md/, /picture\.svg/]) {
			await body.getByRole("treeitem", { name: artifact }).click();
			await body
				.getByText(/KB|kB|B\b/)
				.first()
				.waitFor();
		}
	});

	test("quick picks", async () => {
		for (const command of ["Open Run", "Sort Runs By", "Choose Shown Metrics", "Add Filter"]) {
			await runCommand(page, `Gamma: ${command}`);
			await page.locator(".quick-input-widget input:visible").first().waitFor();
			await page.keyboard.press("Escape");
		}
	});

	test("the status bar, and the notice of a run's end", async () => {
		const entry = page.locator(".statusbar-item", { hasText: "onerror" });
		await entry.waitFor();
		await entry.hover();
		project.end();
		// The editor shows no toast while it is driven; its list of notices has them.
		await runCommand(page, "Notifications: Show Notifications");
		const notice = page.locator(".notifications-list-container", { hasText: "onerror" });
		await notice.waitFor({ timeout: 30_000 });
		expect(await notice.locator("img").count()).toBe(0);
	});

	test("no script ran and nothing was asked of another host", () => {
		expect(ran).toBe(0);
		expect(foreign).toEqual([]);
	});
});
