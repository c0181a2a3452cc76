import { completeFilter } from "../../core/search/completion";
import { checkFilter, vocabularyOf } from "../../core/table/checkFilter";
import { catalogueOf, toColumn } from "../../core/table/defaultColumns";
import type { TableModel } from "../../core/table/tableModel";
import { sortsOf, toShared } from "../../core/table/tableSorts";
import { toCsv, toMarkdownTable } from "../../core/table/tableText";
import type { Handlers } from "../../shared/call";
import { columnId } from "../../shared/panels/tableLayout";
import type { tableCalls } from "../../shared/panels/tablePanel";
import { splitRunKey } from "../../shared/run";
import type { RunActions } from "../runActions";

/** Completion and filter checks look at names of all runs: made at most this often. */
const vocabularyForMs = 5000;

/** Answers to the table panel's calls. `model` is asked for late: the panel's base wants the handlers first. */
export function tableHandlers(
	model: () => TableModel,
	actions: Pick<RunActions, "openRun" | "openCharts" | "compare" | "askWhy">,
	openSettings: () => void,
): Handlers<typeof tableCalls> {
	const sources = () => model().sources;
	const runs = () => sources().model.snapshot.runs.values();
	const choices = () => sources().choices;
	let vocabulary: { readonly madeAtMs: number; readonly words: ReturnType<typeof vocabularyOf> } | null = null;
	return {
		rows: ({ from, to, firstColumn, endColumn }) => model().rows(from, to, firstColumn, endColumn),
		look: ({ ranges, firstColumn, endColumn }) => model().look(ranges, firstColumn, endColumn),
		ids: ({ from, to }) =>
			model()
				.slice(from, to)
				.map((row) => row.id),
		placeOf: ({ id }) => model().placeOf(id),
		takeIn: () => model().takeIn(),
		setSorts: ({ sorts }) => {
			choices().update({ sorts: toShared(sorts), table: { ...model().layout, sorts } });
		},
		removeSort: ({ column }) => {
			const sorts = sortsOf(choices().snapshot).filter((sort) => sort.column !== column);
			choices().update({ sorts: toShared(sorts), table: { ...model().layout, sorts: [...sorts] } });
		},
		removeFilter: ({ text }) => {
			choices().update({ filters: choices().snapshot.filters.filter((filter) => filter !== text) });
		},
		setFilters: ({ filters }) => choices().update({ filters: [...new Set(filters)] }),
		checkFilter: ({ text }) => checkFilter(text, runs(), sources().model.snapshot.stores, choices().snapshot),
		complete: ({ text, caret }) => {
			if (vocabulary === null || Date.now() - vocabulary.madeAtMs > vocabularyForMs) {
				vocabulary = { madeAtMs: Date.now(), words: vocabularyOf(runs()) };
			}
			return completeFilter(text, caret, vocabulary.words);
		},
		catalogue: () => catalogueOf(runs()),
		setColumns: ({ columns }) => model().setLayout({ columns }),
		addColumn: ({ by, statistic, step }) => {
			const column = { ...toColumn(by), statistic, ...(statistic === "step" ? { step: step ?? 0 } : {}) };
			const columns = model().chosenColumns;
			if (columns.some((other) => columnId(other) === columnId(column))) return;
			const place = columns.findLastIndex((other) => other.by === by);
			const at = place < 0 ? columns.length : place + 1;
			model().setLayout({ columns: [...columns.slice(0, at), column, ...columns.slice(at)] });
		},
		arrange: (change) => {
			const { nameWidth, arrangement, showChange } = change;
			model().setLayout({
				...(nameWidth === undefined ? {} : { nameWidth }),
				...(arrangement === undefined ? {} : { arrangement }),
				...(showChange === undefined ? {} : { showChange }),
			});
		},
		setShowDeleted: ({ showDeleted }) => choices().update({ showDeleted }),
		setChecked: ({ ids, checked }) => choices().setChecked(model().keysOf(ids), checked),
		setPinned: ({ ids, pinned }) => {
			const keys = new Set(model().keysOf(ids));
			const others = choices().snapshot.pinned.filter((key) => !keys.has(key));
			choices().update({ pinned: pinned ? [...others, ...keys] : others });
		},
		setBaseline: ({ key }) => choices().update({ baseline: key }),
		setExpanded: ({ ids, expanded }) => model().setExpanded(ids, expanded),
		copyText: ({ ids, format }) => copyText(model(), ids, format),
		openRun: ({ id }) => {
			const [key] = model().keysOf([id]);
			if (key !== undefined) actions.openRun(key);
		},
		openCharts: ({ ids }) => (ids.length > 0 ? actions.openCharts(model().keysOf(ids)) : actions.openCharts()),
		compare: ({ ids }) => actions.compare(model().keysOf(ids)),
		askWhy: ({ ids }) => {
			const [first, second] = model().keysOf(ids);
			const { baseline } = choices().snapshot;
			if (first === undefined || second === undefined) return;
			if (second === baseline) actions.askWhy(second, first);
			else actions.askWhy(first, second);
		},
		refresh: async (_, signal) => await sources().library.refresh(signal),
		openSettings,
	};
}

function copyText(model: TableModel, ids: readonly string[], format: "ids" | "csv" | "markdown"): string {
	const keys = () => model.keysOf(ids).map((key) => splitRunKey(key).runId);
	if (format === "ids") return keys().join("\n");
	const isWhole = format === "csv";
	const names = (name: string, runs: number) => (runs > 1 ? `${name} (n = ${runs})` : name);
	const heading = ["name", ...model.columns.map((column) => headingOf(column))];
	const rows = model
		.rowsOf(ids)
		.map(({ row, runs }) => [names(model.nameOf(row), runs.length), ...model.cellTexts(runs, row, isWhole)]);
	return (format === "csv" ? toCsv : toMarkdownTable)([heading, ...rows]);
}

function headingOf(column: { label: string; statistic: string; step: number | null; isChange: boolean }): string {
	const statistic = { last: "", min: "min ", max: "max ", step: `@${column.step ?? 0} ` }[column.statistic] ?? "";
	return `${column.isChange ? "Δ " : ""}${statistic}${column.label}`;
}
