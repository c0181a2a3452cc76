import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import { hostOf } from "../../core/stores/chooseStores";
import { buildRunTree, type RunTree } from "../../core/tree/runTree";
import { type RunSelection, selectRuns } from "../../core/tree/selectRuns";
import { guessShownMetrics } from "../../core/tree/shownMetrics";
import { TreePages } from "../../core/tree/treePages";
import type { Run, RunKey } from "../../shared/run";
import type { Repository } from "../repository";
import type { WorkspaceStores } from "../stores/workspaceStores";
import { askedItem, groupItem, moreItem, storeItem } from "./rowItems";
import { runItem, runTooltipOf, signatureOf } from "./runItem";
import { RunRows, type RunViewRow } from "./runRows";

/**
 * Announcements of a reading store come faster than anyone reads; the tree is built anew at most this often. VS Code holds
 * changes back until 200 ms pass without another one: more often than that, and a busy training's row would never move.
 */
const rebuildEveryMs = 400;
/** A running row turns silent without anything being written. */
const ageEveryMs = 30_000;

export interface RunsTreeParts {
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly repository: Repository;
	readonly stores: WorkspaceStores;
}

const emptyTree: RunTree = { groups: [], children: new Map(), parents: new Map(), groupOf: new Map() };

/** The runs view's rows: built once per change, and only rows that look different are drawn anew. */
export class RunsTree extends Owner implements vscode.TreeDataProvider<RunViewRow> {
	readonly rows = new RunRows();
	readonly #pages = new TreePages();
	#tree = emptyTree;
	#selection: RunSelection = { runs: [], candidateCount: 0, problems: new Map() };
	#shownMetrics: readonly string[] = [];
	/** What each list held and each run looked like when VS Code last asked. */
	readonly #drawnLists = new Map<string, string>();
	readonly #drawnRuns = new Map<RunKey, string>();
	/** The top rows as last announced; stores change under the tree's feet, so it cannot ask itself. */
	#rootsBuilt = "";
	#timer: ReturnType<typeof setTimeout> | undefined;
	#builtAtMs = 0;

	readonly #changed = this.own(new vscode.EventEmitter<RunViewRow[] | undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	readonly #built = this.own(new vscode.EventEmitter<void>());
	/** The tree was built anew. */
	readonly onDidBuild = this.#built.event;

