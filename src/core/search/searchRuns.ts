import type { Run } from "../../shared/run";
import type { RunSearch } from "../stores/trackingStore";
import { matchesFilter, parseFilter, type SearchDialect } from "./filter";

export type { SearchDialect } from "./filter";

/** Rejects with `search.syntax` where MLflow refuses the filter or an order. */
export function searchRuns(runs: Iterable<Run>, search: RunSearch, dialect: SearchDialect): Run[] {
	const filter = parseFilter(search.filter ?? "");
	return [...runs].filter((run) => matchesFilter(run, filter, dialect));
}
