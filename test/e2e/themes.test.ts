import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faintTexts } from "../support/contrast";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import type { Theme } from "../support/panelPage";

/** Every panel in every standard theme, in the real editor: it shows, breaks no rule of its own and can be read. */
describe.skipIf(!editorFolder || !demoFolder)("the panels in the editor's themes (needs the editor and Python)", () => {
	let demo: DemoCopy;
	let editor: Editor;
	let page: Page;
	const complaints: string[] = [];
	const themes: readonly Theme[] = ["dark", "light", "high-contrast", "high-contrast-light"];

	beforeAll(async () => {
		demo = copyDemo();
		editor = await startEditor({ theme: "dark" });
		// As high as a common screen: every run of the demo is in sight below the jobs.
		page = await editor.open(demo.folder, { width: 1400, height: 1080 });
		page.on("console", (message) => {
			if (/Content.Security.Policy|Refused to/i.test(message.text())) complaints.push(message.text());
		});
		await page.getByRole("tab", { name: "Gamma" }).first().click();
		for (const name of ["momentum-seed-1", "wider-seed-1", "cosine"]) await row(name).getByRole("checkbox").click();
	});

	afterAll(async () => {
		await editor?.close();
		demo?.remove();
	});

	const row = (name: string) => page.getByRole("treeitem", { name: new RegExp(`^${name},`) });

	const views: Readonly<Record<string, () => Promise<void>>> = {
		"the charts": async () => {
			await runCommand(page, "Gamma: Open Charts");
			await panelFrame(page).getByRole("tab", { name: "Lines" }).click();
			await panelFrame(page)
				.getByRole("img", { name: /^val\/acc of / })
				.waitFor();
		},
		"the parallel coordinates": async () => {
			await panelFrame(page).getByRole("tab", { name: "Parallel coordinates" }).click();
			await panelFrame(page)
				.getByRole("slider", { name: /val\/acc/ })
				.waitFor();
		},
		"the scatter plot": async () => {
			await panelFrame(page).getByRole("tab", { name: "Scatter" }).click();
			await panelFrame(page)
				.getByRole("button", { name: /^cosine: / })
				.waitFor();
		},
		"the table": async () => {
			await runCommand(page, "Gamma: Open Runs Table");
			await panelFrame(page).getByText("momentum-seed-1").first().waitFor();
		},
		"the comparison": async () => {
			await runCommand(page, "Gamma: Compare Checked Runs");
			await panelFrame(page).getByText("Environment").first().waitFor();
		},
		"a run's page": async () => {
			await row("lr-60").locator(".monaco-icon-label").dblclick();
			await panelFrame(page).getByRole("heading", { name: "lr-60" }).waitFor();
			await panelFrame(page).getByText("train/loss").first().waitFor();
		},
	};

	for (const theme of themes) {
		test(`each can be read in ${theme}`, async () => {
			await editor.theme(theme);
			for (const [view, show] of Object.entries(views)) {
				await show();
				expect(await faintTexts(panelFrame(page)), view).toEqual([]);
				expect(unnamedControls(await panelFrame(page).locator("body").ariaSnapshot()), view).toEqual([]);
			}
		});
	}

	test("none broke its content security policy", () => {
		expect(complaints).toEqual([]);
	});
});

/** The lines of an accessibility tree that are a control or a picture without a name, such as `- button` or `- img [ref]`. */
function unnamedControls(snapshot: string): string[] {
	const unnamed =
		/^- (button|link|checkbox|textbox|searchbox|combobox|tab|menuitem|slider|img|treeitem)( \[[^\]]*\])*:?$/;
	return snapshot.split("\n").filter((line) => unnamed.test(line.trim()));
}
