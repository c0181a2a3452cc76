import type { Command } from "commander";
import { metricMissing } from "../core/runs/metricMissing";
import type { TrackingStore } from "../core/stores/trackingStore";
import { formatTimeInFull } from "../core/table/formatValue";
import { GammaError } from "../shared/errors";
import type { Series } from "../shared/run";
import { fromRunsStore, withStores } from "./openStores";
import { withStoreOptions } from "./storeOption";
import type { Terminal } from "./terminal";

interface MetricOptions {
	readonly store?: string;
	readonly json?: boolean;
}

export function addMetric(gamma: Command, terminal: Terminal): void {
	withStoreOptions(gamma.command("metric"))
		.description("Prints every point of one metric, ordered by time, step and value as MLflow orders them.")
		.argument("<run-id>")
		.argument("<key>", "the metric, e.g. val/loss")
		.action((runId: string, key: string, options: MetricOptions) =>
			withStores(options, async (stores) => {
				const series = await fromRunsStore(stores, runId, (store) => historyOf(store, runId, key));
				const steps = Array.from(series.steps);
				const values = Array.from(series.values);
				const timestampsMs = Array.from(series.timestampsMs);
				if (options.json) terminal.writeJson({ key, steps, values, timestampsMs });
				else {
					terminal.writeTable(
						["STEP", "VALUE", "TIME"],
						steps.map((step, i) => [String(step), String(values[i]), formatTimeInFull(timestampsMs[i] ?? Number.NaN)]),
					);
				}
			}),
		);
}

/** Whoever mistypes a metric is told those there are. */
async function historyOf(store: TrackingStore, runId: string, key: string): Promise<Series> {
	try {
		return await store.history(runId, key);
	} catch (error) {
		if (!GammaError.is(error, "metric.missing")) throw error;
		throw metricMissing(runId, key, Object.keys((await store.run(runId)).metrics));
	}
}
