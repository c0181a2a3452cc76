import type { RunDelta, TrackingStore } from "../../src/core/stores/trackingStore";
import { GammaError } from "../../src/shared/errors";
import type { Run, Series } from "../../src/shared/run";

export function runOf(storeId: string, id: string, change: Partial<Run> = {}): Run {
	return {
		key: `${storeId}/${id}`,
		storeId,
		id,
		name: id,
		experimentId: "0",
		experimentName: "Default",
		experimentStage: "active",
		status: "FINISHED",
		lifecycleStage: "active",
		startTimeMs: null,
		endTimeMs: null,
		params: {},
		metrics: {},
		tags: {},
		artifactUri: null,
		parentRunId: null,
		commit: null,
		userId: null,
		lastSignMs: null,
		problem: null,
		...change,
	};
}

export const deltaOf = (change: Partial<RunDelta>): RunDelta => ({ upserted: [], removed: [], grown: [], ...change });

/** A store that does what reality will not do on demand: fails, hangs, hints a hundred times at once. */
export class ScriptedStore implements TrackingStore {
	readonly kind = "mlflow-folder";
	readonly label = "scripted";
	refreshes = 0;
	isDisposed = false;
	hint: () => void = () => {};
	histories = new Map<string, Series>();

	constructor(
		readonly id: string,
		/** What the n-th refresh yields; it may throw, or wait. */
		private readonly script: (refresh: number, signal: AbortSignal | undefined) => AsyncIterable<RunDelta>,
		readonly uri = `/${id}`,
	) {}

	async *refresh(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		yield* this.script(this.refreshes++, signal);
	}
	async history(runId: string, metric: string, signal?: AbortSignal): Promise<Series> {
		signal?.throwIfAborted();
		const series = this.histories.get(`${runId} ${metric}`);
		if (!series) throw new GammaError("metric.missing", `Run ${runId} has no metric ${metric}.`);
		return series;
	}
	watch(onHint: () => void) {
		this.hint = onHint;
		return {
			dispose: () => {
				this.hint = () => {};
			},
		};
	}
	dispose(): void {
		this.isDisposed = true;
	}
	run = unscripted;
	experiments = unscripted;
	search = unscripted;
	artifacts = unscripted;
	readArtifact = unscripted;
	media = unscripted;
	readMedia = unscripted;
}

async function unscripted(): Promise<never> {
	throw new GammaError("unexpected", "The script does not say.");
}
