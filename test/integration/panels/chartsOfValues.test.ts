import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { chartsCalls } from "../../../src/shared/panels/chartsPanel";
import { ChartsHost, seriesOf } from "../../support/chartsHost";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { openPanelPage, type PanelPage } from "../../support/panelPage";

let browser: Browser;
let panel: PanelPage;
let host: ChartsHost;

beforeAll(async () => {
	if (chromiumPath) browser = await launchChromium();
});
afterAll(async () => browser?.close());

beforeEach(async () => {
	if (!chromiumPath) return;
	host = new ChartsHost(
		["1e-4", "3e-4", "1e-3", "1e-2"].map((lr, i) => ({
			key: `s/${i}`,
			name: `run-${i}`,
			params: { lr, optimizer: i % 2 ? "adam" : "sgd", same: "x" },
			series: { "val/acc": seriesOf([0.5 + i / 8]) },
		})),
	);
	panel = await openPanelPage({
		browser,
		panel: "charts",
		calls: chartsCalls,
		handlers: host.handlers,
		state: host.state(),
	});
});
afterEach(async () => {
	if (!chromiumPath) return;
	expect(panel.complaints).toEqual([]);
	await panel.close();
});

const inBrowser = test.skipIf(!chromiumPath);

inBrowser("draws a line per run through the params that differ and the metric", async () => {
	await panel.page.getByRole("tab", { name: "Parallel coordinates" }).click();
	await expect.poll(() => panel.page.locator("svg.parallel path").count()).toBe(4);
	const axes = await panel.page
		.getByRole("slider")
		.evaluateAll((found) => found.map((axis) => axis.getAttribute("aria-label")));
	expect(axes).toEqual(["lr, everything", "optimizer, everything", "val/acc, everything"]);
});

inBrowser("keeps the runs within a brush, set by keys or by dragging, and shows them as a table", async () => {
	await panel.page.getByRole("tab", { name: "Parallel coordinates" }).click();
	const axis = panel.page.getByRole("slider", { name: /^val\/acc/ });
	await axis.focus();
	await panel.page.keyboard.press("ArrowUp");
	await expect.poll(() => panel.page.getByText("2 of 4 runs").count()).toBe(1);
	await panel.page.getByRole("button", { name: "Show as table" }).click();
	const rows = await panel.page
		.locator(".values tbody tr")
		.evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent?.trim())));
	expect(rows).toEqual([
		["run-2", "1e-3", "sgd", "0.75"],
		["run-3", "1e-2", "adam", "0.875"],
	]);
	await panel.page.getByRole("button", { name: "Show as table" }).click();
	await panel.page.getByRole("button", { name: "Clear brushes" }).click();
	const box = (await panel.page.getByRole("slider", { name: /^lr/ }).locator("rect").first().boundingBox())!;
	const x = box.x + box.width / 2;
	await panel.page.mouse.move(x, box.y + box.height - 2);
	await panel.page.mouse.down();
	await panel.page.mouse.move(x, box.y + box.height * 0.6, { steps: 4 });
	await panel.page.mouse.up();
	await expect.poll(() => panel.page.getByText("2 of 4 runs").count()).toBe(1);
	await expect.poll(() => JSON.stringify(panel.kept())).toContain('"param:lr":[0,');
});

inBrowser("draws a metric over a param, names a run under the pointer and opens it on a click", async () => {
	await panel.page.getByRole("tab", { name: "Scatter" }).click();
	const dot = panel.page.getByRole("button", { name: /^run-3: lr 1e-2, val\/acc 0.875/ });
	await expect.poll(() => dot.count()).toBe(1);
	await dot.hover();
	await expect.poll(() => panel.page.locator(".dot-name").textContent()).toContain("run-3");
	await dot.click();
	await panel.page.getByRole("button", { name: /^run-0: lr 1e-4/ }).focus();
	await panel.page.keyboard.press("Enter");
	await expect.poll(() => host.calls.map(({ params }) => params)).toEqual([{ key: "s/3" }, { key: "s/0" }]);
});
