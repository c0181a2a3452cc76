import type { PushedCommit } from "../../core/mmp/pushedCommit";
import type { Relay } from "../../core/relay/relay";
import type { Job } from "../../shared/relay/job";

/** The relay's newest job of a push; null where it has heard of none. Rejects with a `relay.…` error. */
export async function findRelayJob(
	relay: Pick<Relay, "projects" | "jobs">,
	{ repository, branch, commitSha }: Pick<PushedCommit, "repository" | "branch" | "commitSha">,
): Promise<Job | null> {
	const projects = await relay.projects();
	const project = projects.find((each) => each.repository.toLowerCase() === repository?.toLowerCase());
	if (!project) return null;
	const { items } = await relay.jobs({ project: project.id, branch });
	return items.find((job) => job.commitSha === commitSha) ?? null;
}
