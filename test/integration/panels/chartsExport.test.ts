import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runColours } from "../../../src/shared/palette";
import { chartsCalls } from "../../../src/shared/panels/chartsPanel";
import { initialChartsView } from "../../../src/shared/panels/chartsView";
import { ChartsHost, lossCurve, type MadeRun, seriesOf } from "../../support/chartsHost";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { openPanelPage, type PanelPage } from "../../support/panelPage";

let browser: Browser;
let panel: PanelPage;

beforeAll(async () => {
	if (chromiumPath) browser = await launchChromium();
});
afterAll(async () => browser?.close());
afterEach(async () => {
	if (!chromiumPath) return;
	expect(panel.complaints).toEqual([]);
	await panel.close();
});

const inBrowser = test.skipIf(!chromiumPath);

const asPng = "Export all charts as PNG…";
const asSvg = "Export all charts as SVG…";
const asCsv = "Export all charts as CSV (full history)…";

/** Two runs that have all of them: `train/m00`, `train/m01`, … */
function runsWith(metrics: number, points = 400): MadeRun[] {
	const names = Array.from({ length: metrics }, (_, i) => `train/m${String(i).padStart(2, "0")}`);
	const seriesFrom = (seed: number) =>
		Object.fromEntries(names.map((name, i) => [name, lossCurve(points, seed + (i % 7))]));
	return [
		{ key: "s/a", name: "warm-fox-12", series: seriesFrom(1) },
		{ key: "s/b", name: "calm-owl-11", series: seriesFrom(9) },
	];
}

/** So low that only the first cards are on or near the screen. */
async function open(host: ChartsHost, view: Partial<typeof initialChartsView> = {}): Promise<void> {
	panel = await openPanelPage({
		browser,
		panel: "charts",
		calls: chartsCalls,
		handlers: host.handlers,
		state: host.state(),
		kept: { ...initialChartsView, ...view },
		height: 300,
	});
	await panel.page.locator("gamma-metric-card, .section-title, main .empty").first().waitFor();
}

async function choose(entry: string): Promise<void> {
	await panel.page.getByRole("button", { name: "More", exact: true }).click();
	await panel.page.getByRole("menuitem", { name: entry }).click();
}

const status = () => panel.page.locator(".status-line.seen").textContent();
const saved = (host: ChartsHost) => host.calls.at(-1)?.params as { name: string; format: string; content: string };

/** Pixels of a part of the picture that are nearly this colour. */
function pixelsOf(png: string, part: { x: number; y: number; width: number; height: number }, colour: string) {
	return panel.page.evaluate(
		async ({ png: source, part: { x, y, width, height }, colour: hex }) => {
			const image = new Image();
			image.src = `data:image/png;base64,${source}`;
			await image.decode();
			const canvas = document.createElement("canvas");
			canvas.width = image.width;
			canvas.height = image.height;
			const pen = canvas.getContext("2d")!;
			pen.drawImage(image, 0, 0);
			const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
			const { data } = pen.getImageData(x, y, width, height);
			let count = 0;
			for (let i = 0; i < data.length; i += 4) {
				if (wanted.every((value, c) => Math.abs(value - data[i + c]!) < 24)) count++;
			}
			return { count, width: image.width, height: image.height };
		},
		{ png, part, colour },
	);
}

inBrowser("a PNG has every chart, drawn on the screen or not, in the runs' colours", async () => {
	const host = new ChartsHost(runsWith(12));
	await open(host);
	await expect.poll(() => host.queries.length).toBeGreaterThan(0);
	const onScreen = new Set(host.queries.map(({ metric }) => metric));
	expect(onScreen.size).toBeLessThan(12);
	await choose(asPng);
	await expect.poll(status).toBe("Saved 12 charts.");
	const { name, format, content } = saved(host);
	expect([name, format]).toEqual(["charts", "png"]);
	// Four columns, three rows, at twice the size: the last chart is the lower right one.
	const { width, height } = await pixelsOf(content, { x: 0, y: 0, width: 1, height: 1 }, "#000000");
	expect(width).toBe((4 * 480 + 3 * 12 + 2 * 16) * 2);
	const last = { x: width - 2 * (16 + 480), y: height - 2 * (16 + 290), width: 2 * 480, height: 2 * 270 };
	for (const { dark } of runColours.slice(0, 2)) {
		expect((await pixelsOf(content, last, dark)).count).toBeGreaterThan(500);
	}
});

