import type { Run } from "../../src/shared/run";

/** A finished run with nothing in it, changed where the test says. */
export function aRun(change: Partial<Run> = {}): Run {
	return {
		key: "store/run1",
		storeId: "store",
		id: "run1",
		name: "warm-fox-12",
		experimentId: "1",
		experimentName: "digits",
		experimentStage: "active",
		status: "FINISHED",
		lifecycleStage: "active",
		startTimeMs: 1_700_000_000_000,
		endTimeMs: 1_700_000_060_000,
		params: {},
		metrics: {},
		tags: {},
		artifactUri: "file:///store/run1/artifacts",
		parentRunId: null,
		commit: null,
		userId: "ada",
		lastSignMs: 1_700_000_060_000,
		problem: null,
		...change,
	};
}
