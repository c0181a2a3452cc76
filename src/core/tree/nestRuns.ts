import { type Run, type RunKey, toRunKey } from "../../shared/run";

export interface NestedRuns {
	/** Runs without a parent among them, in the order given. */
	readonly roots: readonly Run[];
	readonly children: ReadonlyMap<RunKey, readonly Run[]>;
	readonly parents: ReadonlyMap<RunKey, RunKey>;
}

/**
 * Puts runs under their parents. A parent that is not among them is passed over; parents in a circle are cut open at the
 * first of them, so that every run comes exactly once.
 */
export function nestRuns(runs: readonly Run[]): NestedRuns {
	const present = new Set(runs.map((run) => run.key));
	const parents = new Map<RunKey, RunKey>();
	for (const run of runs) {
		if (run.parentRunId === null) continue;
		const parent = toRunKey(run.storeId, run.parentRunId);
		if (parent !== run.key && present.has(parent)) parents.set(run.key, parent);
	}
	cutCircles(runs, parents);
	const roots: Run[] = [];
	const children = new Map<RunKey, Run[]>();
	for (const run of runs) {
		const parent = parents.get(run.key);
		if (parent === undefined) {
			roots.push(run);
			continue;
		}
		const siblings = children.get(parent);
		if (siblings) siblings.push(run);
		else children.set(parent, [run]);
	}
	return { roots, children, parents };
}

function cutCircles(runs: readonly Run[], parents: Map<RunKey, RunKey>): void {
	const safe = new Set<RunKey>();
	for (const { key } of runs) {
		const path = new Set<RunKey>();
		let at: RunKey | undefined = key;
		while (at !== undefined && !safe.has(at)) {
			if (path.has(at)) {
				parents.delete(at);
				break;
			}
			path.add(at);
			at = parents.get(at);
		}
		for (const passed of path) safe.add(passed);
	}
}
