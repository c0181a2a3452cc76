import * as vscode from "vscode";
import { commandId } from "../../core/contributions";

/** What a relay would add, and the ways to one. */
export async function addRelay(): Promise<void> {
	const options = [
		{
			label: `$(play) ${vscode.l10n.t("Start a local relay")}`,
			detail: vscode.l10n.t("On this machine, for you alone, without an account."),
			command: commandId("startLocalRelay"),
		},
		{
			label: `$(plug) ${vscode.l10n.t("Connect to your team's relay…")}`,
			detail: vscode.l10n.t("Everybody's jobs, live: progress, logs, comments. You need its address."),
			command: commandId("connectRelay"),
		},
		{
			label: `$(rocket) ${vscode.l10n.t("Set up MMP in this repository…")}`,
			detail: vscode.l10n.t("The workflow and settings with which a push to models trains; you review them first."),
			command: commandId("setUpProject"),
		},
	];
	const picked = await vscode.window.showQuickPick(options, {
		title: vscode.l10n.t("See Jobs as They Happen"),
		placeHolder: vscode.l10n.t("A relay hears of each push and shows how its training goes"),
	});
	if (picked) await vscode.commands.executeCommand(picked.command);
}
