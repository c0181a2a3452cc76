import type * as vscode from "vscode";
import type { Logger } from "../../core/logger";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import type { RunLibrary } from "../../core/stores/runLibrary";
import type { RunActions } from "../runActions";

/** What every panel is given. */
export interface PanelDeps {
	readonly extensionUri: vscode.Uri;
	readonly library: RunLibrary;
	readonly model: RunModel;
	readonly choices: RunChoices;
	readonly actions: RunActions;
	readonly logger: Logger;
}
