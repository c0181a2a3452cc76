import { isAbsolute, relative, sep } from "node:path";
import { CommitIndex, noCommits } from "../../core/git/commitIndex";
import type { GitRepository } from "../../core/git/gitRepository";
import type { Run } from "../../shared/run";

/** Runs found for a commit or a file, and where they were looked for, for the sentence when there is none. */
export interface RunsOfCode {
	readonly runs: readonly Run[];
	/** `a1b2c3d`, or `a1b2c3d (HEAD)` and `9f8e7d6 (the last change of train.py)`. */
	readonly looked: readonly string[];
}

export function runsOfCommit(runs: Iterable<Run>, sha: string): RunsOfCode {
	return { runs: newestFirst(new CommitIndex(runs, noCommits).runsOf(sha)), looked: [sha.slice(0, 7)] };
}

/** Runs of HEAD and of the last commit that changed the file; of HEAD alone without a file in the repository. */
export async function runsOfFile(
	git: GitRepository,
	runs: Iterable<Run>,
	file: string | null,
	signal?: AbortSignal,
): Promise<RunsOfCode> {
	const head = await git.head(signal);
	if (!head) return { runs: [], looked: [] };
	const path = file === null ? null : pathInside(git.root, file);
	const [touched] = path === null ? [] : await git.commitsOfFile(path, 1, signal);
	const index = new CommitIndex(runs, noCommits);
	const found = new Map(
		[head.commit, touched ?? head.commit].flatMap((sha) => index.runsOf(sha)).map((run) => [run.key, run]),
	);
	const looked = [`${head.commit.slice(0, 7)} (HEAD)`];
	if (touched && touched !== head.commit) looked.push(`${touched.slice(0, 7)} (the last change of ${path})`);
	return { runs: newestFirst([...found.values()]), looked };
}

/** `file` relative to `root` with `/` between parts; null when it lies elsewhere. */
export function pathInside(root: string, file: string): string | null {
	const path = relative(root, file);
	if (path === "" || isAbsolute(path) || path === ".." || path.startsWith(`..${sep}`)) return null;
	return path.split(sep).join("/");
}

function newestFirst(runs: readonly Run[]): readonly Run[] {
	return [...runs].sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0));
}
