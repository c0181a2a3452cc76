import { assertNever } from "../../shared/errors";
import type { Run } from "../../shared/run";
import type { Grouping } from "../runs/runChoices";

/** What git knows about a run's commit; nothing when there is no repository. */
export interface CommitNames {
	/** The branch a commit belongs to, `models/*` before others. */
	branchOf(run: Run): string | null;
	subjectOf(commit: string): string | null;
}

export const noCommitNames: CommitNames = {
	branchOf: (run) => run.tags["mlflow.source.git.branch"] ?? null,
	subjectOf: () => null,
};

export interface GroupName {
	/** Unique among the groups of a tree, the same from one tree to the next. */
	readonly id: string;
	readonly label: string;
	/** Said beside the label: a commit's subject. */
	readonly detail: string;
	/** Order among groups: rank first, then label. */
	readonly rank: number;
}

const statusGroups = {
	RUNNING: { label: "Running", rank: 0 },
	SCHEDULED: { label: "Scheduled", rank: 1 },
	FAILED: { label: "Failed", rank: 2 },
	KILLED: { label: "Killed", rank: 3 },
	FINISHED: { label: "Finished", rank: 4 },
} as const;

export function groupOfRun(run: Run, grouping: Grouping, names: CommitNames): GroupName {
	switch (grouping) {
		case "experiment":
			return named(`${run.storeId}/${run.experimentId}`, run.experimentName);
		case "branch": {
			const branch = names.branchOf(run);
			return branch === null ? last("No branch known") : named(branch, branch);
		}
		case "commit":
			return run.commit === null
				? last("No commit")
				: { ...named(run.commit, run.commit.slice(0, 7)), detail: names.subjectOf(run.commit) ?? "" };
		case "status":
			return { ...named(run.status, statusGroups[run.status].label), rank: statusGroups[run.status].rank };
		default:
			return assertNever(grouping);
	}
}

function named(id: string, label: string): GroupName {
	return { id, label, detail: "", rank: 0 };
}

/** Behind every named group. Its id can be no branch (a name of one holds no colon) and no commit. */
function last(label: string): GroupName {
	return { id: ":none", label, detail: "", rank: 1 };
}
