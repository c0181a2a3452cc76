import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyDemo, type DemoCopy, demoFolder } from "../support/demoCopy";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";

/**
 * A person opens the demo project and works through it, in the real editor. The steps build on each other, in order.
 */
describe.skipIf(!editorFolder || !demoFolder)("the demo project in the editor (needs the editor and Python)", () => {
	let demo: DemoCopy;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		demo = copyDemo();
		editor = await startEditor();
		// As high as a common screen: every run of the demo is in sight below the jobs.
		page = await editor.open(demo.folder, { width: 1400, height: 1080 });
		await page.getByRole("tab", { name: "Gamma" }).first().click();
	});

	afterAll(async () => {
		await editor?.close();
		demo?.remove();
	});

	const run = (name: string): Locator => page.getByRole("treeitem", { name: new RegExp(`^${name},`) });
	const chart = (metric: string): Locator => panelFrame(page).getByRole("img", { name: new RegExp(`^${metric} of `) });

	/** Brings a metric's card into view; only what is near the view is drawn. */
	async function show(metric: string): Promise<void> {
		await panelFrame(page)
			.getByRole("button", { name: `More for ${metric}` })
			.scrollIntoViewIfNeeded();
		await chart(metric).waitFor();
	}

	async function drawnOf(metric: string): Promise<string> {
		const card = panelFrame(page).locator("gamma-metric-card", { has: page.getByRole("img") });
		const note = card.filter({ has: chart(metric) }).getByText(/points? drawn/);
		return (await note.textContent()) ?? "";
	}

	test("its runs are found by their names, with how they went", async () => {
		await run("momentum-seed-3").waitFor();
		expect(await run("momentum-seed-3").getAttribute("aria-label")).toMatch(/finished, val\/acc 0\.\d+/);
		expect(await run("lr-60").getAttribute("aria-label")).toContain("failed");
	});

	test("a click shows a run and keeps the focus in the list; the next click shows another in its place", async () => {
		const tabs = () => page.locator(".tabs-container .tab").allTextContents();
		const isInList = () => page.evaluate(() => document.activeElement?.closest(".monaco-list") !== null);
		for (const name of ["cosine", "lr-60"]) {
			await run(name).locator(".label-name").first().click();
			await expect.poll(tabs).toEqual([name]);
			expect(await isInList()).toBe(true);
		}
		await page.keyboard.press("Enter");
		await expect.poll(isInList).toBe(false);
		await run("cosine").locator(".label-name").first().click();
		await expect.poll(tabs).toEqual(["lr-60", "cosine"]);
		await runCommand(page, "View: Close All Editors");
	});

	test("grouped by commit, a group says what its commit did, without being opened", async () => {
		await runCommand(page, "Gamma: Group Runs By");
		await page.locator(".quick-input-list").getByText("Commit", { exact: true }).click();
		await page.getByRole("treeitem", { name: /Let the learning rate fall along a cosine/ }).waitFor();
		await runCommand(page, "Gamma: Group Runs By");
		await page.locator(".quick-input-list").getByText("Experiment", { exact: true }).click();
		await run("cosine").waitFor();
	});

	test("two checked runs are two lines of their own colours on every chart", async () => {
		for (const name of ["momentum-seed-1", "wider-seed-1"]) await run(name).getByRole("checkbox").click();
		await runCommand(page, "Gamma: Open Charts");
		await show("val/loss");
		expect(await chart("val/loss").getAttribute("aria-label")).toBe("val/loss of momentum-seed-1, wider-seed-1");
		const colours = await panelFrame(page)
			.locator("body")
			.evaluate((body) =>
				[0, 1].map((slot) => getComputedStyle(body).getPropertyValue(`--vscode-gamma-run${slot}`).trim()),
			);
		await expect.poll(async () => (await pixelsOf(chart("val/loss"), colours)).every((count) => count > 40)).toBe(true);
	});

	test("the numbers behind the lines are the ones the training wrote", async () => {
		await show("val/acc");
		await panelFrame(page).getByRole("button", { name: "Show as table: val/acc" }).click();
		const table = panelFrame(page).getByRole("table", { name: /val\/acc/ });
		await table.waitFor();
		const rows = await table
			.getByRole("row")
			.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));
		const expected = demo.points("momentum-seed-1", "val/acc");
		const other = demo.points("wider-seed-1", "val/acc");
		expect(rows.length).toBe(expected.length + 1);
		for (const index of [0, 1, 40, expected.length - 1]) {
			const [step, ...values] = rows[index + 1] ?? [];
			expect(Number(step?.replaceAll(",", ""))).toBe(expected[index]?.step);
			expect(values.map(Number)).toEqual([expected[index]?.value, other[index]?.value]);
		}
		await panelFrame(page).getByRole("button", { name: "Show as table: val/acc" }).click();
		await chart("val/acc").waitFor();
	});

	test("dragging over a chart zooms into it, on every chart, and a double click brings everything back", async () => {
		await show("train/loss");
		const whole = await drawnOf("train/loss");
		await drag(chart("train/loss"), 0.3, 0.5);
		await expect.poll(() => drawnOf("train/loss")).not.toBe(whole);
		const [drawn = 0, total = 0] = numbersOf(await drawnOf("train/loss"));
		expect(total).toBeLessThan(numbersOf(whole)[1] ?? 0);
		expect(drawn).toBeLessThanOrEqual(total);
		await chart("train/loss").dblclick();
		await expect.poll(() => drawnOf("train/loss")).toBe(whole);
	});

	test("what differs between two runs is said on one sheet", async () => {
		await runCommand(page, "Gamma: Compare Checked Runs");
		const sheet = panelFrame(page);
		await sheet.getByText("hidden", { exact: true }).first().waitFor();
		await sheet.getByText("[24, 16]").first().waitFor();
		expect(await sheet.getByText("noise", { exact: true }).count()).toBe(0);
	});

	test("the code difference of two runs opens in the editor's own diff", async () => {
		await panelFrame(page)
			.getByRole("button", { name: /files? differs?$|^code diff$/ })
			.click();
		await page.locator(".multiDiffEntry").filter({ hasText: "params.json" }).first().waitFor();
	});

	test("a run's page shows its params, its artifacts and a picture of one", async () => {
		await run("cosine").dblclick();
		const body = panelFrame(page);
		await body.getByRole("heading", { name: "cosine" }).waitFor();
		await body.getByRole("treeitem", { name: /decision\.png/ }).click();
		await body.getByRole("img", { name: /decision\.png/ }).waitFor();
	});

	test("a training that goes on moves on its chart by itself, and the zoom stays", async () => {
		demo.train("going-on", 0.05);
		await run("going-on").waitFor({ timeout: 20_000 });
		expect(await run("going-on").getAttribute("aria-label")).toContain("running");
		await run("going-on").getByRole("checkbox").click();
		await runCommand(page, "Gamma: Open Charts");
		await show("train/loss");
		await expect.poll(() => chart("train/loss").getAttribute("aria-label")).toContain("going-on");
		const before = await pictureOf(chart("train/loss"));
		await expect.poll(async () => (await pictureOf(chart("train/loss"))) !== before, { timeout: 15_000 }).toBe(true);
	});

	test("after the window is reloaded everything is as it was", async () => {
		await page.reload();
		await page.locator(".monaco-workbench .part.activitybar").waitFor({ timeout: 60_000 });
		await run("momentum-seed-1").waitFor();
		await expect.poll(() => run("momentum-seed-1").getByRole("checkbox").getAttribute("aria-checked")).toBe("true");
		await page
			.getByRole("tab", { name: /^Charts/ })
			.first()
			.click();
		await show("train/loss");
		expect(await chart("train/loss").getAttribute("aria-label")).toMatch(
			/^train\/loss of momentum-seed-1, wider-seed-1, going-on/,
		);
	});
});

