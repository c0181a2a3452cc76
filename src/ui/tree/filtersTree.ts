import * as vscode from "vscode";
import { views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { toLine } from "../../core/plainText";
import type { RunChoices, SortOrder } from "../../core/runs/runChoices";
import { toOrderBy } from "../../core/tree/selectRuns";
import type { RunsTree } from "./runsTree";

export type FilterRow =
	| { readonly kind: "sort"; readonly id: string; readonly sort: SortOrder }
	| { readonly kind: "filter"; readonly id: string; readonly text: string };

/** The view "Sort & Filter": every sort and filter in force, as a row that can be changed and removed. */
export class FiltersTree extends Owner implements vscode.TreeDataProvider<FilterRow> {
	readonly #changed = this.own(new vscode.EventEmitter<undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #view: vscode.TreeView<FilterRow>;

	constructor(
		private readonly choices: RunChoices,
		private readonly tree: RunsTree,
	) {
		super();
		this.#view = this.own(vscode.window.createTreeView(views.filters, { treeDataProvider: this }));
		this.own(choices.onDidChange(() => this.#changed.fire(undefined)));
	}

	get selection(): readonly FilterRow[] {
		return this.#view.selection;
	}

	getChildren(row?: FilterRow): FilterRow[] {
		if (row) return [];
		const { sorts, filters } = this.choices.snapshot;
		return [
			...sorts.map((sort): FilterRow => ({ kind: "sort", id: `sort:${sort.by}`, sort })),
			...filters.map((text): FilterRow => ({ kind: "filter", id: `filter:${text}`, text })),
		];
	}

	getTreeItem(row: FilterRow): vscode.TreeItem {
		return row.kind === "sort" ? this.#sortItem(row) : this.#filterItem(row);
	}

	#sortItem(row: Extract<FilterRow, { kind: "sort" }>): vscode.TreeItem {
		const label = toLine(sortName(row.sort.by), 120);
		const direction = row.sort.descending ? "descending" : "ascending";
		const problem = this.tree.selection.problems.get(toOrderBy(row.sort));
		const item = itemOf(row.id, label, problem ?? direction, problem ?? `Sorted by ${label}, ${direction}`);
		item.iconPath = icon(row.sort.descending ? "arrow-down" : "arrow-up", problem);
		item.contextValue = "sort";
		return item;
	}

	#filterItem(row: Extract<FilterRow, { kind: "filter" }>): vscode.TreeItem {
		const problem = this.tree.selection.problems.get(row.text);
		const label = toLine(row.text, 200);
		const item = itemOf(row.id, label, problem ?? "", problem ?? label);
		item.iconPath = icon("filter", problem);
		item.contextValue = "filter";
		return item;
	}
}

/** `metrics.val/acc` is `val/acc`, `attributes.start_time` is `start time`. */
export function sortName(by: string): string {
	const key = by.slice(by.indexOf(".") + 1);
	return by.startsWith("attributes.") ? key.replaceAll("_", " ") : key;
}

function itemOf(id: string, label: string, description: string, tooltip: string): vscode.TreeItem {
	const item = new vscode.TreeItem(label);
	item.id = id;
	item.description = description;
	item.tooltip = tooltip;
	item.accessibilityInformation = { label: description === "" ? label : `${label}, ${description}` };
	return item;
}

function icon(name: string, problem: string | undefined): vscode.ThemeIcon {
	if (problem === undefined) return new vscode.ThemeIcon(name);
	return new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
}
