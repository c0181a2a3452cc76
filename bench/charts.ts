// The first charts of 20 runs × 5 metrics × 100,000 points: from the click to all of them drawn, in the same Chromium.
// Gamma: the panel is opened over a listed store, histories unread. MLflow UI: its charts page is opened, its server warm.
import type { Browser } from "playwright-core";
import { launchChromium } from "../test/support/chromium";
import { openChartsOn, readStore } from "./support/chartsOn";
import { benchStore, mlflowServer } from "./support/peers";
import { header, row, show, timing } from "./support/rounds";

const make = (kind: "sqlite" | "folder") => (at: string) => [kind, at, "20", "5", "100000"];
const stores = {
	sqlite: benchStore("charts-20x5x100000.db", "make_mlflow.py", make("sqlite")),
	folder: benchStore("charts-20x5x100000", "make_mlflow.py", make("folder")),
};
const small = benchStore("charts-20x5x2000.db", "make_mlflow.py", (at) => ["sqlite", at, "20", "5", "2000"]);

const browser = await launchChromium();

/** Opens Gamma's charts on a store that was listed but whose histories nobody read; answers how many charts were drawn. */
async function gammaCharts(store: string): Promise<number> {
	const reading = await readStore(store);
	const began = performance.now();
	const panel = await openChartsOn(browser, reading);
	await panel.page.waitForFunction(
		() => {
			const cards = (within: Document | ShadowRoot): string[] =>
				[...within.querySelectorAll("*")].flatMap((element) => [
					...(/of [\d,]+ points? drawn/.test(element.shadowRoot ? "" : (element.textContent ?? "")) &&
					element.children.length === 0
						? ["drawn"]
						: []),
					...(element.shadowRoot ? cards(element.shadowRoot) : []),
				]);
			return cards(document).length >= 5;
		},
		undefined,
		{ timeout: 120_000 },
	);
	clickedToDrawnMs.push(performance.now() - began);
	const charts = await panel.page.getByRole("img", { name: /metric_/ }).count();
	await panel.close();
	reading.dispose();
	return charts;
}
let clickedToDrawnMs: number[] = [];

async function mlflowCharts(browser: Browser, url: string, experiment: string): Promise<number> {
	const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
	const page = await context.newPage();
	const began = performance.now();
	await page.goto(`${url}/#/experiments/${experiment}/runs?compareRunsMode=CHART`);
	await page.waitForFunction(
		() => document.querySelectorAll(".js-plotly-plot .scatterlayer .trace").length >= 100,
		undefined,
		{
			timeout: 180_000,
		},
	);
	peerDrawnMs.push(performance.now() - began);
	const charts = await page.locator(".js-plotly-plot").count();
	await context.close();
	return charts;
}
let peerDrawnMs: number[] = [];

header("Charts, 20 runs × 5 metrics");
for (const [name, store, target, rounds] of [
	["100,000 points each, SQLite", stores.sqlite, "≥ 10 ×", 5],
	["2,000 points each, SQLite", small, "≥ 10 ×, ≤ 0.7 s", 5],
] as const) {
	const server = await mlflowServer(`sqlite:///${store}`);
	clickedToDrawnMs = [];
	peerDrawnMs = [];
	for (let round = 0; round <= rounds; round++) {
		const own = await gammaCharts(store);
		const other = await mlflowCharts(browser, server.url, "1");
		if (own !== 5 || other !== 5) throw new Error(`Gamma drew ${own} charts, the MLflow UI ${other}, instead of 5`);
		// The first round warms both up.
		if (round === 0) {
			clickedToDrawnMs = [];
			peerDrawnMs = [];
		}
	}
	await server.stop();
	const [gamma, peer] = [timing(clickedToDrawnMs), timing(peerDrawnMs)];
	row([name, show(gamma), `MLflow UI ${show(peer)}`, `${(peer.medianMs / gamma.medianMs).toFixed(1)} ×`, target, ""]);
}
clickedToDrawnMs = [];
for (let round = 0; round <= 5; round++) await gammaCharts(stores.folder);
row([
	"100,000 points each, folder",
	show(timing(clickedToDrawnMs.slice(1))),
	"MLflow 3.17 serves no folder by default",
	"",
	"≤ 1.5 s",
	"",
]);
await browser.close();
process.exit(0);
