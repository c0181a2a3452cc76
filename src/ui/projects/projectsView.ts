import * as vscode from "vscode";
import * as z from "zod/mini";
import { type ContextValues, type ProjectsViewState, views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { Event } from "../../core/emitter";
import { toLine } from "../../core/plainText";
import type { ProjectModel } from "../../core/projects/projectModel";
import type { WorkspaceMemory } from "../memory";
import type { ProjectViewRow } from "./projectsTree";

const lookedKey = "gamma.projects.lookedMs";
const refreshEveryMs = 60_000;
/** A burst of changes of jobs is one look. */
const refreshAfterChangeMs = 5_000;

export interface ProjectsViewParts {
	readonly view: vscode.TreeView<ProjectViewRow>;
	readonly projects: ProjectModel;
	/** A hint that some project is doing otherwise than before. */
	readonly onDidChangeJobs: Event<unknown>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** When the person last saw the projects: what failed since then is told. While they look it stays as it was. */
export class LastLook {
	#seenMs: number;

	constructor(private readonly memory: WorkspaceMemory) {
		this.#seenMs = memory.read(lookedKey, z.number(), Date.now());
	}

	get ms(): number {
		return this.#seenMs;
	}

	end(): void {
		this.#seenMs = Date.now();
		this.memory.set(lookedKey, this.#seenMs);
	}
}

/** The projects view's frame: it reads while it can be seen, and says what it is where it is no list. */
export class ProjectsView extends Owner {
	#timer: ReturnType<typeof setTimeout> | undefined;
	#readAtMs = 0;
	#wasVisible = false;

	constructor(
		private readonly parts: ProjectsViewParts,
		private readonly lastLook: LastLook,
	) {
		super();
		this.own(parts.view.onDidChangeVisibility(() => this.#look()));
		this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#look()));
		this.own(parts.projects.onDidChange(() => this.#show()));
		this.own(parts.onDidChangeJobs(() => this.#refreshIn(refreshAfterChangeMs)));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.#look();
		this.#show();
	}

	async refresh(): Promise<void> {
		await vscode.window.withProgress({ location: { viewId: views.projects } }, () => this.#read());
	}

	#look(): void {
		const { visible } = this.parts.view;
		if (this.#wasVisible && !visible) this.lastLook.end();
		this.#wasVisible = visible;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (visible) void this.#read();
	}

	async #read(): Promise<void> {
		if (!vscode.workspace.isTrusted) return;
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#readAtMs = Date.now();
		await this.parts.projects.refresh();
		this.#refreshIn(refreshEveryMs);
	}

	/** The sooner of two wishes counts; nothing is read while nobody can see it. */
	#refreshIn(ms: number): void {
		if (!this.parts.view.visible || this.isDisposed) return;
		const dueMs = Math.max(this.#readAtMs + refreshAfterChangeMs, Date.now() + ms);
		if (this.#timer !== undefined && ms >= refreshEveryMs) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(
			() => void this.#read(),
			Math.max(0, Math.min(dueMs, this.#readAtMs + refreshEveryMs) - Date.now()),
		);
	}

	#show(): void {
		const { projects, setContext } = this.parts;
		const { state, entries, addable } = projects.snapshot;
		// A relay that has been chosen meanwhile is asked at once.
		if (state.kind === "reading" && this.parts.view.visible) void this.#read();
		if (state.kind === "failed") this.parts.view.message = toLine(state.reason, 300);
		else delete this.parts.view.message;
		setContext("gamma.projectsState", this.#state(state.kind, entries.length));
		setContext("gamma.canAddProject", addable !== null);
	}

	#state(kind: ProjectModel["snapshot"]["state"]["kind"], count: number): ProjectsViewState {
		if (!vscode.workspace.isTrusted) return "untrusted";
		if (count > 0) return "ready";
		return kind === "ready" ? "noProjects" : kind;
	}
}
