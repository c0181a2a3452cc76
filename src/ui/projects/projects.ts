import type * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { ProjectModel } from "../../core/projects/projectModel";
import { projectCommands } from "./projectCommands";
import type { ProjectPorts } from "./projectPorts";
import { ProjectsTree, type ProjectViewRow } from "./projectsTree";
import { LastLook, ProjectsView } from "./projectsView";
import { userOfToken } from "./userOfToken";

export interface ProjectsParts extends ProjectPorts {
	readonly view: vscode.TreeView<ProjectViewRow>;
}

/**
 * A file of its own (dist/projects.cjs), loaded when the view is seen or one of its commands runs: the relay's projects in
 * the editor, what is known of them, their rows and their commands.
 */
export class Projects extends Owner {
	readonly tree: ProjectsTree;
	readonly #projects: ProjectModel;
	readonly #view: ProjectsView;

	constructor(private readonly parts: ProjectsParts) {
		super();
		const { access, relay, jobs, local, memory, setContext, logger, view } = parts;
		const lastLook = new LastLook(memory);
		this.#projects = this.own(
			new ProjectModel({
				access,
				relay,
				userOf: userOfToken,
				forge: () => local.forge,
				onDidChangeForge: local.onDidChange,
				lookedMs: () => lastLook.ms,
				logger,
			}),
		);
		this.tree = this.own(new ProjectsTree(this.#projects));
		const projects = this.#projects;
		this.#view = this.own(
			new ProjectsView({ view, projects, onDidChangeJobs: jobs.onDidChange, setContext }, lastLook),
		);
	}

	commands() {
		const { access, relay, local, refreshJobs, view } = this.parts;
		return projectCommands({
			projects: this.#projects,
			tree: this.tree,
			selection: () => view.selection,
			relay,
			userId: async () => userOfToken(await access.token()),
			forge: () => local.forge,
			refresh: async () => {
				await Promise.all([this.#view.refresh(), refreshJobs()]);
			},
		});
	}
}
