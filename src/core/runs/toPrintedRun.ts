import type { Run } from "../../shared/run";

/** A run as the `gamma` command and the relay print it (architecture.md, section 5): these members, in this order. */
export function toPrintedRun(run: Run) {
	return {
		id: run.id,
		name: run.name,
		experimentId: run.experimentId,
		experimentName: run.experimentName,
		status: run.status,
		lifecycleStage: run.lifecycleStage,
		startTimeMs: run.startTimeMs,
		endTimeMs: run.endTimeMs,
		params: run.params,
		metrics: run.metrics,
		tags: run.tags,
		artifactUri: run.artifactUri,
		parentRunId: run.parentRunId,
		commit: run.commit,
	};
}