/** How many pixels of a canvas are close to each colour. */
function pixelsOf(canvas: Locator, colours: readonly string[]): Promise<number[]> {
	return canvas.evaluate((element, wanted) => {
		const surface = element as HTMLCanvasElement;
		const { data } = surface.getContext("2d")?.getImageData(0, 0, surface.width, surface.height) ?? { data: [] };
		return wanted.map((colour) => {
			const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
			let count = 0;
			for (let i = 0; i + 3 < data.length; i += 4) {
				const distance =
					Math.abs((data[i] ?? 0) - r) + Math.abs((data[i + 1] ?? 0) - g) + Math.abs((data[i + 2] ?? 0) - b);
				if ((data[i + 3] ?? 0) > 200 && distance < 30) count++;
			}
			return count;
		});
	}, colours);
}

function pictureOf(canvas: Locator): Promise<string> {
	return canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
}

async function drag(canvas: Locator, from: number, to: number): Promise<void> {
	const box = await canvas.boundingBox();
	if (!box) throw new Error("the chart is not visible");
	const mouse = canvas.page().mouse;
	const y = box.y + box.height / 2;
	await mouse.move(box.x + box.width * from, y);
	await mouse.down();
	await mouse.move(box.x + (box.width * (from + to)) / 2, y, { steps: 4 });
	await mouse.move(box.x + box.width * to, y, { steps: 4 });
	await mouse.up();
}

function numbersOf(text: string): number[] {
	return [...text.matchAll(/[\d,]+/g)].map(([digits]) => Number(digits.replaceAll(",", "")));
}
