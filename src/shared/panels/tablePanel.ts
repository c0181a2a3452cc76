import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import type { RunKey } from "../run";
import { type Arrangement, columnChoice, type Statistic, statistics, tableLayout, tableSort } from "./tableLayout";

/** Runs table: what the panel may ask its host. Rows go by number in one `revision` of the order. */

export interface TableColumn {
	readonly id: string;
	readonly by: string;
	readonly kind: "attribute" | "metric" | "param" | "tag";
	readonly statistic: Statistic;
	readonly step: number | null;
	/** Without its kind: `val/acc`, `started`. */
	readonly label: string;
	/** The whole of it, for tooltips and screen readers: `metric val/acc, maximum`. */
	readonly description: string;
	/** The change of the column before it from the baseline; it moves with that one and has no place of its own. */
	readonly isChange: boolean;
	readonly isNumeric: boolean;
	readonly width: number;
	readonly sort: { readonly place: number; readonly descending: boolean } | null;
}

export type Verdict = "better" | "worse" | "within noise" | "same";

export interface TableCell {
	readonly text: string;
	/** More than fits: full digits, the step of a minimum, "3 values". Null when the text says it all. */
	readonly title: string | null;
	readonly verdict: Verdict | null;
	/** A history is being read for it. */
	readonly isPending: boolean;
}

/** As `RunState` in src/core/runs/runState.ts. */
export type RowState = "running" | "silent" | "scheduled" | "finished" | "failed" | "killed" | "damaged";

export interface TableRow {
	/** The run's key, or the id of a group of seeds. */
	readonly id: string;
	/** The run, or every run of the group. */
	readonly keys: readonly RunKey[];
	readonly kind: "run" | "seeds";
	readonly name: string;
	readonly level: number;
	/** Null where there is nothing to expand. */
	readonly isExpanded: boolean | null;
	/** Of a group: its most urgent one. */
	readonly state: RowState;
	/** The state in words, with ages; of a group, how many are in which. */
	readonly stateWords: string;
	readonly isDeleted: boolean;
	/** No longer in its store; it leaves the table with the next change of order. */
	readonly isGone: boolean;
	readonly isPinned: boolean;
	readonly isBaseline: boolean;
	readonly checked: "all" | "some" | "none";
	/** Slot of the run's colour; null for a group. */
	readonly colour: number | null;
	readonly problem: string | null;
	/** The asked columns, in order. */
	readonly cells: readonly TableCell[];
}

export interface TableRows {
	readonly revision: number;
	readonly from: number;
	readonly firstColumn: number;
	readonly rows: readonly TableRow[];
}

/** Why there are no rows; each has one remedy. */
export type TableEmptiness =
	| { readonly kind: "no-store" }
	| { readonly kind: "reading"; readonly stores: string }
	| { readonly kind: "failed"; readonly store: string; readonly message: string }
	| { readonly kind: "no-run" }
	| { readonly kind: "all-deleted"; readonly count: number }
	| { readonly kind: "all-filtered"; readonly count: number };

export interface TableState {
	/** Changes when the order of the rows does. */
	readonly revision: number;
	/** Changes when anything a row shows may have changed. */
	readonly version: number;
	readonly rowCount: number;
	/** Rows at the top that stay there: the baseline and the pinned runs. */
	readonly topCount: number;
	readonly matchingRuns: number;
	readonly totalRuns: number;
	readonly checkedRuns: number;
	readonly columns: readonly TableColumn[];
	readonly nameWidth: number;
	readonly nameSort: TableColumn["sort"];
	readonly arrangement: Arrangement;
	readonly showChange: boolean;
	readonly sorts: readonly { readonly column: string; readonly label: string; readonly descending: boolean }[];
	/** `problem`: why this filter is not applied. */
	readonly filters: readonly { readonly text: string; readonly problem: string | null }[];
	readonly showDeleted: boolean;
	readonly baseline: { readonly key: RunKey; readonly name: string } | null;
	/** What came in since the order was made; null when it is up to date. */
	readonly waiting: { readonly newRuns: number; readonly otherOrder: boolean } | null;
	/** Histories still to be read before the table is sorted as asked. */
	readonly historiesToRead: number;
	/** A store is still being read for the first time. */
	readonly isReading: boolean;
	readonly emptiness: TableEmptiness | null;
}

