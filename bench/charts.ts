// The first charts of 20 runs × 5 metrics × 100,000 points: from the click to all of them drawn, in the same Chromium.
// Gamma: the panel is opened over a listed store, histories unread. MLflow UI: its charts page is opened, its server warm.
// Both in a fresh browser context that is there before the clock starts.
import type { Page } from "playwright-core";
import { launchChromium } from "../test/support/chromium";
import { readStore, setChartsStage } from "./support/chartsOn";
import { benchStore, mlflowServer } from "./support/peers";
import { endOfRounds, header, roundsNoted, row, show, timing } from "./support/rounds";

const make = (kind: "sqlite" | "folder") => (at: string) => [kind, at, "20", "5", "100000"];
const stores = {
	sqlite: benchStore("charts-20x5x100000.db", "make_mlflow.py", make("sqlite")),
	folder: benchStore("charts-20x5x100000", "make_mlflow.py", make("folder")),
};
const small = benchStore("charts-20x5x2000.db", "make_mlflow.py", (at) => ["sqlite", at, "20", "5", "2000"]);

const browser = await launchChromium();

interface Drawn {
	readonly charts: number;
	readonly ms: number;
}

/** Gamma's charts on a store that was listed but whose histories nobody read: from the navigation until each shows all its lines. */
async function gammaCharts(store: string): Promise<Drawn> {
	const reading = await readStore(store);
	const stage = await setChartsStage(browser, reading);
	const drawn = await untilDrawn(stage.page, stage.open, ([charts, lines]) => {
		const { chartsWithLines } = globalThis as unknown as { chartsWithLines(least: number): number };
		// A raw line and a smoothed one of each run.
		return chartsWithLines(2 * lines) >= charts;
	});
	const charts = await stage.page.getByRole("img", { name: /metric_/ }).count();
	await stage.close();
	reading.dispose();
	return { charts, ms: drawn };
}

/** The same of the MLflow UI, on a server that is warm. */
async function mlflowCharts(url: string, experiment: string): Promise<Drawn> {
	const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
	const page = await context.newPage();
	const open = async () => {
		await page.goto(`${url}/#/experiments/${experiment}/runs?compareRunsMode=CHART`, { waitUntil: "commit" });
	};
	const ms = await untilDrawn(
		page,
		open,
		([charts, lines]) => document.querySelectorAll(".js-plotly-plot .scatterlayer .trace").length >= charts * lines,
	);
	const charts = await page.locator(".js-plotly-plot").count();
	await context.close();
	return { charts, ms };
}

/** From the navigation on a page that is open and empty to the frame in which all is drawn: the same for both. */
async function untilDrawn(
	page: Page,
	open: () => Promise<void>,
	isDrawn: (wanted: readonly [charts: number, lines: number]) => boolean,
): Promise<number> {
	const began = performance.now();
	await open();
	await page.waitForFunction(isDrawn, [5, 20] as const, { polling: "raf", timeout: 180_000 });
	return performance.now() - began;
}

header("Charts, 20 runs × 5 metrics");
for (const [name, store, target, rounds] of [
	["100,000 points each, SQLite", stores.sqlite, "≥ 10 ×, ≤ 1.5 s", 5],
	["2,000 points each, SQLite", small, "≥ 10 ×, ≤ 0.7 s", 5],
] as const) {
	const server = await mlflowServer(`sqlite:///${store}`);
	const gammaMs: number[] = [];
	const peerMs: number[] = [];
	const enough = endOfRounds(150_000);
	for (let round = 0; round <= rounds && !(gammaMs.length > 0 && enough()); round++) {
		const own = await gammaCharts(store);
		const other = await mlflowCharts(server.url, "1");
		if (own.charts !== 5 || other.charts !== 5)
			throw new Error(`Gamma drew ${own.charts} charts, the MLflow UI ${other.charts}, instead of 5`);
		// The first round warms both up.
		if (round === 0) continue;
		gammaMs.push(own.ms);
		peerMs.push(other.ms);
	}
	await server.stop();
	const [gamma, peer] = [timing(gammaMs), timing(peerMs)];
	row([
		roundsNoted(name, gammaMs.length, rounds),
		show(gamma),
		`MLflow UI ${show(peer)}`,
		`${(peer.medianMs / gamma.medianMs).toFixed(1)} ×`,
		target,
		"",
	]);
}
const folderMs: number[] = [];
for (let round = 0; round <= 5; round++) folderMs.push((await gammaCharts(stores.folder)).ms);
row([
	"100,000 points each, folder",
	show(timing(folderMs.slice(1))),
	"MLflow 3.17 serves no folder by default",
	"",
	"≤ 1.5 s",
	"",
]);
await browser.close();
process.exit(0);
