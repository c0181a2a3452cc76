import type * as vscode from "vscode";
import type { JobSource } from "../../core/jobs/trackedJob";
import type { RelayAccess } from "../../core/relay/relayAccess";
import type { ClaudeAdapter } from "../agent/claudeAccess";
import type { EditPorts } from "../edits/editPorts";
import type { PanelDeps } from "../panels/panelDeps";
import type { Repository } from "../repository";

/** What two runs are compared with, and what one change is tested with. */
export interface WhyPorts {
	readonly deps: PanelDeps;
	readonly repository: Repository;
	readonly secrets: vscode.SecretStorage;
	readonly jobs: JobSource;
	readonly relayAccess: RelayAccess;
	readonly loadClaude: () => Promise<ClaudeAdapter>;
	readonly writers: EditPorts["writers"];
}
