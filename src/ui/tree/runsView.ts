import * as vscode from "vscode";
import * as z from "zod/mini";
import { type ContextValues, settingDefaults, type ViewState, views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import { isActive, isEnded } from "../../core/runs/runState";
import type { Run, RunKey } from "../../shared/run";
import type { WorkspaceMemory } from "../memory";
import type { Repository } from "../repository";
import type { WorkspaceStores } from "../stores/workspaceStores";
import { dragOnly } from "./dragOnly";
import type { RunViewRow } from "./runRows";
import type { RunsTree } from "./runsTree";

const lookedKey = "gamma.runs.lookedMs";

export interface RunsViewParts {
	readonly tree: RunsTree;
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly stores: WorkspaceStores;
	readonly repository: Repository;
	readonly memory: WorkspaceMemory;
	/** The run is a job's, which the jobs view counts. */
	readonly isCountedAsJob: (run: Run) => boolean;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** The runs view's frame: what it says when it is no list, its counts, its badge and its checkboxes. */
export class RunsView extends Owner {
	readonly #view: vscode.TreeView<RunViewRow>;
	#lookedMs: number;
	#selection: readonly RunViewRow[] = [];
	#focused: RunViewRow | undefined;

	constructor(private readonly parts: RunsViewParts) {
		super();
		this.#view = this.own(
			vscode.window.createTreeView(views.runs, {
				treeDataProvider: parts.tree,
				dragAndDropController: dragOnly,
				canSelectMany: true,
				manageCheckboxStateManually: true,
				showCollapseAll: true,
			}),
		);
		this.#lookedMs = parts.memory.read(lookedKey, z.number(), Date.now());
		this.own(this.#view.onDidChangeCheckboxState((event) => this.#check(event.items)));
		this.own(this.#view.onDidChangeSelection((event) => this.#select(event.selection)));
		this.own(this.#view.onDidChangeVisibility(() => this.#look()));
		this.own(parts.tree.onDidBuild(() => this.#show()));
		this.own(parts.stores.onDidChange(() => this.#show()));
		this.own(parts.repository.onDidChange(() => this.#show()));
		this.#look();
	}

	get isVisible(): boolean {
		return this.#view.visible;
	}

	get onDidChangeVisibility(): vscode.Event<unknown> {
		return this.#view.onDidChangeVisibility;
	}

	get selection(): readonly RunViewRow[] {
		return this.#view.selection;
	}

	/**
	 * The row that was last selected or unselected. VS Code tells no extension where the focus is; the space key's
	 * binding makes it change the selection of the focused row, twice.
	 */
	get focusedRow(): RunViewRow | undefined {
		return this.#focused;
	}

	async reveal(key: RunKey): Promise<void> {
		const row = this.parts.tree.rowToReveal(key);
		if (row) await this.#view.reveal(row, { select: true, focus: false });
	}

	#select(selection: readonly RunViewRow[]): void {
		const before = this.#selection;
		this.#selection = selection;
		this.#focused =
			selection.find((row) => !before.includes(row)) ?? before.find((row) => !selection.includes(row)) ?? this.#focused;
	}

	#check(rows: readonly (readonly [RunViewRow, vscode.TreeItemCheckboxState])[]): void {
		for (const state of [vscode.TreeItemCheckboxState.Checked, vscode.TreeItemCheckboxState.Unchecked]) {
			const keys = rows.flatMap(([row, wanted]) => (row.kind === "run" && wanted === state ? [row.key] : []));
			if (keys.length > 0) this.parts.choices.setChecked(keys, state === vscode.TreeItemCheckboxState.Checked);
		}
	}

	/** What ended while the view is looked at is seen. */
	#look(): void {
		if (this.#view.visible) this.#lookedMs = Date.now();
		this.parts.memory.set(lookedKey, this.#lookedMs);
		this.#show();
	}

	#show(): void {
		const { choices, stores, setContext } = this.parts;
		const { grouping, filters, sorts, baseline, checked, showDeleted } = choices.snapshot;
		if (this.#view.visible) this.#lookedMs = Date.now();
		const isGroupedAsUsual = grouping === settingDefaults["runs.groupBy"];
		const counts = [
			count(filters.length, "filter"),
			count(sorts.length, "sort"),
			isGroupedAsUsual ? "" : `grouped by ${grouping}`,
		];
		const state = this.#state();
		this.#view.description =
			state === "ready" || state === "noMatch" ? counts.filter((text) => text !== "").join(" · ") : "";
		this.#view.badge = this.#badge();
		const [problem] = stores.snapshot.problems;
		if (problem === undefined) delete this.#view.message;
		else this.#view.message = problem;
		setContext("gamma.state", state);
		setContext("gamma.checkedCount", checked.length);
		setContext("gamma.hasBaseline", baseline !== null);
		setContext("gamma.hasFilters", filters.length + sorts.length > 0);
		setContext("gamma.showsDeleted", showDeleted);
		setContext("gamma.hasRepository", this.parts.repository.git !== null);
		setContext(
			"gamma.hasServers",
			this.parts.model.snapshot.stores.some(({ kind }) => kind === "mlflow-server"),
		);
	}

	#badge(): vscode.ViewBadge | undefined {
		if (this.#view.visible) return undefined;
		let ended = 0;
		for (const run of this.parts.model.snapshot.runs.values()) {
			if (!isEnded(run) || !isActive(run) || (run.endTimeMs ?? 0) <= this.#lookedMs) continue;
			if (!this.parts.isCountedAsJob(run)) ended++;
		}
		if (ended === 0) return undefined;
		return { value: ended, tooltip: `${count(ended, "run")} ended since you last looked` };
	}

	#state(): ViewState {
		const { tree, model, stores } = this.parts;
		if (!tree.isEmpty) return "ready";
		const { isSearching, openCount, withheldCount } = stores.snapshot;
		const { runs, stores: summaries } = model.snapshot;
		if (tree.selection.candidateCount > 0) return "noMatch";
		if (isSearching || summaries.some(({ state }) => state.kind === "reading")) return "searching";
		if (openCount > 0) return runs.size === 0 ? "noRuns" : "noMatch";
		if (withheldCount > 0) return "untrusted";
		return (vscode.workspace.workspaceFolders ?? []).length === 0 ? "noFolder" : "noStores";
	}
}

function count(number: number, word: string): string {
	if (number === 0) return "";
	return `${number} ${word}${number === 1 ? "" : "s"}`;
}
