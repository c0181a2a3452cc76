import { GammaError } from "../../shared/errors";
import type { Run, StoreKind } from "../../shared/run";
import type { RunChoicesState, SortOrder } from "../runs/runChoices";
import { isActive } from "../runs/runState";
import { type Filter, matchesFilter, parseFilter, type SearchDialect } from "../search/filter";
import { compareNewestFirst, sortRuns } from "../search/orderBy";

export type RunSelectionChoices = Pick<RunChoicesState, "filters" | "sorts" | "showDeleted">;

export interface RunSelection {
	readonly runs: readonly Run[];
	/** Runs that no filter was asked about, to tell "no runs" from "none that fits". */
	readonly candidateCount: number;
	/** Filters and sorts that are not understood (kept from another version, edited by hand); they are left out. */
	readonly problems: ReadonlyMap<string, string>;
}

/** The runs that the chosen filters let through, in the chosen order, newest first where none is chosen. */
export function selectRuns(
	runs: Iterable<Run>,
	choices: RunSelectionChoices,
	kindOf: (storeId: string) => StoreKind | undefined,
): RunSelection {
	const problems = new Map<string, string>();
	const filters = choices.filters
		.map((text) => understood(text, problems, () => parseFilter(text)))
		.filter((filter): filter is Filter => filter !== undefined);
	let candidateCount = 0;
	const passed: Run[] = [];
	for (const run of runs) {
		if (!choices.showDeleted && !isActive(run)) continue;
		candidateCount++;
		const dialect = dialectOf(kindOf(run.storeId));
		if (filters.every((filter) => matchesFilter(run, filter, dialect))) passed.push(run);
	}
	const orders = choices.sorts
		.map(toOrderBy)
		.filter((order) => understood(order, problems, () => sortRuns([], [order], "file")) !== undefined);
	const sorted = orders.length === 0 ? passed.sort(compareNewestFirst) : sortRuns(passed, orders, "file");
	return { runs: sorted, candidateCount, problems };
}

/** A sort in MLflow's `order_by` syntax: `` metrics.`val/acc` DESC ``. */
export function toOrderBy({ by, descending }: SortOrder): string {
	const dot = by.indexOf(".");
	return `${by.slice(0, dot + 1)}\`${by.slice(dot + 1)}\` ${descending ? "DESC" : "ASC"}`;
}

export function dialectOf(kind: StoreKind | undefined): SearchDialect {
	return kind === "mlflow-sqlite" || kind === "mlflow-server" ? "sql" : "file";
}

function understood<T>(text: string, problems: Map<string, string>, parse: () => T): T | undefined {
	try {
		return parse();
	} catch (error) {
		if (!GammaError.is(error, "search.syntax")) throw error;
		problems.set(text, error.message);
		return undefined;
	}
}
