import { type Run, toRunKey } from "../../../../src/shared/run";

/** A sound finished run; a test says what is special about its own. */
export function aRun(id: string, special: Partial<Run> = {}): Run {
	const storeId = special.storeId ?? "store";
	return {
		key: toRunKey(storeId, id),
		storeId,
		id,
		name: id,
		experimentId: "1",
		experimentName: "sweep",
		experimentStage: "active",
		status: "FINISHED",
		lifecycleStage: "active",
		startTimeMs: 1_000_000,
		endTimeMs: 1_060_000,
		params: {},
		metrics: {},
		tags: {},
		artifactUri: null,
		parentRunId: null,
		commit: null,
		userId: null,
		lastSignMs: null,
		problem: null,
		...special,
	};
}
