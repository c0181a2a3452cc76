import { type Experiment, type Run, runStatuses } from "../../shared/run";
import { toRun } from "./runMeta";
import type { WireRun } from "./serverWire";

export function wireRunId({ info }: WireRun): string {
	return info.run_id ?? info.run_uuid ?? "";
}

/** A run as a server tells it. Status words MLflow does not know are a problem of that run, not of the answer. */
export function fromWireRun(storeId: string, wire: WireRun, experiment: Experiment | undefined): Run {
	const { info, data } = wire;
	const status = runStatuses.find((known) => known === info.status);
	const times = [info.start_time, info.end_time, ...data.metrics.map((metric) => metric.timestamp)];
	const newestMs = times.reduce<number>((newest, time) => Math.max(newest, time ?? 0), 0);
	return toRun({
		storeId,
		id: wireRunId(wire),
		experimentId: info.experiment_id,
		experimentName: experiment?.name ?? info.experiment_id,
		experimentStage: experiment?.lifecycleStage ?? "active",
		meta: {
			name: info.run_name ?? "",
			experimentId: info.experiment_id,
			status: status ?? "FAILED",
			lifecycleStage: info.lifecycle_stage,
			startTimeMs: info.start_time ?? null,
			// Older servers write 0 for a run that has not ended.
			endTimeMs: info.end_time || null,
			artifactUri: info.artifact_uri ?? null,
			userId: info.user_id ?? null,
		},
		params: Object.fromEntries(data.params.map(({ key, value }) => [key, value])),
		metrics: Object.fromEntries(data.metrics.map(({ key, value }) => [key, value])),
		tags: Object.fromEntries(data.tags.map(({ key, value }) => [key, value])),
		lastSignMs: newestMs === 0 ? null : newestMs,
		problem:
			status === undefined ? `The server gives the run the status ${info.status}, which MLflow does not know.` : null,
	});
}
