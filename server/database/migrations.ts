import type { Migration } from "./migrate";
import ground from "./migrations/0001_ground.sql";
import workflowRuns from "./migrations/0002_workflow_runs.sql";
import whose from "./migrations/0003_whose.sql";
import summaryDiff from "./migrations/0004_summary_diff.sql";
import keptMessages from "./migrations/0005_kept_messages.sql";

/** In order. What has been released is never edited: a change is a new number. */
export const migrations: readonly Migration[] = [
	{ name: "0001_ground", sql: ground },
	{ name: "0002_workflow_runs", sql: workflowRuns },
	{ name: "0003_whose", sql: whose },
	{ name: "0004_summary_diff", sql: summaryDiff },
	{ name: "0005_kept_messages", sql: keptMessages },
];
