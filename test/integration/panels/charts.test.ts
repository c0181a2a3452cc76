import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runColours } from "../../../src/shared/palette";
import { chartsCalls } from "../../../src/shared/panels/chartsPanel";
import { searchOf } from "../../../src/shared/panels/chartsView";
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
	// Not one error, refused request or violation of the content security policy in any test.
	expect(panel.complaints).toEqual([]);
	await panel.close();
});

const inBrowser = test.skipIf(!chromiumPath);

const twoRuns = (): MadeRun[] => [
	{ key: "s/a", name: "warm-fox-12", series: { "val/loss": lossCurve(2000, 1), "val/acc": seriesOf([0.1, 0.5, 0.9]) } },
	{ key: "s/b", name: "calm-owl-11", series: { "val/loss": lossCurve(2000, 9) } },
];

async function open(
	host: ChartsHost,
	options: Partial<Parameters<typeof openPanelPage>[0]> & { state?: unknown } = {},
): Promise<PanelPage> {
	panel = await openPanelPage({
		browser,
		panel: "charts",
		calls: chartsCalls,
		handlers: host.handlers as never,
		state: host.state(),
		...options,
	} as never);
	return panel;
}

const card = (metric: string) =>
	panel.page.locator("gamma-metric-card", { has: panel.page.getByRole("heading", { name: metric, exact: true }) });

async function drawn(metric: string): Promise<void> {
	await expect.poll(() => card(metric).locator("footer").textContent(), { timeout: 15_000 }).toMatch(/drawn/);
	// One frame for the answer, one for what the frame's budget put off.
	await panel.page.evaluate(
		() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0)))),
	);
}

/** Pixels of the metric's canvas that are nearly this colour. */
function pixelsOf(metric: string, colour: string): Promise<number> {
	return card(metric)
		.locator("canvas.lines")
		.evaluate((canvas: HTMLCanvasElement, hex) => {
			const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
			const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
			let count = 0;
			for (let i = 0; i < data.length; i += 4) {
				if (data[i + 3]! > 120 && wanted.every((value, c) => Math.abs(value - data[i + c]!) < 24)) count++;
			}
			return count;
		}, colour);
}

async function dragAcross(metric: string, from: number, to: number): Promise<void> {
	const box = (await card(metric).locator(".plot").boundingBox())!;
	const y = box.y + box.height / 2;
	await panel.page.mouse.move(box.x + box.width * from, y);
	await panel.page.mouse.down();
	await panel.page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 });
	await panel.page.mouse.move(box.x + box.width * to, y, { steps: 3 });
	await panel.page.mouse.up();
}

async function chooseFromMenu(metric: string, entry: string): Promise<void> {
	await card(metric).hover();
	await card(metric)
		.getByRole("button", { name: `More for ${metric}` })
		.click();
	await panel.page.getByRole("menu").getByText(entry).click();
}

inBrowser("draws a line per run in the run's own colour, and hides it on a click in the legend", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	const [first, second] = [runColours[0].dark, runColours[1].dark];
	expect(await pixelsOf("val/loss", first)).toBeGreaterThan(100);
	expect(await pixelsOf("val/loss", second)).toBeGreaterThan(100);

	const asked = host.queries.length;
	await panel.page.getByRole("button", { name: "calm-owl-11" }).click();
	await panel.page.mouse.move(5, 400);
	await expect.poll(() => pixelsOf("val/loss", second)).toBe(0);
	expect(await pixelsOf("val/loss", first)).toBeGreaterThan(100);
	expect(host.queries.length).toBe(asked);
});

inBrowser("names metric and runs on the canvas, and says how much of the history is drawn", async () => {
	await open(new ChartsHost(twoRuns()));
	await drawn("val/loss");
	await expect
		.poll(() => panel.page.getByRole("img", { name: "val/loss of warm-fox-12, calm-owl-11" }).count())
		.toBe(1);
	expect(await card("val/loss").locator("footer").textContent()).toMatch(/^[\d,]+ of 4,000 points drawn$/);
	expect(await card("val/acc").locator("footer").textContent()).toBe("3 of 3 points drawn");
});

