/** A file of its own (dist/anthropic.cjs): what the agent asks Claude with, reads the folder with, and keeps conversations with. */

import type { GitHistory } from "../../core/agent/sources";
import { GitWords } from "../agent/gitHistory";
import { findRepository } from "../git/gitCli";
import { GitCommand } from "../git/gitCommand";

export { DiskConversations } from "../agent/diskConversations";
export { FolderFiles } from "../agent/workspaceFiles";
export { AnthropicClaude } from "../anthropic/anthropicClaude";

/** Null where the folder lies in no repository. In a trusted workspace only. */
export async function historyOf(folder: string, gitPath: string): Promise<GitHistory | null> {
	const repository = await findRepository(folder, gitPath);
	return repository && new GitWords(new GitCommand(gitPath, repository.root));
}
