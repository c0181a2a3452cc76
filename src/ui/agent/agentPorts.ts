import type * as vscode from "vscode";
import type { Agent } from "../../core/agent/agent";
import type { ProposedEdits } from "../../core/edits/proposedEdits";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { Logger } from "../../core/logger";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { WorkspaceMemory } from "../memory";
import type { RunActions } from "../runActions";

/** What the conversation is shown and asked with. */
export interface AgentPorts {
	readonly extensionUri: vscode.Uri;
	/** The engine, loaded with the first use. */
	readonly agent: () => Promise<Agent>;
	readonly edits: () => Promise<ProposedEdits>;
	readonly runs: RunModel;
	readonly choices: RunChoices;
	readonly jobs: JobSource;
	readonly actions: Pick<RunActions, "openCharts">;

	readonly memory: WorkspaceMemory;
	readonly logger: Logger;
}
