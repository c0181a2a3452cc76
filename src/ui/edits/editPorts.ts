import type * as vscode from "vscode";
import type { CommitWriter } from "../../core/git/commitWriter";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { Relay } from "../../core/relay/relay";
import type { Prompt } from "../../shared/agent/conversation";
import type { Repository } from "../repository";

/** What proposed edits are reviewed and committed with. */
export interface EditPorts {
	/** Where proposals are kept over a reload; null where no folder is open. */
	readonly storage: vscode.Uri | null;
	readonly repository: Repository;
	/** The disk's and git's side of it. `guardPath` rejects with `edit.refused`; `commitsOf` is called in trusted workspaces only. */
	readonly writers: () => Promise<{
		guardPath(folder: string, path: string, use: "propose" | "write"): Promise<void>;
		commitsOf(
			folder: string,
			gitPath: string,
		): Promise<{ readonly root: string; readonly commits: CommitWriter } | null>;
	}>;
	/** Null where there is none that may be asked. */
	readonly relay: () => Relay | null;
	/** Has the relay's projects. */
	readonly jobs: Pick<JobSource, "snapshot">;
	/** Hands a prompt to the agent, in the conversation that is open. */
	readonly ask: (prompt: Prompt) => Promise<void>;
	readonly logger: Logger;
}
