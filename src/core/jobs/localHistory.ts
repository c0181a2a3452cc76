import type { Event } from "../emitter";
import type { CommitSources } from "../git/commitIndex";
import { chooseForge, type ForgeAddress } from "../git/forgeAddress";
import { type BranchTip, type CommitLine, type GitRepository, isModelsBranch } from "../git/gitRepository";

/** What a clone tells of trainings: where `models` branches stood, and what their commits say. */
export interface LocalHistory {
	readonly tips: readonly BranchTip[];
	/** Branches, and the commits of `models` branches and of main, as runs are placed by them. */
	readonly sources: CommitSources;
	readonly lines: ReadonlyMap<string, CommitLine>;
	readonly forge: ForgeAddress | null;
}

/** The repository of the workspace, as far as there is one. */
export interface HistorySource {
	readonly git: GitRepository | null;
	/** Refs, or the repository itself, changed. */
	readonly onDidChange: Event<void>;
}

/** Of the records of pushes and fetches so many are read, over all branches. */
const mostTips = 500;
/** Commits looked at per branch to tell where a run belongs. */
const commitsPerBranch = 1000;
/** Commits whose subject is read: the newest of each branch can have been trained. */
const linesPerBranch = 100;

/** Rejects as `GitRepository` does. */
export async function readLocalHistory(git: GitRepository, signal?: AbortSignal): Promise<LocalHistory> {
	const [tips, branches, modelCommits, main, remotes] = await Promise.all([
		git.modelTips(mostTips, signal),
		git.branches(signal),
		git.modelCommits(commitsPerBranch, signal),
		git.mainCommits(commitsPerBranch, signal),
		git.remotes(signal),
	]);
	const shas = [...tips.map(({ commit }) => commit)];
	for (const commits of modelCommits.values()) shas.push(...commits.slice(0, linesPerBranch));
	const lines = await git.commitLines(shas, signal);
	return { tips, sources: { branches, modelCommits, main }, lines, forge: chooseForge(remotes) };
}

export function hasModelsBranch(history: LocalHistory): boolean {
	return history.sources.branches.some(({ name }) => isModelsBranch(name)) || history.tips.length > 0;
}
