import { type PushedCommit, toPushedCommit } from "../../core/mmp/pushedCommit";
import {
	defaultTrainSettings,
	parseTrainSettings,
	type TrainSettings,
	trainSettingsPath,
} from "../../core/mmp/trainSettings";
import { GammaError } from "../../shared/errors";
import { type FoundProject, findProject } from "./findProject";

export interface FoundPush {
	readonly project: FoundProject;
	readonly pushed: PushedCommit;
	readonly message: string;
	/** As the commit has them. */
	readonly settings: TrainSettings;
}

/** The commit that is checked out in a folder, as a push. Rejects with `git.failed` or `settings.invalid`. */
export async function readPushed(
	folder: string,
	environment: Readonly<Record<string, string | undefined>>,
	branch?: string,
): Promise<FoundPush> {
	const project = await findProject(folder);
	const head = await project.git.head();
	if (!head) throw new GammaError("git.failed", `${project.root} has no commit yet: commit what is to be trained.`);
	const local = { commitSha: head.commit, branch: head.branch, repository: project.repository };
	const pushed = toPushedCommit(local, environment, branch);
	const commit = await project.git.commit(pushed.commitSha);
	const file = await project.git.fileAt(pushed.commitSha, trainSettingsPath);
	return {
		project,
		pushed,
		message: commit?.subject ?? "",
		settings: file ? parseTrainSettings(new TextDecoder().decode(file)) : defaultTrainSettings,
	};
}
