import * as vscode from "vscode";
import { toIconFreeText, toLine } from "../../core/plainText";
import { type Grouping, groupings, type RunChoices } from "../../core/runs/runChoices";
import { parseFilter } from "../../core/search/filter";
import { GammaError } from "../../shared/errors";
import type { Run } from "../../shared/run";
import { type FilterRow, type FiltersTree, sortName } from "../tree/filtersTree";
import type { RunViewRow } from "../tree/runRows";
import type { RunsTree } from "../tree/runsTree";

export interface ViewCommandsParts {
	readonly choices: RunChoices;
	readonly tree: RunsTree;
	/** The rows selected in the runs view; a click selects a row before it runs its command. */
	readonly selection: () => readonly RunViewRow[];
	readonly filters: FiltersTree;
	readonly runs: () => Iterable<Run>;
	readonly refresh: () => Promise<void>;
}

const groupingWords: Readonly<Record<Grouping, { readonly label: string; readonly detail: string }>> = {
	experiment: { label: "$(beaker) Experiment", detail: vscode.l10n.t("MLflow experiment or TensorBoard log folder") },
	branch: { label: "$(git-branch) Branch", detail: vscode.l10n.t("Branch of the commit the run was started from") },
	commit: { label: "$(git-commit) Commit", detail: vscode.l10n.t("Commit the run was started from") },
	status: { label: "$(pulse) Status", detail: vscode.l10n.t("Running, failed, finished") },
};

/** Commands about what the view shows: groups, order, filters, metrics. */
export function viewCommands(parts: ViewCommandsParts) {
	const { choices, tree, filters } = parts;
	const given = (row: unknown): FilterRow | undefined => {
		const id = typeof row === "object" && row !== null && "id" in row ? row.id : filters.selection[0]?.id;
		return filters.getChildren().find((known) => known.id === id);
	};
	return {
		groupBy: async () => {
			const options = groupings.map((grouping) => ({
				...groupingWords[grouping],
				description: grouping === choices.snapshot.grouping ? "now" : "",
				grouping,
			}));
			const picked = await vscode.window.showQuickPick(options, { title: vscode.l10n.t("Group Runs By") });
			if (picked) choices.update({ grouping: picked.grouping });
		},
		sortBy: () => pickSort(parts),
		removeSort: (row: unknown) => {
			const found = given(row);
			if (found?.kind !== "sort") return;
			choices.update({ sorts: choices.snapshot.sorts.filter(({ by }) => by !== found.sort.by) });
		},
		flipSort: (row: unknown) => {
			const found = given(row);
			if (found?.kind !== "sort") return;
			const flip = (sort: (typeof found)["sort"]) => ({ ...sort, descending: !sort.descending });
			choices.update({
				sorts: choices.snapshot.sorts.map((sort) => (sort.by === found.sort.by ? flip(sort) : sort)),
			});
		},
		addFilter: async () => {
			const text = await askFilter(parts, "");
			if (text === undefined) return;
			choices.update({ filters: [...choices.snapshot.filters.filter((other) => other !== text), text] });
		},
		editFilter: async (row: unknown) => {
			const found = given(row);
			if (found?.kind !== "filter") return;
			const text = await askFilter(parts, found.text);
			if (text === undefined) return;
			const others = choices.snapshot.filters.map((other) => (other === found.text ? text : other));
			choices.update({ filters: [...new Set(others)] });
		},
		removeFilter: (row: unknown) => {
			const found = given(row);
			if (found?.kind === "sort") {
				choices.update({ sorts: choices.snapshot.sorts.filter(({ by }) => by !== found.sort.by) });
			} else if (found) {
				choices.update({ filters: choices.snapshot.filters.filter((text) => text !== found.text) });
			}
		},
		clearFilters: () => choices.update({ filters: [], sorts: [] }),
		showDeleted: () => choices.update({ showDeleted: true }),
		hideDeleted: () => choices.update({ showDeleted: false }),
		chooseMetrics: () => pickMetrics(parts),
		showMore: () => {
			const [found] = parts.selection();
			if (found) tree.showMore(found);
		},
		refresh: () =>
			vscode.window.withProgress({ location: { viewId: "gamma.runs" } }, async () => {
				await parts.refresh();
			}),
	};
}