inBrowser("shows the exact numbers as a table", async () => {
	const values = [0.1 + 0.2, 1e-9, 123_456.789, Number.NaN, -3];
	const host = new ChartsHost([{ key: "s/a", name: "exact", series: { loss: seriesOf(values, [0, 10, 20, 30, 40]) } }]);
	await open(host);
	await drawn("loss");
	await card("loss").hover();
	await panel.page.getByRole("button", { name: "Show as table: loss" }).click();
	const table = panel.page.getByRole("table", { name: "loss" });
	const rows = await table
		.locator("tbody tr")
		.evaluateAll((found) => found.map((row) => [...row.children].map((cell) => cell.textContent?.trim())));
	expect(rows).toEqual([
		["0", "0.30000000000000004"],
		["10", "1e-9"],
		["20", "123456.789"],
		["30", "NaN"],
		["40", "-3"],
	]);
});

inBrowser("asks for the dragged range, links the zoom over charts, and keeps it while points come in", async () => {
	const host = new ChartsHost(
		twoRuns().map((run) => ({ ...run, series: { a: lossCurve(2000, 1), b: lossCurve(2000, 2) } })),
	);
	await open(host, { height: 420 });
	await drawn("a");
	await drawn("b");
	await dragAcross("a", 0.4, 0.6);
	await expect
		.poll(() =>
			host.queries
				.filter((query) => query.xRange)
				.map((query) => query.metric)
				.sort(),
		)
		.toEqual(["a", "b"]);
	const range = host.queries.at(-1)!.xRange!;
	expect(range[0]).toBeGreaterThan(600);
	expect(range[1]).toBeLessThan(1300);

	await panel.page.evaluate(() => window.scrollTo(0, 40));
	host.revision++;
	await panel.show(host.state());
	await expect.poll(() => host.queries.filter((query) => query.xRange?.[0] === range[0]).length).toBe(4);
	expect(await panel.page.evaluate(() => window.scrollY)).toBe(40);

	await card("a").locator("canvas.lines").dblclick();
	await expect.poll(() => host.queries.slice(-2).map((query) => query.xRange)).toEqual([null, null]);
});

inBrowser("follows a live run: only charts whose metric grew ask again, and the picture moves", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	await drawn("val/acc");
	const before = await card("val/loss").locator("canvas.lines").screenshot();
	host.runs[0] = { ...host.runs[0]!, series: { ...host.runs[0]!.series, "val/loss": lossCurve(6000, 1) } };
	host.queries.length = 0;
	const state = host.state();
	await panel.show({
		...state,
		metrics: state.metrics.map((metric) => (metric.name === "val/loss" ? { ...metric, revision: 7 } : metric)),
	});
	await expect.poll(() => card("val/loss").locator("footer").textContent()).toContain("of 8,000 points");
	expect(host.queries.map((query) => query.metric)).toEqual(["val/loss"]);
	expect((await card("val/loss").locator("canvas.lines").screenshot()).equals(before)).toBe(false);
});

inBrowser("leaves an open menu, the focus and a typed search alone when a new state comes", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	await panel.page.keyboard.press("/");
	await panel.page.keyboard.type("loss");
	await expect.poll(() => panel.page.locator("gamma-metric-card").count()).toBe(1);
	host.revision++;
	await panel.show(host.state());
	expect(await panel.page.evaluate(() => document.activeElement?.id)).toBe("metric-search");
	expect(await panel.page.locator("#metric-search").inputValue()).toBe("loss");

	await card("val/loss").hover();
	await card("val/loss").getByRole("button", { name: "More for val/loss" }).click();
	host.revision++;
	await panel.show(host.state());
	expect(await panel.page.getByRole("menu").count()).toBe(1);
	await panel.page.keyboard.press("Escape");
	expect(await panel.page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("More for val/loss");
});

