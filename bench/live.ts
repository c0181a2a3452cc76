// From a metric written to disk to a pixel moved: a line is appended to a run's metric file, the library's worker reads it,
// the charts panel (its own bundle, in Chromium) asks for the chart anew and draws it. Measured until the canvas differs.
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "../test/support/chromium";
import { nextChange, openMetricFile, readStore, setChartsStage } from "./support/chartsOn";
import { benchStore } from "./support/peers";
import { header, row } from "./support/rounds";

const source = benchStore("live-5", "make_mlflow.py", (at) => ["folder", at, "5", "5", "500"]);
const folder = mkdtempSync(join(tmpdir(), "gamma-live-"));
const store = join(folder, "mlruns");
cpSync(source, store, { recursive: true });
const file = openMetricFile(store, "metric_0");

const browser = await launchChromium();
const reading = await readStore(store);
const panel = await setChartsStage(browser, reading);
await panel.open();
await panel.page.getByRole("img", { name: /metric_0/ }).waitFor();
await new Promise((done) => setTimeout(done, 3000));

const delaysMs: number[] = [];
for (let point = 0; point < 60; point++) {
	await new Promise((done) => setTimeout(done, 150 + (point % 7) * 37));
	const changed = await nextChange(panel, "metric_0");
	const began = performance.now();
	appendFileSync(file, `${Date.now()} ${Math.sin(point) * 3} ${500 + point}\n`);
	await changed();
	delaysMs.push(performance.now() - began);
}
await panel.close();
await browser.close();
reading.dispose();
rmSync(folder, { recursive: true });

const sorted = delaysMs.sort((a, b) => a - b);
const at = (share: number) =>
	`${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)} ms`;
header("Live");
row(["metric written → pixel moved, 60 points", `p50 ${at(0.5)}, p95 ${at(0.95)}`, "", "", "p95 ≤ 250 ms", ""]);
process.exit(0);
