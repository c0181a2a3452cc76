import { Emitter } from "../../src/core/emitter";
import { type ChoicesStorage, RunChoices } from "../../src/core/runs/runChoices";
import { RunModel } from "../../src/core/runs/runModel";
import type { LibraryChange, RunLibrary } from "../../src/core/stores/runLibrary";
import { GammaError } from "../../src/shared/errors";
import { type Run, type RunKey, type Series, type StoreSummary, toRunKey } from "../../src/shared/run";

/** A library whose runs are in memory: for what real stores will not do on demand (a run that comes just now, a slow history). */
export class MemoryLibrary implements RunLibrary {
	readonly #changed = new Emitter<LibraryChange>();
	readonly onDidChange = this.#changed.event;
	readonly histories = new Map<string, Series>();
	readonly asked: string[] = [];
	stores: readonly StoreSummary[] = [
		{ id: "s", kind: "mlflow-folder", uri: "/demo/mlruns", label: "mlruns", state: { kind: "ready", readAtMs: 0 } },
	];

	put(runs: readonly Run[], grown: LibraryChange["grown"] = []): void {
		this.#changed.fire({ stores: this.stores, upserted: runs, removed: [], grown });
	}

	remove(keys: readonly RunKey[]): void {
		this.#changed.fire({ stores: this.stores, upserted: [], removed: keys, grown: [] });
	}

	/** One value a step, from step 0. */
	setHistory(key: RunKey, metric: string, values: readonly number[]): void {
		this.histories.set(`${key} ${metric}`, {
			steps: Float64Array.from(values.keys()),
			values: Float64Array.from(values),
			timestampsMs: Float64Array.from(values.keys(), (step) => 1e12 + step * 1000),
		});
	}

	async history(key: RunKey, metric: string): Promise<Series> {
		this.asked.push(`${key} ${metric}`);
		await new Promise((done) => setTimeout(done, 1));
		const series = this.histories.get(`${key} ${metric}`);
		if (!series) throw new GammaError("metric.missing", `${key} has no metric ${metric}.`);
		return series;
	}

	refresh = async () => {};
	open = async () => this.stores;
	find = async () => ({ locations: [], problems: [], watched: [] });
	experiments = async () => [];
	chart = () => Promise.reject(new GammaError("run.missing", "No charts here."));
	artifacts = async () => [];
	readArtifact = () => Promise.reject(new GammaError("artifact.missing", "No artifacts here."));
	media = async () => [];
	readMedia = () => Promise.reject(new GammaError("artifact.missing", "No media here."));
	dispose(): void {}
}

export function memorySources(storage: ChoicesStorage = { get: () => undefined, set: () => {} }) {
	const library = new MemoryLibrary();
	const model = new RunModel(library);
	const choices = new RunChoices(storage);
	return { library, model, choices };
}

export function runWith(id: string, fields: Partial<Run> = {}): Run {
	return {
		key: toRunKey("s", id),
		storeId: "s",
		id,
		name: id,
		experimentId: "1",
		experimentName: "demo",
		experimentStage: "active",
		status: "FINISHED",
		lifecycleStage: "active",
		startTimeMs: 1_700_000_000_000,
		endTimeMs: 1_700_000_060_000,
		params: {},
		metrics: {},
		tags: {},
		artifactUri: null,
		parentRunId: null,
		commit: null,
		userId: null,
		lastSignMs: null,
		problem: null,
		...fields,
	};
}

const adjectives = "warm calm bold quiet swift amber lucid brisk mellow stark".split(" ");
const animals = "fox owl cat heron lynx otter wren ibex crane vole".split(" ");

/** Runs as a project has them: three seeds of each setting, some failed, one going on. */
export function projectRuns(count: number): Run[] {
	return Array.from({ length: count }, (_, i) => {
		const setting = Math.floor(i / 3);
		const name = `${adjectives[setting % 10]}-${animals[Math.floor(setting / 10) % 10]}-${i}`;
		const quality = 0.8 + ((setting * 37) % 100) / 700 + ((i % 3) - 1) * 0.002;
		return runWith(`r${String(i).padStart(5, "0")}`, {
			name,
			status: i === 0 ? "RUNNING" : i % 17 === 5 ? "FAILED" : "FINISHED",
			startTimeMs: 1_700_000_000_000 - i * 3_600_000,
			endTimeMs: i === 0 ? null : 1_700_000_000_000 - i * 3_600_000 + 60_000 * (1 + (i % 40)),
			params: {
				lr: ["0.1", "0.01", "0.001", "3e-4"][setting % 4] ?? "",
				batch_size: String(2 ** (4 + (setting % 5))),
				optimizer: ["adam", "sgd", "lion"][setting % 3] ?? "",
				depth: String(1 + (setting % 7)),
				note: `setting ${setting}`,
				seed: String(i % 3),
			},
			metrics: {
				"val/acc": quality,
				"val/loss": 1.2 - quality,
				"train/loss": 1.1 - quality,
				"system/gpu_utilization": 60 + (i % 30),
			},
			tags: { team: "vision", "mlflow.user": "ana" },
		});
	});
}