inBrowser("asks as little for 1,000 metrics as for 10", async () => {
	const runOf = (count: number): MadeRun => ({
		key: "s/a",
		name: "many",
		series: Object.fromEntries(
			Array.from({ length: count }, (_, i) => [`m${String(i).padStart(4, "0")}`, seriesOf([1, 2])]),
		),
	});
	const few = new ChartsHost([runOf(10)]);
	await open(few);
	await drawn("m0000");
	await panel.page.waitForTimeout(300);
	await panel.close();

	const many = new ChartsHost([runOf(1000)]);
	await open(many);
	await drawn("m0000");
	await panel.page.waitForTimeout(300);
	expect(many.queries.length).toBeLessThanOrEqual(few.queries.length);
	// Nearly all of them are not even in the page, and those further down draw when they are reached.
	expect(await panel.page.locator("gamma-metric-card").count()).toBeLessThan(200);
	await panel.page.locator("gamma-metric-card").nth(40).scrollIntoViewIfNeeded();
	await drawn("m0040");
});

inBrowser("is worked by keys alone: search, x axis, log y, cursor, full panel, help", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	await panel.page.keyboard.press("x");
	await expect.poll(() => host.queries.at(-1)?.xAxis).toBe("epoch");
	await expect.poll(() => panel.page.locator("#x-axis").inputValue()).toBe("epoch");
	for (let i = 0; i < 4; i++) await panel.page.keyboard.press("x");
	await panel.page.keyboard.press("y");
	const logY = panel.page.getByRole("button", { name: "log y" });
	await expect.poll(() => logY.getAttribute("aria-pressed")).toBe("true");
	await expect.poll(() => panel.page.locator("#x-axis").inputValue()).toBe("step");

	await drawn("val/acc");
	await card("val/acc").locator("canvas.lines").focus();
	const said = async (key: string) => {
		await panel.page.keyboard.press(key);
		return panel.page.getByRole("status").last().textContent();
	};
	// The keys work on the lines that are drawn: until the steps are back these are the last axis's.
	await expect.poll(() => said("Home")).toMatch(/^step 0: /);
	await panel.page.keyboard.press("ArrowRight");
	await expect.poll(() => panel.page.getByRole("status").last().textContent()).toBe("step 1: warm-fox-12 0.5");
	await expect.poll(() => said("End")).toBe("step 2: warm-fox-12 0.9");
	await panel.page.keyboard.press("f");
	await expect
		.poll(() => card("val/acc").evaluate((element) => element.getBoundingClientRect().width))
		.toBeGreaterThan(850);
	await panel.page.keyboard.press("Escape");
	await panel.page.keyboard.press("Escape");
	await expect
		.poll(() => card("val/acc").evaluate((element) => element.getBoundingClientRect().width))
		.toBeLessThan(600);
	await panel.page.keyboard.press("?");
	await expect.poll(() => panel.page.getByRole("dialog", { name: "Keys" }).count()).toBe(1);
});

inBrowser("moves one cursor over all charts and tells the values, the nearest line first", async () => {
	const flat = (value: number) => seriesOf(Array.from({ length: 100 }, () => value));
	const host = new ChartsHost(
		Array.from({ length: 7 }, (_, i) => ({ key: `s/${i}`, name: `run-${i}`, series: { a: flat(i), b: flat(i * 2) } })),
	);
	await open(host);
	await drawn("a");
	await drawn("b");
	const box = (await card("a").locator(".plot").boundingBox())!;
	await panel.page.mouse.move(box.x + box.width / 2, box.y + 14);
	const tip = panel.page.locator(".value-tip");
	await expect.poll(() => tip.locator("tr").count()).toBe(5);
	expect(await tip.locator("tr").first().textContent()).toMatch(/run-6\s*6/);
	expect(await tip.textContent()).toContain("2 more");
	const marked = (metric: string) =>
		card(metric)
			.locator("canvas.over")
			.evaluate((canvas: HTMLCanvasElement) =>
				canvas
					.getContext("2d")!
					.getImageData(0, 0, canvas.width, canvas.height)
					.data.some((v) => v > 0),
			);
	await expect.poll(() => marked("b")).toBe(true);
	await panel.page.mouse.move(5, 690);
	await expect.poll(() => marked("b")).toBe(false);
});

