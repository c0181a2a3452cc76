import { basename } from "node:path";
import { chooseForge } from "../../core/git/forgeAddress";
import { GammaError } from "../../shared/errors";
import { findRepository, type GitCli } from "../git/gitCli";

export interface FoundProject {
	readonly git: GitCli;
	readonly root: string;
	/** `owner/name` at the forge; null where the clone has no remote there. */
	readonly repository: string | null;
	readonly folderName: string;
}

/** The repository that a command is called in. Rejects with `git.missing`, or `git.failed` where there is none. */
export async function findProject(folder: string, gitPath = "git"): Promise<FoundProject> {
	const git = await findRepository(folder, gitPath);
	if (!git)
		throw new GammaError("git.failed", `${folder} is in no git repository: call git init, or change the folder.`);
	const forge = chooseForge(await git.remotes());
	return { git, root: git.root, repository: forge?.repository ?? null, folderName: basename(git.root) };
}
