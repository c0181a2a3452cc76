import type { Event } from "../emitter";
import { CommitIndex, type CommitSources } from "../git/commitIndex";
import { chooseForge, type ForgeAddress } from "../git/forgeAddress";
import { type BranchTip, type CommitLine, type GitRepository, isModelsBranch } from "../git/gitRepository";

/** What a clone tells of trainings: where `models` branches stood, and what their commits say. */
export interface LocalHistory {
	readonly tips: readonly BranchTip[];
	readonly sources: CommitSources;
	/** Places runs by `sources`; holds none itself. */
	readonly index: CommitIndex;
	/** Commits of `models` branches by their first seven digits, so that a run's short sha meets the whole one. */
	readonly modelShas: ReadonlyMap<string, readonly string[]>;
	readonly lines: ReadonlyMap<string, CommitLine>;
	readonly forge: ForgeAddress | null;
}

/** The repository of the workspace, as far as there is one. */
export interface HistorySource {
	readonly git: GitRepository | null;
	/** Branches and their commits, as last read. */
	readonly sources: CommitSources;
	/** Refs, or the repository itself, changed; `sources` has been read anew. */
	readonly onDidChange: Event<void>;
}

/** Of the records of pushes and fetches so many are read, over all branches. */
const mostTips = 500;
/** Commits whose subject is read: the newest of each branch can have been trained. */
const linesPerBranch = 100;

/** Rejects as `GitRepository` does. */
export async function readLocalHistory(
	git: GitRepository,
	sources: CommitSources,
	signal?: AbortSignal,
): Promise<LocalHistory> {
	const [tips, remotes] = await Promise.all([git.modelTips(mostTips, signal), git.remotes(signal)]);
	const shas = [...tips.map(({ commit }) => commit)];
	for (const commits of sources.modelCommits.values()) shas.push(...commits.slice(0, linesPerBranch));
	return toHistory(tips, sources, await git.commitLines(shas, signal), chooseForge(remotes));
}

export function toHistory(
	tips: readonly BranchTip[],
	sources: CommitSources,
	lines: ReadonlyMap<string, CommitLine>,
	forge: ForgeAddress | null,
): LocalHistory {
	const modelShas = new Map<string, string[]>();
	for (const sha of new Set([...sources.modelCommits.values()].flat())) {
		const alike = modelShas.get(sha.slice(0, 7));
		if (alike) alike.push(sha);
		else modelShas.set(sha.slice(0, 7), [sha]);
	}
	return { tips, sources, index: new CommitIndex([], sources), modelShas, lines, forge };
}

export function hasModelsBranch(history: LocalHistory): boolean {
	return history.sources.branches.some(({ name }) => isModelsBranch(name)) || history.tips.length > 0;
}