inBrowser("marks what is not finite, what a log scale cannot show, and where a restart joins", async () => {
	const values = Array.from({ length: 60 }, (_, i) =>
		i === 20 ? Number.NaN : i === 30 ? Number.POSITIVE_INFINITY : i < 3 ? -1 : i + 1,
	);
	const steps = values.map((_, i) => (i < 40 ? i : i - 10));
	const host = new ChartsHost([{ key: "s/a", name: "odd", series: { loss: seriesOf(values, steps) } }]);
	await open(host);
	await drawn("loss");
	const footer = () => card("loss").locator("footer").textContent();
	expect(await footer()).toContain("2 not finite");
	expect(await footer()).toContain("1 restart");
	await panel.page.getByRole("button", { name: "log y" }).click();
	await expect.poll(footer).toContain("3 points ≤ 0 not drawn on the log scale");
	expect(await pixelsOf("loss", runColours[0].dark)).toBeGreaterThan(50);
});

inBrowser("says in the chart what went wrong, and asks again on a click", async () => {
	const host = new ChartsHost(twoRuns());
	host.failure = "The store at http://tracking does not answer. Check the network.";
	await open(host);
	const alert = card("val/loss").getByRole("alert");
	await expect.poll(() => alert.textContent()).toContain("The store at http://tracking does not answer.");
	host.failure = null;
	await alert.getByRole("button", { name: "Try again" }).click();
	await drawn("val/loss");
	expect(await alert.count()).toBe(0);
});

inBrowser("shows hostile names as text", async () => {
	const name = `<img src=x onerror="document.title='owned'">`;
	const metric = `<script>document.title='owned'</script>`;
	await open(new ChartsHost([{ key: "s/a", name, series: { [metric]: seriesOf([1, 2, 3]) } }]));
	await expect.poll(() => panel.page.locator("gamma-metric-card footer").first().textContent()).toMatch(/drawn/);
	expect(await panel.page.locator("gamma-charts img, gamma-charts script").count()).toBe(0);
	expect(await panel.page.locator(".legend").textContent()).toContain("onerror");
	expect(await panel.page.title()).toBe("charts");
});

inBrowser("offers one remedy where there is nothing to show", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host, { state: host.state({ runs: [], metrics: [], runSets: [], totalRuns: 9 }) });
	await panel.page.getByRole("button", { name: "Put the 5 newest runs on the charts" }).click();
	expect(host.calls).toEqual([{ name: "checkNewest", params: { count: 5 } }]);
	await panel.show(host.state());
	await drawn("val/loss");
	await panel.page.fill("#metric-search", "nothing-like-it");
	await panel.page.getByRole("button", { name: "Clear the search" }).click();
	await drawn("val/loss");
});

inBrowser("is found after a reload as it was left", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	await dragAcross("val/loss", 0.3, 0.7);
	await panel.page.getByRole("button", { name: "log y" }).click();
	await panel.page.fill("#metric-search", "val");
	await card("val/loss").hover();
	await card("val/loss").getByRole("button", { name: "Pin val/loss" }).click();
	await expect.poll(() => JSON.stringify(panel.kept())).toContain('"pins":["val/loss"]');
	const kept = panel.kept();
	expect(panel.complaints).toEqual([]);
	await panel.close();

	const again = new ChartsHost(twoRuns());
	await open(again, { kept });
	await drawn("val/loss");
	expect(again.queries[0]?.xRange).toEqual(host.queries.at(-1)?.xRange);
	expect(await panel.page.getByRole("button", { name: "log y" }).getAttribute("aria-pressed")).toBe("true");
	expect(await panel.page.locator("#metric-search").inputValue()).toBe("val");
	expect(await panel.page.locator("section.metrics h2").first().textContent()).toContain("Pinned");
});

inBrowser("takes whatever an older version kept", async () => {
	await open(new ChartsHost(twoRuns()), {
		kept: { xAxis: "parsec", smoothing: "much", zoom: [1], pins: 7, hidden: ["gone"] },
	});
	await drawn("val/loss");
	expect(await panel.page.locator("#x-axis").inputValue()).toBe("step");
});

