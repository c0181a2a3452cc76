import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import type { Logger } from "../../core/logger";
import { toNoticeText } from "../../core/plainText";
import { type ErrorCode, GammaError } from "../../shared/errors";

interface Remedy {
	readonly label: string;
	readonly command: string;
	readonly argument?: string;
}

const showLog: Remedy = { label: "Show Log", command: commandId("showLog") };
const remedies: Partial<Record<ErrorCode, Remedy>> = {
	"store.missing": { label: "Refresh", command: commandId("refresh") },
	"store.unreachable": { label: "Refresh", command: commandId("refresh") },
	"store.busy": { label: "Refresh", command: commandId("refresh") },
	"store.refused": { label: "Sign In…", command: commandId("connectServer") },
	"run.missing": { label: "Refresh", command: commandId("refresh") },
	"settings.invalid": { label: "Open Settings", command: "workbench.action.openSettings", argument: "gamma" },
	"workspace.untrusted": { label: "Manage Trust", command: "workbench.trust.manage" },
};

/** One sentence and, where there is one, the button that helps. What nobody expected goes to the log as well. */
export async function reportProblem(error: unknown, command: string, logger: Logger): Promise<void> {
	if (GammaError.is(error, "call.cancelled")) return;
	const isExpected = GammaError.is(error) && error.code !== "unexpected";
	const message = error instanceof Error ? error.message : String(error);
	if (!isExpected)
		logger.error(`${command} failed`, { reason: message, stack: error instanceof Error ? error.stack : "" });
	const remedy = (isExpected && remedies[error.code]) || (isExpected ? undefined : showLog);
	const sentence = toNoticeText(isExpected ? message : `Gamma could not do this: ${message}`, 500);
	const chosen = await vscode.window.showErrorMessage(sentence, ...(remedy ? [remedy.label] : []));
	if (remedy && chosen === remedy.label) {
		await vscode.commands.executeCommand(remedy.command, ...(remedy.argument === undefined ? [] : [remedy.argument]));
	}
}
