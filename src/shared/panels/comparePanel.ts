import * as z from "zod/mini";
import { type Contract, method, nothing } from "../call";
import type { RunKey } from "../run";
import type { RowState, Verdict } from "./tablePanel";

/** Comparison of runs side by side: what the panel may ask its host, and what it is told. */

export const comparableRuns = { least: 2, most: 50 } as const;

export const compareParts = ["code", "params", "metrics", "tags", "system", "environment"] as const;
export type ComparePart = (typeof compareParts)[number];

export const metricRows = ["last", "best", "extremes"] as const;
/** Rows of each metric: its last value; also its best; also its minimum and maximum. */
export type MetricRows = (typeof metricRows)[number];

export interface ComparedRun {
	readonly key: RunKey;
	readonly name: string;
	readonly state: RowState;
	readonly stateWords: string;
	readonly colour: number;
	readonly isDeleted: boolean;
	/** Short commit; null where the run has none. */
	readonly commit: string | null;
	/** Files that differ from the base's commit; null where that is not known. Of the base always null. */
	readonly changedFiles: number | null;
	readonly hasUncommittedDiff: boolean;
}

export interface CompareCell {
	readonly text: string;
	/** The whole value where the text is not; null otherwise. */
	readonly title: string | null;
	/** The run has no such value: the text says "not logged". */
	readonly isMissing: boolean;
	readonly isPending: boolean;
	/** Change from the base, e.g. `+0.008`; null for the base and where there is none. */
	readonly change: string | null;
	readonly verdict: Verdict | null;
	/** In a row of three runs or more. */
	readonly extreme: "best" | "worst" | "greatest" | "least" | null;
	/** The text in pieces, with what is not in the base's text marked; null where the whole differs or nothing does. */
	readonly pieces: readonly { readonly text: string; readonly isChanged: boolean }[] | null;
}

export interface CompareRow {
	/** Unique in the sheet. */
	readonly id: string;
	readonly label: string;
	/** `best`, `minimum`; empty for the value itself. */
	readonly detail: string;
	readonly differs: boolean;
	readonly isNumeric: boolean;
	readonly cells: readonly CompareCell[];
}

export interface CompareSection {
	readonly part: ComparePart;
	readonly label: string;
	readonly rows: readonly CompareRow[];
	/** Rows there would be, beyond those sent. */
	readonly moreRows: number;
	readonly rowCount: number;
	readonly differingCount: number;
}

export interface CompareState {
	/** The base first. */
	readonly runs: readonly ComparedRun[];
	/** What differs, in one sentence; only what is known. */
	readonly sentence: string;
	readonly sections: readonly CompareSection[];
	readonly showEqual: boolean;
	readonly metricRows: MetricRows;
	readonly search: string;
	/** Runs asked for that are in no open store (any more). */
	readonly missingRuns: number;
	readonly isReading: boolean;
}

const key = z.string();

export const compareCalls = {
	/** What is compared, the base first. */
	setRuns: method(z.object({ keys: z.array(key) }))<void>(),
	choose: method(
		z.object({
			showEqual: z.optional(z.boolean()),
			metricRows: z.optional(z.enum(metricRows)),
			search: z.optional(z.string()),
		}),
	)<void>(),
	/** Sends more rows of a section that is longer than a page. */
	showMore: method(z.object({ part: z.enum(compareParts) }))<void>(),
	/** The rows on screen: their histories are read. */
	look: method(z.object({ rows: z.array(z.string()) }))<void>(),
	/** The rows as shown, all of them, as text for the clipboard. */
	copyText: method(z.object({ format: z.enum(["csv", "markdown"]) }))<string>(),
	openRun: method(z.object({ key }))<void>(),
	openCharts: method(nothing)<void>(),
	openTable: method(nothing)<void>(),
	/** The files that differ between the base and this run. */
	openCodeDiff: method(z.object({ key }))<void>(),
	/** What may have changed the metrics between the base and this run. */
	askWhy: method(z.object({ key }))<void>(),
	openCommit: method(z.object({ key }))<void>(),
	openUncommittedDiff: method(z.object({ key }))<void>(),
} satisfies Contract;
