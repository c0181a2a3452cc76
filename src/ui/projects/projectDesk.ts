import { views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { once } from "../../core/once";
import { lazyCommands } from "../commands/lazyCommands";
import { LazyTree } from "../tree/lazyTree";
import type { ProjectPorts } from "./projectPorts";
import type { Projects } from "./projects";
import type { ProjectViewRow } from "./projectsTree";

export interface ProjectDeskParts extends ProjectPorts {
	readonly load: () => Promise<typeof import("./projects")>;
}

/** The view "Projects" as it stands at the start: its frame and the names of its commands. */
export class ProjectDesk extends Owner {
	readonly #tree = this.own(new LazyTree<ProjectViewRow>(views.projects, async () => (await this.#projects()).tree));
	readonly #projects: () => Promise<Projects> = once(async () => {
		const { Projects } = await this.parts.load();
		return this.own(new Projects({ ...this.parts, view: this.#tree.view }));
	});

	constructor(private readonly parts: ProjectDeskParts) {
		super();
	}

	commands() {
		return lazyCommands<ReturnType<Projects["commands"]>>(
			{
				addProject: true,
				editProject: true,
				showMembers: true,
				removeProject: true,
				openProjectOnForge: true,
				copyUserId: true,
				refreshProjects: true,
			},
			async () => (await this.#projects()).commands(),
		);
	}
}
