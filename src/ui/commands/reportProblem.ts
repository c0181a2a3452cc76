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

const showLog: Remedy = { label: vscode.l10n.t("Show Log"), command: commandId("showLog") };
const remedies: Partial<Record<ErrorCode, Remedy>> = {
	"store.missing": { label: vscode.l10n.t("Refresh"), command: commandId("refresh") },
	"store.unreachable": { label: vscode.l10n.t("Refresh"), command: commandId("refresh") },
	"store.busy": { label: vscode.l10n.t("Refresh"), command: commandId("refresh") },
	"store.refused": { label: vscode.l10n.t("Sign In…"), command: commandId("connectServer") },
	"job.missing": { label: vscode.l10n.t("Refresh"), command: commandId("refreshJobs") },
	"job.unmanaged": { label: vscode.l10n.t("Add a Relay…"), command: commandId("addRelay") },
	"run.missing": { label: vscode.l10n.t("Refresh"), command: commandId("refresh") },
	"relay.notStarted": { label: vscode.l10n.t("Show Local Relay's Log"), command: commandId("showRelayLog") },
	"relay.unauthorized": { label: vscode.l10n.t("Sign In"), command: commandId("signIn") },
	"session.ended": { label: vscode.l10n.t("Sign In"), command: commandId("signIn") },
	"signIn.denied": { label: vscode.l10n.t("Sign In Again"), command: commandId("signIn") },
	"signIn.failed": { label: vscode.l10n.t("Sign In Again"), command: commandId("signIn") },
	"settings.invalid": {
		label: vscode.l10n.t("Open Settings"),
		command: "workbench.action.openSettings",
		argument: "gamma",
	},
	"workspace.untrusted": { label: vscode.l10n.t("Manage Trust"), command: "workbench.trust.manage" },
};

/** One sentence and, where there is one, the button that helps. What nobody expected goes to the log as well. */
export async function reportProblem(error: unknown, command: string, logger: Logger): Promise<void> {
	if (GammaError.is(error, "call.cancelled")) return;
	const isExpected = GammaError.is(error) && error.code !== "unexpected";
	const message = error instanceof Error ? error.message : String(error);
	if (!isExpected)
		logger.error(`${command} failed`, { reason: message, stack: error instanceof Error ? error.stack : "" });
	const remedy = (isExpected && remedies[error.code]) || (isExpected ? undefined : showLog);
	const sentence = toNoticeText(isExpected ? message : vscode.l10n.t("Gamma could not do this: {0}", message), 500);
	const chosen = await vscode.window.showErrorMessage(sentence, ...(remedy ? [remedy.label] : []));
	if (remedy && chosen === remedy.label) {
		await vscode.commands.executeCommand(remedy.command, ...(remedy.argument === undefined ? [] : [remedy.argument]));
	}
}
