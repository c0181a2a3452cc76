import { type CompareState, type MetricRows, metricRows } from "../../src/shared/panels/comparePanel";
import type { RunKey } from "../../src/shared/run";
import type { MenuEntry } from "../common/menu";

const metricRowLabels: Record<MetricRows, string> = {
	last: "Last Values",
	best: "Last and Best",
	extremes: "Last, Minimum, Maximum",
};

export interface MoreHands {
	chooseRows(rows: MetricRows): void;
	copy(format: "csv" | "markdown"): void;
	/** Null where every column has the width it gets by itself. */
	readonly resetWidths: (() => void) | null;
	openTable(): void;
}

/** The toolbar's menu. */
export function moreMenu(state: CompareState, hands: MoreHands): (MenuEntry | "separator")[] {
	return [
		...metricRows.map((rows) => ({
			label: metricRowLabels[rows],
			checked: state.metricRows === rows,
			run: () => hands.chooseRows(rows),
		})),
		"separator",
		{ label: "Copy as Markdown", run: () => hands.copy("markdown") },
		{ label: "Copy as CSV", run: () => hands.copy("csv") },
		"separator",
		...(hands.resetWidths ? [{ label: "Reset Column Widths", run: hands.resetWidths }] : []),
		{ label: "Choose Other Runs", run: () => hands.openTable() },
	];
}

export interface RunHands {
	openRun(key: RunKey): void;
	openCodeDiff(key: RunKey): void;
	askWhy(key: RunKey): void;
	openCommit(key: RunKey): void;
	openUncommittedDiff(key: RunKey): void;
	makeBase(key: RunKey): void;
	/** Before the run `next`; undefined: to the end. */
	moveBefore(key: RunKey, next: RunKey | undefined): void;
	remove(key: RunKey): void;
}

/** The menu of one run's heading. */
export function runMenu({ runs }: CompareState, index: number, hands: RunHands): (MenuEntry | "separator")[] {
	const run = runs[index];
	if (!run) return [];
	const { key } = run;
	const isBase = index === 0;
	const isLast = index === runs.length - 1;
	const entry = (label: string, action: () => void, hint?: string): MenuEntry => ({
		label,
		run: action,
		...(hint === undefined ? {} : { hint }),
	});
	return [
		entry("Open Run", () => hands.openRun(key)),
		...(isBase ? [] : [entry("Why Did It Change?", () => hands.askWhy(key))]),
		...(isBase || run.commit === null ? [] : [entry("Open Code Diff", () => hands.openCodeDiff(key))]),
		...(run.commit === null ? [] : [entry("Open Commit", () => hands.openCommit(key))]),
		...(run.hasUncommittedDiff ? [entry("Open Uncommitted Changes", () => hands.openUncommittedDiff(key))] : []),
		"separator",
		...(isBase ? [] : [entry("Make It the Base", () => hands.makeBase(key))]),
		...(isBase ? [] : [entry("Move Left", () => hands.moveBefore(key, runs[index - 1]?.key), "Alt+←")]),
		...(isLast ? [] : [entry("Move Right", () => hands.moveBefore(key, runs[index + 2]?.key), "Alt+→")]),
		entry("Remove from the Comparison", () => hands.remove(key), "Delete"),
	];
}
