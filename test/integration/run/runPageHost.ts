import type { Browser } from "playwright-core";
import type { Handlers } from "../../../src/shared/call";
import { GammaError } from "../../../src/shared/errors";
import { type MetricSummary, type RunPageRun, type RunPageState, runCalls } from "../../../src/shared/panels/runPanel";
import type { Preview } from "../../../src/shared/preview";
import type { ArtifactEntry } from "../../../src/shared/run";
import { openPanelPage, type PanelPage, type Theme } from "../../support/panelPage";

export const nowMs = 1_700_000_600_000;

/** A finished run with a bit of everything. */
export function aPageRun(change: Partial<RunPageRun> = {}): RunPageRun {
	return {
		name: "warm-fox-12",
		id: "0b5e8cf1a2b34c5d",
		status: "FINISHED",
		lifecycleStage: "active",
		experimentName: "digits/lr-sweep",
		startTimeMs: nowMs - 4_000_000,
		endTimeMs: nowMs - 100_000,
		lastSignMs: nowMs - 100_000,
		userId: "ada",
		commit: "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678",
		branch: "models/lr-sweep",
		job: null,
		artifactUri: "s3://bucket/1/0b5e8cf1a2b34c5d/artifacts",
		problem: null,
		store: { kind: "mlflow-sqlite", label: "mlflow.db", uri: "/home/ada/digits/mlflow.db", problem: null },
		metrics: [
			["lr", 0.00034],
			["train/acc", 0.9843],
			["train/loss", 0.0421],
			["val/acc", 0.9132],
			["val/loss", 0.2817],
		],
		growth: 0,
		params: [value("batch_size", "64"), value("lr", "0.001"), value("model.width", "128"), value("optimizer", "adamw")],
		tags: [value("team", "vision"), value("mlflow.source.name", "train.py"), value("mlflow.user", "ada")],
		note: null,
		failure: null,
		parent: null,
		children: [],
		childCount: 0,
		colour: 0,
		isBaseline: false,
		baseline: { key: "store/base", name: "calm-owl-11", status: "FINISHED" },
		hasGit: true,
		hasUncommittedDiff: false,
		...change,
	};
}

export function value(name: string, text: string, length = text.length) {
	return { name, value: text, length };
}

export function aState(change: Partial<RunPageRun> = {}, rest: Partial<RunPageState> = {}): RunPageState {
	return { key: "store/run1", hostNowMs: nowMs, run: aPageRun(change), isReading: false, ...rest };
}

export interface FakeRun {
	readonly folders?: Record<string, readonly ArtifactEntry[]>;
	readonly previews?: Record<string, Preview>;
	readonly handlers?: Partial<Handlers<typeof runCalls>>;
}

export const file = (path: string, sizeBytes: number | null = 1234): ArtifactEntry => ({
	path,
	isDir: false,
	sizeBytes,
});
export const folder = (path: string): ArtifactEntry => ({ path, isDir: true, sizeBytes: null });

/** A curve that falls or rises, the same every time. */
export function aCurve(name: string, points = 120): MetricSummary {
	const x = Float64Array.from({ length: points }, (_, i) => i * 10);
	const falls = /loss|lr/.test(name);
	const y = x.map((step, i) => (falls ? Math.exp(-step / 400) : 1 - Math.exp(-step / 400)) + 0.03 * Math.sin(i * 1.7));
	const at = (value: number) => ({ value, step: x[y.indexOf(value)] ?? 0 });
	return { name, min: at(Math.min(...y)), max: at(Math.max(...y)), points: 1200, x, y, breaks: [], problem: null };
}

export interface RunPageUnderTest extends PanelPage {
	/** Calls that reached the host, in order: `act openCharts`. */
	readonly asked: string[];
}

/** The page's own bundle in Chromium, with a host that answers like the extension. */
export async function openRunPage(
	browser: Browser,
	state: RunPageState | undefined,
	fake: FakeRun = {},
	view: { theme?: Theme; width?: number; height?: number; kept?: unknown } = {},
): Promise<RunPageUnderTest> {
	const asked: string[] = [];
	const told =
		<P, R>(name: string, answer: (params: P, signal: AbortSignal) => R) =>
		(params: P, signal: AbortSignal) => {
			asked.push(`${name} ${JSON.stringify(params)}`);
			return answer(params, signal);
		};
	const missing = (path: string): never => {
		throw new GammaError("artifact.missing", `There is no artifact ${path}.`);
	};
	const handlers: Handlers<typeof runCalls> = {
		metrics: told("metrics", ({ names }) => names.map((name) => aCurve(name))),
		value: told("value", ({ name }) => `whole ${name}`),
		artifacts: told("artifacts", ({ path }) => fake.folders?.[path] ?? missing(path)),
		preview: told("preview", ({ path }) => fake.previews?.[path] ?? missing(path)),
		download: told("download", () => {}),
		media: told("media", () => []),
		readMedia: told("readMedia", () => missing("media")),
		act: told("act", () => {}),
		openRun: told("openRun", () => {}),
		openJob: told("openJob", () => {}),
		...fake.handlers,
	};
	const opened = await openPanelPage({ browser, panel: "run", calls: runCalls, handlers, state, ...view });
	return Object.assign(opened, { asked });
}
