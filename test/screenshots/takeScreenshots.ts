import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { copyDemo } from "../support/demoCopy";
import { panelFrame, runCommand, startEditor } from "../support/editor";
import type { Theme } from "../support/panelPage";
import { type Pixels, toIndexedPng } from "./indexedPng";

// The README's pictures, of the demo project in the real editor: `npm run screenshots`.

const folder = process.env.GAMMA_SCREENSHOTS ?? "";
const size = { width: 1280, height: 780 };
/** More than this makes the README slow to open. */
const mostBytes = 150_000;

const demo = copyDemo();
const editor = await startEditor({
	settings: {
		"window.commandCenter": false,
		"workbench.layoutControl.enabled": false,
		"workbench.editor.showTabs": "single",
		"remote.autoForwardPorts": false,
	},
});
try {
	const page = await editor.open(demo.folder, size);
	await page.getByRole("tab", { name: "Gamma" }).first().click();
	await row(page, "cosine").waitFor();

	demo.train("live", 0.02);
	await row(page, "live").waitFor();
	for (const name of ["live", "wider-seed-1", "cosine", "momentum-seed-3"]) await check(page, name);
	await row(page, "momentum-seed-1").click({ button: "right" });
	// The editor takes a click right after a menu opened for one that is still of the opening.
	await page.waitForTimeout(500);
	await page.getByRole("menuitem", { name: "Set as Baseline" }).click();
	await page.getByRole("treeitem", { name: /^momentum-seed-1,.*baseline/ }).waitFor();
	await runCommand(page, "Gamma: Open Charts");
	await panelFrame(page)
		.getByRole("img", { name: /^train\/loss of .*live/ })
		.waitFor();
	await page.waitForTimeout(20_000);
	await take(page, "charts", "dark");

	await runCommand(page, "Gamma: Open Runs Table");
	await panelFrame(page).getByText("momentum-seed-1").first().waitFor();
	await take(page, "table", "high-contrast");

	for (const name of ["live", "momentum-seed-3"]) await check(page, name);
	await check(page, "momentum-seed-1");
	await runCommand(page, "Gamma: Compare Checked Runs");
	await panelFrame(page).getByText("Environment").first().waitFor();
	await take(page, "compare", "light");

	await row(page, "cosine").locator(".monaco-icon-label").dblclick();
	await panelFrame(page)
		.getByRole("treeitem", { name: /decision\.png/ })
		.click();
	await panelFrame(page)
		.getByRole("img", { name: /decision\.png/ })
		.waitFor();
	await take(page, "run", "dark");
} finally {
	await editor.close();
	demo.remove();
}

function row(page: Page, name: string) {
	return page.getByRole("treeitem", { name: new RegExp(`^${name},`) });
}

async function check(page: Page, name: string): Promise<void> {
	await row(page, name).getByRole("checkbox").click();
}

async function take(page: Page, name: string, theme: Theme): Promise<void> {
	await editor.theme(theme);
	// Away from what shows a tooltip, and until what moves has come to rest.
	await page.mouse.move(size.width / 2, size.height - 8);
	await page.waitForTimeout(2000);
	const shot = await page.screenshot({ animations: "disabled" });
	const png = toIndexedPng(await pixelsOf(shot));
	if (png.length > mostBytes) throw new Error(`${name}.png would have ${png.length} bytes, more than ${mostBytes}.`);
	writeFileSync(join(folder, `${name}.png`), png);
}

/** Decoded by the browser, on a page without a content security policy. */
async function pixelsOf(png: Buffer): Promise<Pixels> {
	const page = await editor.browser.newPage();
	const { width, height, base64 } = await page.evaluate(
		async (address) => {
			const image = new Image();
			image.src = address;
			await image.decode();
			const canvas = new OffscreenCanvas(image.width, image.height);
			const context = canvas.getContext("2d");
			context?.drawImage(image, 0, 0);
			const bytes = context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
			let text = "";
			for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
			return { width: image.width, height: image.height, base64: btoa(text) };
		},
		`data:image/png;base64,${png.toString("base64")}`,
	);
	await page.close();
	return { width, height, rgba: Buffer.from(base64, "base64") };
}