async function pickSort({ choices, runs }: ViewCommandsParts): Promise<void> {
	const sorted = new Map(choices.snapshot.sorts.map((sort) => [sort.by, sort.descending]));
	const names = namesOf(runs());
	const option = (by: string, icon: string) => ({
		label: `$(${icon}) ${toIconFreeText(sortName(by))}`,
		description: sorted.has(by) ? (sorted.get(by) ? "descending" : "ascending") : "",
		by,
	});
	const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator, by: "" });
	const picked = await vscode.window.showQuickPick(
		[
			separator("Run"),
			...["start_time", "end_time", "run_name", "status"].map((key) => option(`attributes.${key}`, "symbol-field")),
			separator("Metrics"),
			...names.metrics.map((key) => option(`metrics.${key}`, "graph-line")),
			separator("Params"),
			...names.params.map((key) => option(`params.${key}`, "symbol-parameter")),
		],
		{
			title: vscode.l10n.t("Sort Runs By"),
			placeHolder: vscode.l10n.t("Sorts by this first; choosing it again reverses the direction"),
		},
	);
	if (!picked || picked.by === "") return;
	const before = sorted.get(picked.by);
	const isText = picked.by.startsWith("params.") || /\.(run_name|status)$/.test(picked.by);
	const descending = before === undefined ? !isText && !/loss|error|rmse|mae|mse/i.test(picked.by) : !before;
	const others = choices.snapshot.sorts.filter(({ by }) => by !== picked.by);
	choices.update({ sorts: [{ by: picked.by, descending }, ...others] });
}

async function pickMetrics({ choices, tree, runs }: ViewCommandsParts): Promise<void> {
	const shown = choices.snapshot.shownMetrics.length > 0 ? choices.snapshot.shownMetrics : tree.shownMetrics;
	const { metrics } = namesOf(runs());
	const options = metrics.map((metric) => ({
		label: toIconFreeText(metric),
		metric,
		picked: shown.includes(metric),
	}));
	const picked = await vscode.window.showQuickPick(options, {
		title: vscode.l10n.t("Metrics beside a Run's Name"),
		placeHolder: vscode.l10n.t("None: the one that tells most is chosen"),
		canPickMany: true,
	});
	if (!picked) return;
	const chosen = picked.map(({ metric }) => metric);
	const kept = shown.filter((metric) => chosen.includes(metric));
	choices.update({ shownMetrics: [...kept, ...chosen.filter((metric) => !kept.includes(metric))] });
}

function askFilter({ runs, tree }: ViewCommandsParts, value: string): Thenable<string | undefined> {
	const metric = tree.shownMetrics[0] ?? namesOf(runs()).metrics[0] ?? "val/acc";
	const quoted = /^[\w.]+$/.test(metric) ? metric : `\`${metric}\``;
	return vscode.window
		.showInputBox({
			title: value === "" ? vscode.l10n.t("Add Filter") : vscode.l10n.t("Edit Filter"),
			value,
			prompt: vscode.l10n.t("MLflow's search syntax; all filters must hold"),
			placeHolder: `metrics.${toLine(quoted, 60)} > 0.9 and params.lr = '0.001' and attributes.status = 'FINISHED'`,
			ignoreFocusOut: true,
			validateInput: (text) => {
				try {
					parseFilter(text.trim());
					return text.trim() === "" ? vscode.l10n.t("Type a comparison, such as metrics.loss < 0.5") : undefined;
				} catch (error) {
					if (GammaError.is(error)) return error.message;
					throw error;
				}
			},
		})
		.then((text) => text?.trim());
}

/** What the runs log, sorted; of long lists of runs the first thousand tell enough. */
function namesOf(runs: Iterable<Run>): { readonly metrics: readonly string[]; readonly params: readonly string[] } {
	const metrics = new Set<string>();
	const params = new Set<string>();
	let looked = 0;
	for (const run of runs) {
		if (looked++ >= 1000) break;
		for (const metric of Object.keys(run.metrics)) metrics.add(metric);
		for (const param of Object.keys(run.params)) params.add(param);
	}
	return { metrics: [...metrics].sort(), params: [...params].sort() };
}
