import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { GitCommand } from "../git/gitCommand";

export interface CommitArchive {
	/** A `.tar.gz` of the commit's files. */
	readonly path: string;
	remove(): Promise<void>;
}

/**
 * The files of a commit, without git's own. Compressed here: git would start whatever program the repository's settings name for
 * that. Rejects with `git.failed`.
 */
export async function archiveCommit(root: string, commitSha: string, gitPath = "git"): Promise<CommitArchive> {
	const folder = await mkdtemp(join(tmpdir(), "gamma-source-"));
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		const tar = join(folder, "source.tar");
		const path = `${tar}.gz`;
		await new GitCommand(gitPath, root).run(["archive", "--format=tar", `--output=${tar}`, commitSha]);
		await pipeline(createReadStream(tar), createGzip(), createWriteStream(path));
		await rm(tar);
		return { path, remove };
	} catch (error) {
		await remove();
		throw error;
	}
}
