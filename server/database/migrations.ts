import type { Migration } from "./migrate";
import ground from "./migrations/0001_ground.sql";
import workflowRuns from "./migrations/0002_workflow_runs.sql";
import whose from "./migrations/0003_whose.sql";
import summaryDiff from "./migrations/0004_summary_diff.sql";
import keptMessages from "./migrations/0005_kept_messages.sql";
import redeliveries from "./migrations/0006_redeliveries.sql";

/**
 * In order. What has been released is never edited: a change is a new number. What takes something away comes in two releases
 * (server/README.md, "Migrations"), so that a deployment can go back.
 */
export const migrations: readonly Migration[] = [
	{ name: "0001_ground", sql: ground, oldestRelay: "0001_ground" },
	{ name: "0002_workflow_runs", sql: workflowRuns, oldestRelay: "0001_ground" },
	{ name: "0003_whose", sql: whose, oldestRelay: "0001_ground" },
	{ name: "0004_summary_diff", sql: summaryDiff, oldestRelay: "0003_whose" },
	{ name: "0005_kept_messages", sql: keptMessages, oldestRelay: "0003_whose" },
	{ name: "0006_redeliveries", sql: redeliveries, oldestRelay: "0003_whose" },
];