export interface FilterCheck {
	/** The whole sentence, with the place; null when the filter is understood. */
	readonly problem: string | null;
	/** Runs that this filter and those already set leave. */
	readonly matching: number;
	readonly total: number;
	/** A filter that finds the same words in names, where the text is not a filter. */
	readonly nameFilter: string | null;
}

export interface CatalogueColumn {
	readonly by: string;
	readonly kind: TableColumn["kind"];
	readonly label: string;
	/** Runs that have it. */
	readonly runs: number;
}

const rowRange = { revision: z.number(), from: z.number(), to: z.number() };
const keys = z.array(z.string());

export const tableCalls = {
	/** Rows `from` to before `to`, with the columns `firstColumn` to before `endColumn`. */
	rows: method(z.object({ ...rowRange, firstColumn: z.number(), endColumn: z.number() }))<TableRows>(),
	/** What is on screen, rows as in `rows`: its histories are read, those of what was on screen before wait. */
	look: method(
		z.object({ ranges: z.array(z.tuple([z.number(), z.number()])), firstColumn: z.number(), endColumn: z.number() }),
	)<void>(),
	/** The ids of a range of rows: for selecting what is not on screen. */
	ids: method(z.object(rowRange))<readonly string[]>(),
	/** Where a row is now; null when it is nowhere. */
	placeOf: method(z.object({ id: z.string() }))<number | null>(),
	/** Brings the order up to date. */
	takeIn: method(nothing)<void>(),
	setSorts: method(z.object({ sorts: z.array(tableSort) }))<void>(),
	/** One of them away, counted from what is set now: a second click may come before the first is on screen. */
	removeSort: method(z.object({ column: z.string() }))<void>(),
	removeFilter: method(z.object({ text: z.string() }))<void>(),
	setFilters: method(z.object({ filters: z.array(z.string()) }))<void>(),
	checkFilter: method(z.object({ text: z.string() }))<FilterCheck>(),
	complete: method(z.object({ text: z.string(), caret: z.number() }))<{
		readonly from: number;
		readonly options: readonly { readonly text: string; readonly detail: string }[];
	}>(),
	/** Everything that can be a column. */
	catalogue: method(nothing)<readonly CatalogueColumn[]>(),
	/** Puts these columns on the table, in this order; null: chosen from what the runs have. */
	setColumns: method(z.object({ columns: z.nullable(z.array(columnChoice)) }))<void>(),
	/** Adds a metric's statistic beside the columns there are. */
	addColumn: method(z.object({ by: z.string(), statistic: z.enum(statistics), step: z.optional(z.number()) }))<void>(),
	arrange: method(z.partial(z.pick(tableLayout, { nameWidth: true, arrangement: true, showChange: true })))<void>(),
	setShowDeleted: method(z.object({ showDeleted: z.boolean() }))<void>(),
	/** Ids of rows: a group stands for its runs. */
	setChecked: method(z.object({ ids: keys, checked: z.boolean() }))<void>(),
	setPinned: method(z.object({ ids: keys, pinned: z.boolean() }))<void>(),
	setBaseline: method(z.object({ key: z.nullable(z.string()) }))<void>(),
	setExpanded: method(z.object({ ids: z.nullable(keys), expanded: z.boolean() }))<void>(),
	/** The rows with the shown columns, as text for the clipboard; `ids`: the runs' ids, one a line. */
	copyText: method(z.object({ ids: keys, format: z.enum(["ids", "csv", "markdown"]) }))<string>(),
	openRun: method(z.object({ id: z.string() }))<void>(),
	/** Empty: the charts as they are. */
	openCharts: method(z.object({ ids: keys }))<void>(),
	compare: method(z.object({ ids: keys }))<void>(),
	/** Of the two runs of these rows. */
	askWhy: method(z.object({ ids: keys }))<void>(),
	refresh: method(nothing)<void>(),
	openSettings: method(nothing)<void>(),
} satisfies Contract;
