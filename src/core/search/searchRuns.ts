import type { Run } from "../../shared/run";
import type { RunSearch } from "../stores/trackingStore";
import type { SearchDialect } from "./comparison";
import { matchesFilter, parseFilter } from "./filter";
import { sortRuns } from "./orderBy";

export type { SearchDialect } from "./comparison";

/**
 * MLflow's search over runs already read. Throws `search.syntax` where MLflow refuses the filter or an order, also when there
 * is no run to compare.
 */
export function searchRuns(runs: Iterable<Run>, search: RunSearch, dialect: SearchDialect): Run[] {
	const filter = parseFilter(search.filter ?? "");
	const found: Run[] = [];
	for (const run of runs) {
		if (!isInView(run, search.view)) continue;
		if (search.experimentName !== undefined && run.experimentName !== search.experimentName) continue;
		if (matchesFilter(run, filter, dialect)) found.push(run);
	}
	const sorted = sortRuns(found, search.orderBy ?? [], dialect);
	return search.limit === undefined ? sorted : sorted.slice(0, search.limit);
}

function isInView(run: Run, view: RunSearch["view"]): boolean {
	switch (view) {
		case "all":
			return true;
		case "active":
			return run.lifecycleStage === "active" && run.experimentStage === "active";
		case "deleted":
			return run.lifecycleStage === "deleted";
	}
}
