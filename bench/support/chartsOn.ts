import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { WorkerLibrary } from "../../src/adapters/library/workerLibrary";
import { silentLogger } from "../../src/core/logger";
import { RunChoices } from "../../src/core/runs/runChoices";
import { RunModel } from "../../src/core/runs/runModel";
import { chartsCalls } from "../../src/shared/panels/chartsPanel";
import { ChartsSnapshot } from "../../src/ui/panels/chartsSnapshot";
import { type PanelStage, setPanelStage } from "./panelStage";
import { root } from "./peers";

export interface Reading {
	readonly library: WorkerLibrary;
	readonly model: RunModel;
	readonly choices: RunChoices;
	dispose(): void;
}

/** The extension's own parts over one store: the library in its worker, the models, every run on the charts. */
export async function readStore(store: string): Promise<Reading> {
	const library = new WorkerLibrary({ workerPath: join(root, "dist", "libraryWorker.cjs"), logger: silentLogger });
	const model = new RunModel(library);
	const kept = new Map<string, unknown>();
	const choices = new RunChoices({ get: (key) => kept.get(key), set: (key, value) => kept.set(key, value) });
	await library.open([{ uri: store }]);
	await library.refresh();
	// A folder tells its runs first and what they logged after.
	while (![...model.snapshot.runs.values()].every((run) => Object.keys(run.metrics).length > 0)) {
		await new Promise((done) => setTimeout(done, 10));
	}
	choices.setChecked([...model.snapshot.runs.keys()], true);
	return {
		library,
		model,
		choices,
		dispose: () => {
			model.dispose();
			library.dispose();
		},
	};
}

/** The charts panel, set up and not opened yet, fed as the extension feeds it. */
export async function setChartsStage(browser: Browser, { library, model, choices }: Reading): Promise<PanelStage> {
	const snapshot = new ChartsSnapshot(model, choices);
	const stage = await setPanelStage({
		browser,
		panel: "charts",
		width: 1400,
		height: 900,
		calls: chartsCalls,
		state: () => snapshot.state(Date.now(), null),
		handlers: {
			chart: (query, signal) => library.chart(query, signal),
			values: () => snapshot.values(),
			save: () => false,
			exportCsv: () => false,
			exportAllCsv: () => false,
			checkNewest: () => {},
			uncheck: () => {},
			baseline: () => {},
			openRun: () => {},
			showRuns: () => {},
			policySteps: () => [],
			openPolicy: () => {},
			askAbout: () => {},
			copyLink: () => {},
		},
	});
	// As ui/panels/panel.ts does: whole snapshots, at most every 100 ms.
	let lastSentMs = 0;
	let timer: NodeJS.Timeout | undefined;
	model.onDidChange((change) => {
		if (!snapshot.apply(change) || timer !== undefined) return;
		timer = setTimeout(
			() => {
				timer = undefined;
				lastSentMs = Date.now();
				void stage.show(snapshot.state(Date.now(), null)).catch(() => {});
			},
			Math.max(0, lastSentMs + 100 - Date.now()),
		);
	});
	return stage;
}

/** Marks the newest run of a folder store as still training and answers where it writes the metric. */
export function openMetricFile(store: string, metric: string): string {
	const experiment = readdirSync(store).find((name) => /^[1-9]\d+$/.test(name)) ?? "";
	const runs = readdirSync(join(store, experiment)).filter((name) => /^[0-9a-f]{32}$/.test(name));
	const run = join(store, experiment, runs[0] ?? "");
	const meta = join(run, "meta.yaml");
	writeFileSync(
		meta,
		readFileSync(meta, "utf8")
			.replace("status: 3", "status: 1")
			.replace(/end_time: \d+/, "end_time: null"),
	);
	return join(run, "metrics", metric);
}

/** Starts to look at a chart's picture now; resolves once a pixel of it changed. */
export async function nextChange({ page }: PanelStage, metric: string): Promise<() => Promise<void>> {
	await page.evaluate((name) => {
		const find = (within: Document | ShadowRoot): HTMLCanvasElement[] =>
			[...within.querySelectorAll("*")].flatMap((element) => [
				...(element instanceof HTMLCanvasElement && element.getAttribute("aria-label")?.includes(name)
					? [element]
					: []),
				...(element.shadowRoot ? find(element.shadowRoot) : []),
			]);
		const canvas = find(document)[0];
		if (!canvas) throw new Error(`no chart of ${name}`);
		const picture = () => {
			const context = canvas.getContext("2d");
			const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
			let hash = 0;
			for (let i = 0; i < pixels.length; i += 4)
				hash = (Math.imul(hash, 31) + (pixels[i] ?? 0) + (pixels[i + 3] ?? 0)) | 0;
			return hash;
		};
		const before = picture();
		const scope = globalThis as unknown as { changed: Promise<void> };
		scope.changed = new Promise((done) => {
			const look = () => (picture() === before ? requestAnimationFrame(look) : done());
			requestAnimationFrame(look);
		});
	}, metric);
	return async () => {
		await page.evaluate(() => (globalThis as unknown as { changed: Promise<void> }).changed);
	};
}
