import { GammaError } from "../../shared/errors";
import type { TableSort } from "../../shared/panels/tableLayout";
import type { TableState } from "../../shared/panels/tablePanel";
import type { Run, RunKey, StoreSummary } from "../../shared/run";
import type { RunChoicesState } from "../runs/runChoices";
import { isActive } from "../runs/runState";
import { type Filter, matchesFilter, parseFilter } from "../search/filter";
import { dialectOf } from "../tree/selectRuns";
import { type ArrangedRow, type ArrangedTable, arrangeRows } from "./arrangeRows";
import type { MetricHistories } from "./metricHistories";
import { sortsOf, toRowSorts } from "./tableSorts";

/** A candidate order is made at most this often while runs come in: with 10,000 runs it costs tens of milliseconds. */
const compareEveryMs = 1000;

export interface FilterEntry {
	readonly text: string;
	readonly filter: Filter | null;
	readonly problem: string | null;
}

/** A filter's meaning, or why it has none. */
export function understand(text: string): FilterEntry {
	try {
		return { text, filter: parseFilter(text), problem: null };
	} catch (error) {
		if (!GammaError.is(error, "search.syntax")) throw error;
		return { text, filter: null, problem: error.message };
	}
}

export interface OrderSources {
	readonly runs: ReadonlyMap<RunKey, Run>;
	readonly stores: readonly StoreSummary[];
	readonly choices: RunChoicesState;
	readonly toggled: ReadonlySet<string>;
	readonly histories: MetricHistories;
}

/** The order of the table's rows: it stays as it is while runs come and change, until it is renewed. */
export class TableOrder {
	#table: ArrangedTable = { rows: [], topCount: 0, matching: 0 };
	#revision = 0;
	#places: ReadonlyMap<string, number> | null = null;
	#isStale = true;
	#waiting: TableState["waiting"] = null;
	#comparedAtMs = 0;

	constructor(
		private readonly sources: () => OrderSources,
		private readonly now: () => number,
	) {}

	get table(): ArrangedTable {
		return this.#table;
	}

	get revision(): number {
		return this.#revision;
	}

	placeOf(id: string): number | null {
		this.#places ??= new Map(this.#table.rows.map((row, place) => [row.id, place]));
		return this.#places.get(id) ?? null;
	}

	/** Something changed that may change the order. */
	markStale(): void {
		this.#isStale = true;
	}

	/** Makes the order anew. */
	renew(): void {
		this.#adopt(this.#arrange());
		this.#isStale = false;
		this.#waiting = null;
	}

	/** What a renewal would bring; true in `later` when it is not yet known again and is worth asking for. */
	waiting(): { readonly waiting: TableState["waiting"]; readonly laterMs: number | null } {
		if (!this.#isStale) return { waiting: this.#waiting, laterMs: null };
		const restMs = this.#comparedAtMs + compareEveryMs - this.now();
		if (restMs > 0) return { waiting: this.#waiting, laterMs: restMs };
		this.#comparedAtMs = this.now();
		this.#isStale = false;
		this.#waiting = difference(this.#table.rows, this.#arrange().rows);
		return { waiting: this.#waiting, laterMs: null };
	}

	#adopt(table: ArrangedTable): void {
		this.#table = table;
		this.#places = null;
		this.#revision++;
	}

	#arrange(): ArrangedTable {
		const { runs, stores, choices, toggled, histories } = this.sources();
		const filters = choices.filters.flatMap((text) => understand(text).filter ?? []);
		const kinds = new Map(stores.map((store) => [store.id, store.kind]));
		const isShown = (run: Run) =>
			(choices.showDeleted || isActive(run)) && matchesFilter(run, filters, dialectOf(kinds.get(run.storeId)));
		const sorts: readonly TableSort[] = sortsOf(choices);
		return arrangeRows(runs, {
			arrangement: choices.table?.arrangement ?? "flat",
			sorts: toRowSorts(sorts, histories, this.now()),
			toggled,
			top: topOf(choices),
			isShown,
		});
	}
}

/** The baseline first, then the pinned runs. */
export function topOf({ baseline, pinned }: RunChoicesState): readonly RunKey[] {
	return [...new Set([...(baseline === null ? [] : [baseline]), ...pinned])];
}

function difference(shown: readonly ArrangedRow[], wanted: readonly ArrangedRow[]): TableState["waiting"] {
	const known = new Set(shown.flatMap((row) => row.runs.map((run) => run.key)));
	const found = new Set(wanted.flatMap((row) => row.runs.map((run) => run.key)));
	const newRuns = [...found].filter((key) => !known.has(key)).length;
	// Rows that stay: has their order changed, or did one leave?
	const before = shown.map((row) => row.id);
	const knownIds = new Set(before);
	const after = wanted.map((row) => row.id).filter((id) => knownIds.has(id));
	const otherOrder = after.length !== before.length || after.some((id, place) => id !== before[place]);
	return newRuns > 0 || otherOrder ? { newRuns, otherOrder } : null;
}
