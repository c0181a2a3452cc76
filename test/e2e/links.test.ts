import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";

/** Links from mails, pages and chats: whoever wrote them, they show a run or do nothing. */
describe.skipIf(!editorFolder || !demoFolder)("links to Gamma (needs the editor and Python)", () => {
	let demo: DemoCopy;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		demo = copyDemo();
		editor = await startEditor();
		page = await editor.open(demo.folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
		await page.getByRole("treeitem", { name: /^cosine,/ }).waitFor();
	});

	afterAll(async () => {
		await editor?.close();
		demo?.remove();
	});

	async function follow(link: string): Promise<void> {
		await runCommand(page, "Developer: Open URL");
		await page.getByText("URL to open").waitFor();
		await page.keyboard.insertText(`vscode://gamma-ml.gamma${link}`);
		await page.keyboard.press("Enter");
		const question = page.getByRole("dialog", { name: /Allow 'Gamma' extension to open this URI/ });
		await question.getByRole("button", { name: "Open" }).click();
		await question.waitFor({ state: "detached" });
	}

	/** What was said since the last time, and how many editors are open. */
	async function answer(sentence: RegExp): Promise<number> {
		await runCommand(page, "Notifications: Show Notifications");
		await page.locator(".notifications-list-container", { hasText: sentence }).waitFor();
		await runCommand(page, "Notifications: Clear All Notifications");
		return page.locator(".tabs-container .tab").count();
	}

	for (const link of [
		"/auth?code=x&state=wrong",
		"/run",
		"/run?id=",
		"/run?id=a&id=b",
		"/run?id=a&command=workbench.action.terminal.new",
		`/run?id=${"a".repeat(5000)}`,
		"/../run?id=a",
		`/charts?view=${encodeURIComponent("{}")}`,
	]) {
		test(`nothing opens for ${link.slice(0, 60)}`, async () => {
			await follow(link);
			expect(await answer(/not understood/)).toBe(0);
		});
	}

	test.each(["/auth/callback?code=x&state=wrong", "/auth/callback?error=access_denied&state=a", "/auth/callback"])(
		"no sign-in begins or ends by %s",
		async (link) => {
			await follow(link);
			expect(await answer(/No sign-in waits for this link/)).toBe(0);
		},
	);

	test.each(["/run?id=0123456789abcdef0123456789abcdef", "/run?id=../../etc/passwd", "/charts?run=<script>"])(
		"a run that is nowhere is said to be nowhere, at once: %s",
		async (link) => {
			await follow(link);
			expect(await answer(/in none of the open stores/)).toBe(0);
		},
	);

	test("a run's own link opens its page, and a charts link its runs in a view that fits", async () => {
		const id = demo.runId("cosine");
		await follow(`/run?id=${id}`);
		await panelFrame(page).getByRole("heading", { name: "cosine" }).waitFor();
		const view = encodeURIComponent(JSON.stringify({ tab: "scatter", smoothing: "<img>", __proto__: { a: 1 } }));
		await follow(`/charts?run=${id}&view=${view}`);
		await panelFrame(page).getByRole("tab", { name: "Scatter", selected: true }).waitFor();
		expect(
			await panelFrame(page)
				.getByRole("button", { name: /^cosine/ })
				.count(),
		).toBeGreaterThan(0);
	});
});
