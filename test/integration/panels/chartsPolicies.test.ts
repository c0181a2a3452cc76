import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chartsCalls } from "../../../src/shared/panels/chartsPanel";
import { ChartsHost, lossCurve } from "../../support/chartsHost";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { openPanelPage, type PanelPage } from "../../support/panelPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";

describe.skipIf(!chromiumPath)(`policies on a reward chart${noBrowser}`, () => {
	let browser: Browser;
	let open: PanelPage | undefined;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		expect(open?.complaints ?? []).toEqual([]);
		await open?.close();
		open = undefined;
	});
	afterAll(() => browser.close());

	const start = async (policies: Readonly<Record<string, readonly number[]>>) => {
		const host = new ChartsHost([
			{ key: "a", name: "walker", series: { reward: lossCurve(100, 1) } },
			{ key: "b", name: "other", series: { reward: lossCurve(100, 2) } },
		]);
		host.policies = policies;
		open = await openPanelPage({
			...{ browser, panel: "charts", calls: chartsCalls, handlers: host.handlers, state: host.state() },
		});
		await open.page.locator("canvas.lines").waitFor();
		await expect.poll(() => host.queries.length, { timeout: 20_000 }).toBeGreaterThan(0);
		return { page: open.page, host };
	};
	const opened = (host: ChartsHost) =>
		host.calls.filter(({ name }) => name === "openPolicy").map(({ params }) => params);
	/** Coloured pixels in the strip above the x axis, where nothing but marks is drawn on the upper canvas. */
	const marked = (page: PanelPage["page"]) =>
		page.locator("canvas.over").evaluate((canvas: HTMLCanvasElement) => {
			if (canvas.width === 0) return 0;
			const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
			let count = 0;
			for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 100) count++;
			return count;
		});

	test("a run's policies are marked on the x axis, and p opens the one nearest to the cursor", async () => {
		const { page, host } = await start({ a: [0, 40, 80] });
		await expect.poll(() => marked(page), { timeout: 20_000 }).toBeGreaterThan(20);
		await page.locator("canvas.lines").focus();
		await page.keyboard.press("End");
		await expect.poll(() => page.locator(".value-tip").textContent()).toContain("the policy at step 80");
		await page.keyboard.press("p");
		await page.keyboard.press("Home");
		await page.keyboard.press("p");
		await expect
			.poll(() => opened(host), { timeout: 20_000 })
			.toEqual([
				{ key: "a", step: 80 },
				{ key: "a", step: 0 },
			]);
	});

	test("the chart's context menu offers it, by the run's name", async () => {
		const { page, host } = await start({ b: [50] });
		await expect.poll(() => marked(page), { timeout: 20_000 }).toBeGreaterThan(5);
		const box = await page.locator("canvas.lines").boundingBox();
		if (!box) throw new Error("no chart");
		await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: "right" });
		await page.getByRole("menuitem", { name: "Open the policy at step 50 of other" }).click();
		await expect.poll(() => opened(host), { timeout: 20_000 }).toEqual([{ key: "b", step: 50 }]);
	});

	test("a click on a mark opens its policy, Ctrl+click anywhere the nearest, and a plain click elsewhere nothing", async () => {
		const { page, host } = await start({ a: [0, 40, 80] });
		await expect.poll(() => marked(page), { timeout: 20_000 }).toBeGreaterThan(20);
		const canvas = page.locator("canvas.lines");
		const box = await canvas.boundingBox();
		if (!box) throw new Error("no chart");
		/** The lowest row of the upper canvas that has coloured pixels, and the columns of its marks. */
		const marks = await page.locator("canvas.over").evaluate((over: HTMLCanvasElement) => {
			const pen = over.getContext("2d");
			for (let row = over.height - 1; row > 0; row--) {
				const pixels = pen?.getImageData(0, row, over.width, 1).data ?? [];
				const columns = Array.from({ length: over.width }, (_, at) => at).filter(
					(at) => (pixels[at * 4 + 3] ?? 0) > 100,
				);
				if (columns.length === 0) continue;
				const groups = columns.filter((at, index) => at - (columns[index - 1] ?? -10) > 3);
				return {
					row: (row * over.clientHeight) / over.height,
					starts: groups.map((at) => (at * over.clientWidth) / over.width),
				};
			}
			return { row: 0, starts: [] };
		});
		expect(marks.starts.length).toBe(3);
		const click = async (x: number, y: number) => {
			await page.mouse.move(box.x + x, box.y + y);
			await page.mouse.click(box.x + x, box.y + y);
		};
		await click((marks.starts[1] ?? 0) + 3, marks.row - 3);
		await expect.poll(() => opened(host), { timeout: 20_000 }).toEqual([{ key: "a", step: 40 }]);
		await click(box.width * 0.9, box.height / 2);
		await page.keyboard.down("Control");
		await click(box.width * 0.9, box.height / 2);
		await page.keyboard.up("Control");
		await expect
			.poll(() => opened(host), { timeout: 20_000 })
			.toEqual([
				{ key: "a", step: 40 },
				{ key: "a", step: 80 },
			]);
	});

	test("without policies there are no marks, no menu and nothing that p does", async () => {
		const { page, host } = await start({});
		await page.locator("canvas.lines").focus();
		await page.keyboard.press("End");
		await expect.poll(() => page.locator(".value-tip").textContent()).not.toContain("policy");
		await page.keyboard.press("p");
		expect(opened(host)).toEqual([]);
	});
});
