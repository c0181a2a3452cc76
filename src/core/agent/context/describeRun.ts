import type { Run } from "../../../shared/run";

/** A run as the model reads it: what it is, its params, and the last value of each metric. */
export function describeRun(run: Run): string {
	return JSON.stringify(
		{
			...{ name: run.name, id: run.id, experiment: run.experimentName, status: run.status, commit: run.commit },
			startedAt: run.startTimeMs === null ? null : new Date(run.startTimeMs).toISOString(),
			endedAt: run.endTimeMs === null ? null : new Date(run.endTimeMs).toISOString(),
			params: run.params,
			lastMetrics: Object.fromEntries(
				Object.entries(run.metrics).map(([key, value]) => [key, Number.isFinite(value) ? value : String(value)]),
			),
			problem: run.problem ?? undefined,
		},
		null,
		1,
	);
}