inBrowser("joins seeds into a mean with its band, and draws the baseline's behind", async () => {
	const host = new ChartsHost(
		Array.from({ length: 4 }, (_, i) => ({
			key: `s/${i}`,
			name: `seed-${i}`,
			group: i < 3 ? "g" : "h",
			series: { loss: lossCurve(300, i + 1) },
		})),
	);
	host.baseline = { key: "s/3", members: ["s/3"] };
	await open(host);
	await drawn("loss");
	await panel.page.getByRole("button", { name: "seeds as mean ± std" }).click();
	await expect.poll(() => host.queries.at(-1)?.lines.map((line) => line.runKeys.length)).toEqual([1, 3, 1]);
	await expect.poll(() => panel.page.getByRole("img", { name: /seed-0 \+2 \(mean of 3\)/ }).count()).toBe(1);
	await chooseFromMenu("loss", "Show as table");
	expect(await panel.page.getByRole("table", { name: "loss" }).locator("tbody tr").first().textContent()).toMatch(
		/± [\d.e-]+ \(n = 3\)/,
	);
});

inBrowser("saves a picture and the numbers through the host", async () => {
	const host = new ChartsHost(twoRuns());
	await open(host);
	await drawn("val/loss");
	await chooseFromMenu("val/loss", "Export PNG…");
	await chooseFromMenu("val/loss", "Export SVG…");
	await chooseFromMenu("val/loss", "Export CSV, full history…");
	await chooseFromMenu("val/loss", "Copy link to this chart");
	await expect.poll(() => host.calls.map(({ name }) => name)).toEqual(["save", "save", "exportCsv", "copyLink"]);
	const [png, svg] = host.calls.map(({ params }) => params as { content: string });
	expect(Buffer.from(png!.content, "base64").subarray(1, 4).toString()).toBe("PNG");
	expect(svg!.content).toContain(`stroke="${runColours[0].dark}"`);
	expect(svg!.content).toContain("calm-owl-11");
});

inBrowser(
	"a chart is asked about from its menu, for the steps in sight, and its title and lines can be dragged into the chat",
	async () => {
		const host = new ChartsHost(twoRuns());
		await open(host);
		await drawn("val/loss");
		await chooseFromMenu("val/loss", "Ask about this metric");
		await expect
			.poll(() => host.calls)
			.toEqual([{ name: "askAbout", params: { metric: "val/loss", fromStep: null, toStep: null } }]);
		// As an answer of the agent's opens it: this metric alone, and no part of the view beside.
		const search = searchOf("val/loss");
		await panel.show(host.state({ wanted: { id: 7, view: { search, zoom: [10.2, 19.8] } } }));
		await expect.poll(() => panel.page.locator("gamma-metric-card").count()).toBe(1);
		await chooseFromMenu("val/loss", "Ask about this metric");
		await expect.poll(() => host.calls.at(-1)?.params).toEqual({ metric: "val/loss", fromStep: 11, toStep: 19 });
		const dragged = (selector: string) =>
			panel.page.evaluate((given) => {
				const dataTransfer = new DataTransfer();
				document.querySelector(given)?.dispatchEvent(new DragEvent("dragstart", { bubbles: true, dataTransfer }));
				return dataTransfer.types.map((type) => `${type}: ${dataTransfer.getData(type)}`);
			}, selector);
		const key = host.runs[0]?.key;
		expect(await dragged("gamma-metric-card h3[draggable=true]")).toEqual([
			"application/vnd.gamma.mention: metric:val/loss",
			"text/plain: val/loss",
		]);
		expect(await dragged("gamma-charts-legend button[draggable=true]")).toEqual([
			`application/vnd.gamma.mention: run:${key}`,
			`text/plain: ${host.runs[0]?.name}`,
		]);
	},
);

inBrowser("stays whole at 300 px, in high contrast, with reduced motion", async () => {
	await open(new ChartsHost(twoRuns()), { width: 300, height: 700, theme: "high-contrast", reducedMotion: true });
	await drawn("val/acc");
	expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
	for (const tab of ["Parallel coordinates", "Scatter"]) {
		await panel.page.getByRole("tab", { name: tab }).click();
		await expect.poll(() => panel.page.locator("main").textContent()).not.toBe("");
		expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
	}
});
