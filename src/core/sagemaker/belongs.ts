import type { SagemakerSettings } from "../mmp/sagemakerSettings";
import { trainingWords } from "../mmp/trainingName";
import type { Training } from "./training";

/** Which trainings of an account are a project's. */
export interface ProjectTrainings {
	/** `owner/name`, or a folder's name as `gamma submit` tags it without a forge. */
	readonly project: string;
	/** The role of `.gamma/train.json`; null where it names none. */
	readonly role: SagemakerSettings["role"];
	/** Names that the relay tells of. */
	readonly names: ReadonlySet<string>;
}

/** Why a training counts as the project's; null where it does not. Tags that name another project decide. */
export type Belonging = "name" | "tag" | "prefix" | "role";

export function belongingOf(
	training: Pick<Training, "name" | "tags" | "environment" | "role">,
	of: ProjectTrainings,
): Belonging | null {
	if (of.names.has(training.name)) return "name";
	const tagged = training.tags["gamma:project"] ?? training.environment.GAMMA_PROJECT;
	if (tagged !== undefined) return tagged.toLowerCase() === of.project.toLowerCase() ? "tag" : null;
	if (hasPrefix(training.name, of)) return "prefix";
	return of.role !== null && training.role === of.role ? "role" : null;
}

/** What a list without tags already tells, so that likely trainings are asked about first. */
export function hasPrefix(name: string, { project }: Pick<ProjectTrainings, "project">): boolean {
	const prefix = trainingWords(project.split("/").at(-1) ?? "").toLowerCase();
	return prefix !== "" && name.toLowerCase().startsWith(`${prefix}-models`);
}

/** Which commit it trains, and how that is known. */
export interface TrainedCommit {
	readonly commitSha: string;
	readonly branch: string | null;
	readonly workflowRunId: string | null;
	readonly jobId: string | null;
	/** Neither tags nor environment said it: it is read out of the name. */
	readonly isGuess: boolean;
}

/**
 * From tags, then environment; where both are silent from a name such as `spirals-models-lr-0123456-42-1`, which is a guess.
 * Null where nothing names a commit. `commits` are those that the clone knows.
 */
export function commitOfTraining(
	{ name, tags, environment }: Pick<Training, "name" | "tags" | "environment">,
	commits: Iterable<string>,
): TrainedCommit | null {
	const said = (tag: string, variable: string) => tags[`gamma:${tag}`] ?? environment[variable] ?? null;
	const workflowRunId = said("workflowRun", "GAMMA_WORKFLOW_RUN");
	const jobId = said("job", "GAMMA_JOB_ID");
	const commit = said("commit", "GAMMA_COMMIT")?.toLowerCase() ?? "";
	if (/^[0-9a-f]{7,64}$/.test(commit))
		return { commitSha: commit, branch: said("branch", "GAMMA_BRANCH"), workflowRunId, jobId, isGuess: false };
	const words = new Set(name.toLowerCase().split("-"));
	for (const sha of commits)
		if (words.has(sha.slice(0, 7).toLowerCase()))
			return { commitSha: sha, branch: said("branch", "GAMMA_BRANCH"), workflowRunId, jobId, isGuess: true };
	return null;
}
