import type { Run } from "../../shared/run";
import { sameCommit } from "../git/commitIndex";
import type { ChangedFile, GitRepository } from "../git/gitRepository";
import { hunksBetween, hunksOfPatch, type WhyHunk } from "./whyHunk";

export interface CodeHunksSources {
	/** Null where no repository is open, or it may not be read yet. */
	readonly git: () => Pick<GitRepository, "commit" | "changedFiles" | "fileAt"> | null;
	/** The changes that a run had not committed and stored; null where it stored none. */
	readonly uncommitted: (run: Run, signal: AbortSignal) => Promise<string | null>;
}

export interface CodeHunks {
	readonly hunks: readonly WhyHunk[];
	/** What cannot be said of the code, or how much there is, in one sentence. */
	readonly sentence: string;
	/** Whether the two commits could be compared. */
	readonly isKnown: boolean;
}

const mostFiles = 300;

/** The code by which two runs differ: between their commits, then what each had not committed. Rejects with `git.*` and `call.cancelled`. */
export async function codeHunks(
	base: Run,
	other: Run,
	sources: CodeHunksSources,
	signal: AbortSignal,
): Promise<CodeHunks> {
	const stored = await Promise.all([base, other].map((run) => sources.uncommitted(run, signal)));
	const [ofBase, ofOther] = [stored[0] ?? "", stored[1] ?? ""];
	// What both had alike is no difference.
	const loose = ofBase === ofOther ? [] : [...hunksOfPatch(ofBase, "base"), ...hunksOfPatch(ofOther, "other")];
	const said = (sentence: string, isKnown: boolean, hunks: readonly WhyHunk[] = []): CodeHunks => ({
		...{ sentence, isKnown },
		hunks: [...hunks, ...loose],
	});
	if (base.commit === null || other.commit === null) {
		return said(`${(base.commit === null ? base : other).name} names no commit, so its code is not known.`, false);
	}
	if (sameCommit(base.commit, other.commit)) {
		const rest = loose.length > 0 ? "what was not committed differs." : "nothing uncommitted was stored that differs.";
		return said(`Both were started from ${base.commit.slice(0, 7)}; ${rest}`, true);
	}
	const git = sources.git();
	if (!git) return said("No git repository is open here: open the folder that holds the code.", false);
	const [from, to] = [await git.commit(base.commit, signal), await git.commit(other.commit, signal)];
	if (!from || !to) {
		const sha = (from ? other.commit : base.commit).slice(0, 7);
		return said(`This repository does not have the commit ${sha}: fetch it, then look again.`, false);
	}
	const files = await git.changedFiles(from.sha, to.sha, signal);
	const hunks: WhyHunk[] = [];
	for (const file of files.slice(0, mostFiles)) hunks.push(...(await hunksOf(git, file, from.sha, to.sha, signal)));
	const cut = files.length > mostFiles ? `, of which ${mostFiles} are looked at` : "";
	const count = files.length === 1 ? "1 file differs" : `${files.length} files differ`;
	return said(`${count} between ${from.sha.slice(0, 7)} and ${to.sha.slice(0, 7)}${cut}.`, true, hunks);
}

async function hunksOf(
	git: Pick<GitRepository, "fileAt">,
	file: ChangedFile,
	from: string,
	to: string,
	signal: AbortSignal,
): Promise<readonly WhyHunk[]> {
	const before = file.kind === "added" ? null : await git.fileAt(from, file.previousPath ?? file.path, signal);
	const after = file.kind === "deleted" ? null : await git.fileAt(to, file.path, signal);
	return hunksBetween(file, before, after);
}