inBrowser(
	"an SVG has the title of each chart that search and hidden runs leave, folded or not, in their order",
	async () => {
		const runs = runsWith(8);
		runs[0]!.series["val/acc"] = seriesOf([0.1, 0.5, 0.9]);
		runs[1]!.series["other/loss"] = seriesOf([3, 2, 1]);
		const host = new ChartsHost(runs);
		await open(host, {
			search: "/m|acc",
			collapsed: ["section:train"],
			pins: ["train/m05"],
			hidden: ["s/b"],
		});
		await choose(asSvg);
		await expect.poll(status).toBe("Saved 9 charts.");
		const texts = [...saved(host).content.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? "");
		const titles = texts.filter((text) => /^[a-z]+\/\w+$/.test(text));
		expect(titles).toEqual([
			"train/m05",
			"val/acc",
			...["00", "01", "02", "03", "04", "06", "07"].map((n) => `train/m${n}`),
		]);
		expect(texts).toContain("warm-fox-12");
		expect(texts).not.toContain("calm-owl-11");
		expect(saved(host).content).toContain(`stroke="${runColours[0].dark}"`);
		expect(saved(host).content).not.toContain(`stroke="${runColours[1].dark}"`);
		const isWhole = await panel.page.evaluate(
			(svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror") === null,
			saved(host).content,
		);
		expect(isWhole).toBe(true);
	},
);

inBrowser("a CSV has every point of every shown metric with its run, metric, step, time and value", async () => {
	const host = new ChartsHost(runsWith(5, 300));
	host.runs[0]!.series["val/acc"] = seriesOf([0.1, 0.5]);
	await open(host);
	await choose(asCsv);
	await expect.poll(status).toBe("Saved the full history of 6 metrics.");
	const rows = saved(host).content.trim().split("\n");
	expect(rows[0]).toBe("run,run_id,metric,step,timestamp_ms,value");
	expect(rows.slice(1, 3)).toEqual([
		"warm-fox-12,s/a,val/acc,0,1700000000000,0.1",
		"warm-fox-12,s/a,val/acc,1,1700000001000,0.5",
	]);
	expect(rows.length).toBe(1 + 2 + 5 * 2 * 300);
});

inBrowser("says what went wrong, and saves nothing half", async () => {
	const host = new ChartsHost(runsWith(3));
	await open(host);
	host.failure = "The disk is gone.";
	for (const entry of [asPng, asSvg, asCsv]) {
		await choose(entry);
		await expect.poll(status).toBe("Not exported: The disk is gone.");
		await panel.page.evaluate(() => document.querySelector(".status-line")?.classList.remove("seen"));
	}
	expect(host.calls).toEqual([]);
	// The charts on the screen have failed of their own accord: they are asked for again.
	host.failure = null;
	await choose(asSvg);
	await expect.poll(status).toBe("Saved 3 charts.");
});

inBrowser("is offered where charts of metrics are shown, and only there", async () => {
	const host = new ChartsHost(runsWith(2));
	await open(host, { search: "no such metric" });
	const entries = async () => {
		await panel.page.getByRole("button", { name: "More", exact: true }).click();
		const labels = await panel.page.getByRole("menuitem").allTextContents();
		await panel.page.keyboard.press("Escape");
		return labels.filter((label) => label.startsWith("Export")).length;
	};
	expect(await entries()).toBe(0);
	await panel.page.fill("#metric-search", "m0");
	await panel.page.locator("gamma-metric-card").first().waitFor();
	expect(await entries()).toBe(3);
	await panel.page.getByRole("tab", { name: "Scatter" }).click();
	expect(await entries()).toBe(0);
});

inBrowser("a hundred charts are exported chart by chart, the panel's own work in between", async () => {
	const host = new ChartsHost(runsWith(100, 5000));
	await open(host);
	await panel.page.locator("footer", { hasText: "drawn" }).first().waitFor();
	for (const [entry, words] of [
		[asPng, "Saved 100 charts."],
		[asSvg, "Saved 100 charts."],
		[asCsv, "Saved the full history of 100 metrics."],
	] as const) {
		await panel.page.evaluate(() => {
			const scope = globalThis as unknown as { turns: number; longest: number; watch: number };
			scope.turns = 0;
			scope.longest = 0;
			let last = performance.now();
			scope.watch = window.setInterval(() => {
				scope.turns++;
				scope.longest = Math.max(scope.longest, performance.now() - last);
				last = performance.now();
			}, 4);
		});
		await choose(entry);
		await expect.poll(status, { timeout: 60_000 }).toBe(words);
		const { turns, longest } = await panel.page.evaluate(() => {
			const scope = globalThis as unknown as { turns: number; longest: number; watch: number };
			clearInterval(scope.watch);
			document.querySelector(".status-line")?.classList.remove("seen");
			return { turns: scope.turns, longest: scope.longest };
		});
		console.log(`${entry}: the panel stood still for ${Math.round(longest)} ms at most`);
		// The host writes the CSV; a picture lets the panel have a turn after most charts, were they drawn at one go it would be one.
		if (entry !== asCsv) expect(turns, entry).toBeGreaterThan(20);
	}
});
