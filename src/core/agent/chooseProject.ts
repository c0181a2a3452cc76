import type { Project } from "../../shared/relay/project";

export interface ProjectQuestion {
	/** The relay's, as far as this person sees them. */
	readonly projects: readonly Pick<Project, "id" | "name" | "repository">[];
	/** `local`: a relay of one person, where nobody else reads along. */
	readonly kind: "local" | "shared";
	/** `owner/name` of the clone in this window; null where it has no forge. */
	readonly repository: string | null;
	/** What the person said when they were asked; null while they were not. */
	readonly answer: { readonly projectId: string | null } | null;
}

/**
 * The project that this window's conversations belong to: the repository decides, else what the person said, else the only
 * one there is, unless it is a team's of another repository. `ask` where nobody has said; null for none.
 */
export function chooseProject({ projects, kind, repository, answer }: ProjectQuestion): string | "ask" | null {
	const same = projects.find((project) => project.repository.toLowerCase() === repository?.toLowerCase());
	if (same) return same.id;
	if (projects.length === 0) return null;
	if (answer?.projectId === null) return null;
	if (answer && projects.some(({ id }) => id === answer.projectId)) return answer.projectId;
	const [only, ...others] = projects;
	const isOurs = kind === "local" || repository === null;
	return only && others.length === 0 && isOurs ? only.id : "ask";
}
