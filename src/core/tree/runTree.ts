import type { Run, RunKey } from "../../shared/run";
import type { Grouping } from "../runs/runChoices";
import { type CommitNames, type GroupName, groupOfRun } from "./groupOfRun";
import { nestRuns } from "./nestRuns";

export interface RunGroup extends GroupName {
	/** Runs directly in the group, in order; the rest are below them. */
	readonly roots: readonly Run[];
	/** Every run of the group, nested ones included. */
	readonly runs: readonly Run[];
	readonly runningCount: number;
}

export interface RunTree {
	readonly groups: readonly RunGroup[];
	readonly children: ReadonlyMap<RunKey, readonly Run[]>;
	readonly parents: ReadonlyMap<RunKey, RunKey>;
	readonly groupOf: ReadonlyMap<RunKey, RunGroup>;
}

const collator = new Intl.Collator("en", { numeric: true });

/**
 * Runs, in the order given, as groups of nested runs: every run exactly once. A run is put under its parent only where both
 * are in the same group. Groups by name keep their places while runs come and go; commits come newest run first.
 */
export function buildRunTree(runs: readonly Run[], grouping: Grouping, names: CommitNames): RunTree {
	const members = new Map<string, { name: GroupName; runs: Run[] }>();
	for (const run of runs) {
		const name = groupOfRun(run, grouping, names);
		const group = members.get(name.id);
		if (group) group.runs.push(run);
		else members.set(name.id, { name, runs: [run] });
	}
	const children = new Map<RunKey, readonly Run[]>();
	const parents = new Map<RunKey, RunKey>();
	const groupOf = new Map<RunKey, RunGroup>();
	const groups = [...members.values()].map(({ name, runs: own }): RunGroup => {
		const nested = nestRuns(own);
		for (const [key, below] of nested.children) children.set(key, below);
		for (const [key, parent] of nested.parents) parents.set(key, parent);
		const group: RunGroup = {
			...name,
			roots: nested.roots,
			runs: own,
			runningCount: own.reduce((count, run) => count + Number(run.status === "RUNNING"), 0),
		};
		for (const run of own) groupOf.set(run.key, group);
		return group;
	});
	return { groups: groups.sort(comparisonOf(grouping)), children, parents, groupOf };
}

function comparisonOf(grouping: Grouping): (a: RunGroup, b: RunGroup) => number {
	if (grouping === "commit") return (a, b) => a.rank - b.rank || newestStart(b) - newestStart(a);
	return (a, b) => a.rank - b.rank || collator.compare(a.label, b.label) || (a.id < b.id ? -1 : 1);
}

function newestStart(group: RunGroup): number {
	return group.runs.reduce((newest, run) => Math.max(newest, run.startTimeMs ?? 0), 0);
}
