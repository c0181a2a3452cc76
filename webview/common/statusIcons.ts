import type { RunStatus } from "../../src/shared/run";

export const statusIcons = {
	RUNNING: "sync",
	SCHEDULED: "circle-outline",
	FINISHED: "pass",
	FAILED: "error",
	KILLED: "circle-slash",
} as const satisfies Record<RunStatus, string>;
