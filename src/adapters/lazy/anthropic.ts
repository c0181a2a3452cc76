/** A file of its own (dist/anthropic.cjs): what the agent asks Claude with, reads the folder with, and keeps conversations with. */

import type { GitHistory } from "../../core/agent/sources";
import { chooseForge } from "../../core/git/forgeAddress";
import type { CommitChange } from "../../core/summaries/commitSummary";
import { GitWords } from "../agent/gitHistory";
import { readCommitChange } from "../git/commitChange";
import { findRepository } from "../git/gitCli";
import { GitCommand } from "../git/gitCommand";

export { DiskConversations } from "../agent/diskConversations";
export { FolderFiles } from "../agent/workspaceFiles";
export { AnthropicClaude } from "../anthropic/anthropicClaude";
export { RelayConversationClient } from "../relay/relayConversationClient";

/** `owner/name` at the forge of the folder's repository; null where it has none. In a trusted workspace only. */
export async function forgeOf(folder: string, gitPath: string): Promise<string | null> {
	const repository = await findRepository(folder, gitPath);
	return (repository && chooseForge(await repository.remotes())?.repository) ?? null;
}

/** What commits changed, for summaries of them. Null where the folder lies in no repository. In a trusted workspace only. */
export async function changesOf(
	folder: string,
	gitPath: string,
): Promise<((sha: string, signal: AbortSignal) => Promise<CommitChange | null>) | null> {
	const repository = await findRepository(folder, gitPath);
	if (!repository) return null;
	const command = new GitCommand(gitPath, repository.root);
	return (sha, signal) => readCommitChange(command, sha, signal);
}

/** Null where the folder lies in no repository. In a trusted workspace only. */
export async function historyOf(folder: string, gitPath: string): Promise<GitHistory | null> {
	const repository = await findRepository(folder, gitPath);
	return repository && new GitWords(new GitCommand(gitPath, repository.root));
}
