import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { JobModel } from "../../core/jobs/jobModel";
import type { LocalJobs } from "../../core/jobs/localJobs";
import type { Logger } from "../../core/logger";
import { ProjectModel } from "../../core/projects/projectModel";
import type { Relay } from "../../core/relay/relay";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { WorkspaceMemory } from "../memory";
import { type LoadProjectDialogs, projectCommands } from "./projectCommands";
import { ProjectsTree } from "./projectsTree";
import { LastLook, ProjectsView } from "./projectsView";
import { userOfToken } from "./userOfToken";

export interface ProjectDeskParts {
	readonly access: RelayAccess;
	readonly relay: () => Promise<Relay>;
	readonly dialogs: LoadProjectDialogs;
	readonly jobs: JobModel;
	/** Knows where the clone's pushes go. */
	readonly local: Pick<LocalJobs, "forge" | "onDidChange">;
	readonly memory: WorkspaceMemory;
	/** The projects are others, or otherwise. */
	readonly refreshJobs: () => Promise<void>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
	readonly logger: Logger;
}

/** The relay's projects in the editor: what is known of them, their view and their commands. */
export class ProjectDesk extends Owner {
	readonly #lastLook: LastLook;
	readonly #projects: ProjectModel;
	readonly #tree: ProjectsTree;
	readonly #view: ProjectsView;

	constructor(private readonly parts: ProjectDeskParts) {
		super();
		const { access, relay, jobs, local, memory, setContext, logger } = parts;
		this.#lastLook = new LastLook(memory);
		this.#projects = this.own(
			new ProjectModel({
				access,
				relay,
				userOf: userOfToken,
				forge: () => local.forge,
				onDidChangeForge: local.onDidChange,
				lookedMs: () => this.#lastLook.ms,
				logger,
			}),
		);
		this.#tree = this.own(new ProjectsTree(this.#projects));
		const view = { tree: this.#tree, projects: this.#projects, onDidChangeJobs: jobs.onDidChange, setContext };
		this.#view = this.own(new ProjectsView(view, this.#lastLook));
	}

	commands() {
		const { access, relay, dialogs, local, refreshJobs } = this.parts;
		return projectCommands({
			projects: this.#projects,
			tree: this.#tree,
			selection: () => this.#view.selection,
			relay,
			dialogs,
			userId: async () => userOfToken(await access.token()),
			forge: () => local.forge,
			refresh: async () => {
				await Promise.all([this.#view.refresh(), refreshJobs()]);
			},
		});
	}
}
