import { columnId } from "../../src/shared/panels/tableLayout";
import type { TableColumn, TableRow, TableState, tableCalls } from "../../src/shared/panels/tablePanel";
import type { Host } from "../common/host";
import type { MenuEntry } from "../common/menu";
import { chosen } from "./columnPicker";

type Entries = (MenuEntry | "separator")[];

export interface MenuHands {
	readonly host: Host<typeof tableCalls>;
	readonly sort: (column: TableColumn, adds: boolean, descending?: boolean) => void;
	readonly move: (column: number, before: number) => void;
	readonly openPicker: (search: string) => void;
	readonly copy: (ids: readonly string[], format: "ids" | "csv" | "markdown") => void;
}

/** Menu of the whole table, behind its "…" button. */
export function viewMenu(state: TableState, { host, openPicker }: MenuHands): Entries {
	const arrange = (arrangement: TableState["arrangement"], label: string): MenuEntry => ({
		label,
		checked: state.arrangement === arrangement,
		run: () => void host.call("arrange", { arrangement }),
	});
	const isTree = state.arrangement !== "flat";
	return [
		arrange("flat", "Every Run a Row"),
		arrange("seeds", "Group by Everything but the Seed"),
		arrange("nested", "Nest Children under Parents"),
		...(isTree
			? [
					{ label: "Expand All", run: () => void host.call("setExpanded", { ids: null, expanded: true }) },
					{ label: "Collapse All", run: () => void host.call("setExpanded", { ids: null, expanded: false }) },
				]
			: []),
		"separator",
		{
			label: "Change from Baseline",
			checked: state.showChange,
			run: () => void host.call("arrange", { showChange: !state.showChange }),
		},
		{
			label: "Show Deleted Runs",
			checked: state.showDeleted,
			run: () => void host.call("setShowDeleted", { showDeleted: !state.showDeleted }),
		},
		"separator",
		{ label: "Columns…", run: () => openPicker("") },
		{ label: "Choose the Columns for Me", run: () => void host.call("setColumns", { columns: null }) },
		{ label: "Refresh", run: () => void host.call("refresh", undefined) },
	];
}

/** Menu of one heading. */
export function headMenu(state: TableState, index: number, hands: MenuHands): Entries {
	const { host, sort, move, openPicker } = hands;
	const column = state.columns[index];
	if (!column || column.isChange) return [];
	const isSorted = column.sort !== null;
	const widths = chosen(state.columns);
	const hide = () => void host.call("setColumns", { columns: widths.filter((other) => columnId(other) !== column.id) });
	const add = (statistic: "last" | "min" | "max", label: string): MenuEntry => ({
		label,
		checked: state.columns.some((other) => other.by === column.by && other.statistic === statistic),
		run: () => void host.call("addColumn", { by: column.by, statistic }),
	});
	return [
		{ label: "Sort Ascending", run: () => sort(column, false, false) },
		{ label: "Sort Descending", run: () => sort(column, false, true) },
		...(state.sorts.length > 0 && !isSorted ? [{ label: "Sort by It Too", run: () => sort(column, true) }] : []),
		...(isSorted
			? [
					{
						label: "Remove Sort",
						run: () => void host.call("removeSort", { column: column.id }),
					},
				]
			: []),
		"separator",
		...(column.kind === "metric"
			? ([
					add("last", "Last Value"),
					add("min", "Minimum"),
					add("max", "Maximum"),
					{ label: "Value at a Step…", run: () => openPicker(column.by) },
					"separator",
				] satisfies Entries)
			: []),
		{ label: "Move Left", hint: "Alt+←", run: () => move(index, index - 1) },
		{ label: "Move Right", hint: "Alt+→", run: () => move(index, index + 2) },
		{ label: "Hide Column", hint: "Delete", run: hide },
		{ label: "Columns…", run: () => openPicker("") },
	];
}

/** Menu of the selected rows; `row` is the one it was opened on. Every action says how many rows it takes. */
export function rowMenu(row: TableRow, ids: readonly string[], runs: number, hands: MenuHands): Entries {
	const { host, copy } = hands;
	const many = runs > 1 ? ` ${runs} Runs` : "";
	const isOne = ids.length === 1;
	const [key] = row.keys;
	return [
		...(isOne && row.kind === "run"
			? [{ label: "Open Run", hint: "Enter", run: () => void host.call("openRun", { id: row.id }) }]
			: []),
		{ label: `Show${many} on the Charts`, run: () => void host.call("openCharts", { ids: [...ids] }) },
		...(runs >= 2
			? [{ label: `Compare${many}`, hint: "c", run: () => void host.call("compare", { ids: [...ids] }) }]
			: []),
		...(runs === 2 ? [{ label: "Why Did It Change?", run: () => void host.call("askWhy", { ids: [...ids] }) }] : []),
		"separator",
		...(isOne && row.kind === "run" && key !== undefined
			? [
					row.isBaseline
						? { label: "No Baseline", hint: "b", run: () => void host.call("setBaseline", { key: null }) }
						: { label: "Make It the Baseline", hint: "b", run: () => void host.call("setBaseline", { key }) },
				]
			: []),
		{
			label: row.isPinned ? `Unpin${many}` : `Pin${many} on Top`,
			hint: "p",
			run: () => void host.call("setPinned", { ids: [...ids], pinned: !row.isPinned }),
		},
		"separator",
		{ label: runs > 1 ? `Copy ${runs} Run IDs` : "Copy Run ID", run: () => copy(ids, "ids") },
		{ label: `Copy${many} as CSV`, hint: "Ctrl+C", run: () => copy(ids, "csv") },
		{ label: `Copy${many} as Markdown`, run: () => copy(ids, "markdown") },
	];
}
