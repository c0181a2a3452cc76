import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { toLine } from "../../core/plainText";
import type { ProjectEntry, ProjectModel } from "../../core/projects/projectModel";
import { describeProject } from "../../core/projects/projectRow";

/** A row of the projects view. Only its identity: what it shows is looked up when VS Code draws it. */
export type ProjectViewRow =
	| { readonly kind: "project"; readonly id: string; readonly projectId: string }
	| { readonly kind: "add"; readonly id: "add" };

const addRow: ProjectViewRow = { kind: "add", id: "add" };
/** The age of a project's last job. */
const ageEveryMs = 60_000;

/** The rows of the view "Projects". */
export class ProjectsTree extends Owner implements vscode.TreeDataProvider<ProjectViewRow> {
	/** VS Code knows a row by the object it was given: the same project is always the same object. */
	readonly #rows = new Map<string, ProjectViewRow>();
	readonly #changed = this.own(new vscode.EventEmitter<undefined>());
	readonly onDidChangeTreeData = this.#changed.event;
	#drawn = "";

	constructor(private readonly projects: ProjectModel) {
		super();
		this.own(projects.onDidChange(() => this.#redraw()));
		const ageing = setInterval(() => this.#redraw(), ageEveryMs);
		this.own({ dispose: () => clearInterval(ageing) });
	}

	/** The project that a menu's or a selection's row stands for. */
	entryOf(row: unknown): ProjectEntry | undefined {
		if (typeof row !== "object" || row === null || !("projectId" in row)) return undefined;
		return typeof row.projectId === "string" ? this.projects.entry(row.projectId) : undefined;
	}

	getChildren(row?: ProjectViewRow): ProjectViewRow[] {
		if (row) return [];
		const { entries, addable } = this.projects.snapshot;
		const rows = entries.map(({ project }) => this.#row(project.id));
		// An empty list says it as its welcome text.
		return addable !== null && rows.length > 0 ? [addRow, ...rows] : rows;
	}

	getTreeItem(row: ProjectViewRow): vscode.TreeItem {
		if (row.kind === "add") return addItem(this.projects.snapshot.addable ?? "");
		const entry = this.projects.entry(row.projectId);
		return entry ? projectItem(row.id, entry) : new vscode.TreeItem("");
	}

	#row(projectId: string): ProjectViewRow {
		const known = this.#rows.get(projectId);
		if (known) return known;
		const row: ProjectViewRow = { kind: "project", id: `project:${projectId}`, projectId };
		this.#rows.set(projectId, row);
		return row;
	}

	#redraw(): void {
		const { entries, addable } = this.projects.snapshot;
		const drawn = JSON.stringify([
			addable,
			...entries.map((entry) => [entry.project.id, describeProject(entry, Date.now())]),
		]);
		if (drawn === this.#drawn) return;
		this.#drawn = drawn;
		this.#changed.fire(undefined);
	}
}

function projectItem(id: string, entry: ProjectEntry): vscode.TreeItem {
	const row = describeProject(entry, Date.now());
	const item = new vscode.TreeItem(row.label);
	item.id = id;
	item.description = row.description;
	item.tooltip = row.tooltip;
	item.iconPath = new vscode.ThemeIcon(
		row.icon,
		row.iconColour === null ? undefined : new vscode.ThemeColor(row.iconColour),
	);
	item.contextValue = row.contextValue;
	item.accessibilityInformation = { label: row.spoken };
	return item;
}

function addItem(repository: string): vscode.TreeItem {
	const label = vscode.l10n.t("Add {0}", toLine(repository, 120));
	const item = new vscode.TreeItem(label);
	item.id = "add";
	item.description = vscode.l10n.t("this repository");
	item.tooltip = vscode.l10n.t(
		"The relay has no project of this repository that you can see: its pushes make no jobs.",
	);
	item.iconPath = new vscode.ThemeIcon("add");
	item.contextValue = "add";
	item.accessibilityInformation = { label: vscode.l10n.t("{0}, this repository", label) };
	item.command = { command: commandId("addProject"), title: label };
	return item;
}