	constructor(private readonly parts: RunsTreeParts) {
		super();
		const soon = () => this.#buildSoon();
		this.own(parts.model.onDidChange(soon));
		this.own(parts.choices.onDidChange(() => this.#build()));
		this.own(parts.repository.onDidChange(soon));
		this.own(parts.stores.onDidChange(soon));
		const ageing = setInterval(() => this.#fireChangedRuns([]), ageEveryMs);
		this.own({ dispose: () => clearInterval(ageing) });
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#build();
	}

	get selection(): RunSelection {
		return this.#selection;
	}

	/** The metrics shown beside a name: the chosen ones, else a guess over the runs shown. */
	get shownMetrics(): readonly string[] {
		return this.#shownMetrics;
	}

	get isEmpty(): boolean {
		return this.getChildren().length === 0;
	}

	showMore(row: RunViewRow): void {
		if (row.kind !== "more") return;
		this.#pages.showMore(row.parentId);
		this.#changed.fire([...this.#parentRow(row.parentId)]);
	}

	/** The run's row, with the list it is in opened far enough to hold it; undefined when it is not shown. */
	rowToReveal(key: RunKey): RunViewRow | undefined {
		const group = this.#tree.groupOf.get(key);
		if (!group) return undefined;
		const parent = this.#tree.parents.get(key);
		const list = parent === undefined ? group.roots : (this.#tree.children.get(parent) ?? []);
		const parentRow = this.getParent(this.rows.run(key));
		if (
			parentRow &&
			this.#pages.showPlace(
				parentRow.id,
				list.findIndex((run) => run.key === key),
			)
		) {
			this.#changed.fire([parentRow]);
		}
		return this.rows.run(key);
	}

	getTreeItem(row: RunViewRow): vscode.TreeItem {
		switch (row.kind) {
			case "run": {
				const run = this.parts.model.run(row.key);
				if (!run) return new vscode.TreeItem("");
				this.#drawnRuns.set(row.key, this.#signature(run));
				return runItem(run, this.#scene(run), this.#tree.children.has(row.key));
			}
			case "group": {
				const group = this.#tree.groups.find(({ id }) => id === row.groupId);
				// Of a closed group nobody asks for the children, and yet its own row changes.
				this.#drawnLists.set(row.id, this.#listSignature(row));
				return groupItem(row.id, group, this.#storeLabelOf(group?.runs[0]), this.#tree.groups.length);
			}
			case "store": {
				const store = this.parts.model.snapshot.stores.find(({ id }) => id === row.storeId);
				return storeItem(row.id, store, this.parts.stores.added.includes(store?.uri ?? ""));
			}
			case "asked":
				return askedItem(row);
			case "more": {
				const parent = [...this.#parentRow(row.parentId)][0];
				return moreItem(row, this.#pages.moreLabel(row.parentId, parent ? this.#listOf(parent).length : 0) ?? "");
			}
		}
	}

	async resolveTreeItem(item: vscode.TreeItem, row: RunViewRow): Promise<vscode.TreeItem> {
		const run = row.kind === "run" ? this.parts.model.run(row.key) : undefined;
		if (run) {
			const { model, repository } = this.parts;
			if (run.commit !== null) await repository.readSubjects([run.commit]);
			const store = model.snapshot.stores.find(({ id }) => id === run.storeId);
			const neighbours = this.#tree.groupOf.get(run.key)?.runs ?? [];
			item.tooltip = runTooltipOf(run, repository.names, store?.label ?? "", neighbours);
		}
		return item;
	}

	getChildren(row?: RunViewRow): RunViewRow[] {
		if (row) {
			const list = this.#listOf(row);
			this.#drawnLists.set(row.id, this.#listSignature(row));
			const shown = list.slice(0, this.#pages.limitOf(row.id)).map((run) => this.rows.run(run.key));
			return this.#pages.moreLabel(row.id, list.length) === null ? shown : [...shown, this.rows.more(row.id)];
		}
		const { stores } = this.parts.model.snapshot;
		return [
			...this.parts.stores.snapshot.asked.map(({ uri }) => this.rows.asked(hostOf(uri))),
			...stores.filter(({ state }) => state.kind === "failed").map(({ id }) => this.rows.store(id)),
			...this.#tree.groups.map(({ id }) => this.rows.group(this.#grouping, id)),
		];
	}

	getParent(row: RunViewRow): RunViewRow | undefined {
		if (row.kind !== "run") return undefined;
		const parent = this.#tree.parents.get(row.key);
		if (parent !== undefined) return this.rows.run(parent);
		const group = this.#tree.groupOf.get(row.key);
		return group && this.rows.group(this.#grouping, group.id);
	}

	get #grouping(): string {
		return this.parts.choices.snapshot.grouping;
	}

	#buildSoon(): void {
		if (this.#timer !== undefined) return;
		const waitMs = Math.max(0, this.#builtAtMs + rebuildEveryMs - Date.now());
		this.#timer = setTimeout(() => {
			this.#timer = undefined;
			this.#build();
		}, waitMs);
	}

	#build(): void {
		if (this.isDisposed) return;
		const { model, choices, repository } = this.parts;
		const { runs, stores } = model.snapshot;
		const kinds = new Map(stores.map((store) => [store.id, store.kind]));
		this.#selection = selectRuns(runs.values(), choices.snapshot, (id) => kinds.get(id));
		const chosen = choices.snapshot.shownMetrics;
		this.#shownMetrics = chosen.length > 0 ? chosen : guessShownMetrics(this.#selection.runs);
		this.#tree = buildRunTree(this.#selection.runs, choices.snapshot.grouping, repository.names);
		this.#builtAtMs = Date.now();
		if (choices.snapshot.grouping === "commit") {
			void repository.readSubjects(this.#tree.groups.map(({ id }) => id).filter((id) => !id.startsWith(":")));
		}
		const roots = this.getChildren();
		const signature = rootSignature(roots);
		if (signature === this.#rootsBuilt) this.#fireChangedRuns(roots);
		else {
			this.#rootsBuilt = signature;
			this.#drawnLists.clear();
			this.#drawnRuns.clear();
			this.#changed.fire(undefined);
		}
		this.#built.fire();
	}

	/** Lists with other rows are read anew; of the others only the rows that look different. */
	#fireChangedRuns(roots: readonly RunViewRow[]): void {
		const changed = new Set<RunViewRow>(roots.filter((row) => row.kind === "store"));
		for (const [id, drawn] of this.#drawnLists) {
			for (const row of this.#parentRow(id)) {
				const signature = this.#listSignature(row);
				if (signature === drawn) continue;
				this.#drawnLists.set(id, signature);
				changed.add(row);
			}
		}
		for (const [key, drawn] of this.#drawnRuns) {
			const run = this.parts.model.run(key);
			if (!run || !this.#tree.groupOf.has(key)) this.#drawnRuns.delete(key);
			else if (this.#signature(run) !== drawn) changed.add(this.rows.run(key));
		}
		if (changed.size > 0) this.#changed.fire([...changed]);
	}

	#listOf(row: RunViewRow): readonly Run[] {
		if (row.kind === "group") return this.#tree.groups.find(({ id }) => id === row.groupId)?.roots ?? [];
		return row.kind === "run" ? (this.#tree.children.get(row.key) ?? []) : [];
	}

	/** What of a list its parent's row and its order show. */
	#listSignature(row: RunViewRow): string {
		const group = row.kind === "group" ? this.#tree.groups.find(({ id }) => id === row.groupId) : undefined;
		const keys = this.#listOf(row).map((run) => run.key);
		return [group?.detail, group?.runs.length, group?.runningCount, ...keys].join("\n");
	}

	#parentRow(id: string): RunViewRow[] {
		const row = this.rows.find({ id });
		return row ? [row] : [];
	}

	#scene(run: Run) {
		const { checked, baseline } = this.parts.choices.snapshot;
		return {
			nowMs: Date.now(),
			isChecked: checked.includes(run.key),
			colour: this.parts.choices.colourOf(run.key),
			isBaseline: baseline === run.key,
			shownMetrics: this.#shownMetrics,
		};
	}

	#signature(run: Run): string {
		return signatureOf(run, this.#scene(run), this.#tree.children.has(run.key));
	}

	/** Said only where it tells something: with more than one store. */
	#storeLabelOf(run: Run | undefined): string | null {
		const { stores } = this.parts.model.snapshot;
		return (stores.length > 1 && stores.find(({ id }) => id === run?.storeId)?.label) || null;
	}
}

function rootSignature(rows: readonly RunViewRow[]): string {
	return rows.map((row) => row.id).join("\n");
}
