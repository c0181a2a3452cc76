/** A file of its own (dist/edits.cjs): what writes the accepted edits' commits, and tells which files may be proposed. */

import type { CommitWriter } from "../../core/git/commitWriter";
import { CommitCli } from "../git/commitCli";
import { findRepository } from "../git/gitCli";
import { GitCommand } from "../git/gitCommand";

export { guardPath } from "../edits/guardPath";

/** Null where the folder lies in no repository. In a trusted workspace only. */
export async function commitsOf(
	folder: string,
	gitPath: string,
): Promise<{ readonly root: string; readonly commits: CommitWriter } | null> {
	const repository = await findRepository(folder, gitPath);
	return repository && { root: repository.root, commits: new CommitCli(new GitCommand(gitPath, repository.root)) };
}
