import * as vscode from "vscode";
import type { SettingKey } from "../../core/contributions";
import { toIconFreeText } from "../../core/plainText";
import { readSetting } from "../settings";

interface Mute extends vscode.QuickPickItem {
	readonly key: SettingKey;
	readonly value: unknown;
	readonly done: string;
}

/** Asks what is to be silent, writes it as a setting and offers to take it back. */
export async function muteJobs(branches: readonly string[]): Promise<void> {
	const muted = readSetting("notices.mutedBranches");
	const mutes: readonly Mute[] = [
		...[...new Set(branches)].slice(0, 5).map((branch) => ({
			label: vscode.l10n.t("Jobs of {0}", toIconFreeText(branch, 100)),
			key: "notices.mutedBranches" as const,
			value: [...new Set([...muted, branch])],
			done: vscode.l10n.t("Ends of jobs on {0} are not told any more.", toIconFreeText(branch, 100)),
		})),
		{
			label: vscode.l10n.t("All but Failures"),
			key: "notices.jobEnded",
			value: "failures",
			done: vscode.l10n.t("Only failures of jobs are told from now on."),
		},
		{
			label: vscode.l10n.t("All Jobs"),
			key: "notices.jobEnded",
			value: "none",
			done: vscode.l10n.t("The ends of jobs are not told any more."),
		},
	];
	const chosen = await vscode.window.showQuickPick(mutes, {
		placeHolder: vscode.l10n.t("Whose ends are not to be told?"),
	});
	if (!chosen) return;
	const settings = vscode.workspace.getConfiguration("gamma");
	const before = settings.inspect(chosen.key)?.globalValue;
	await settings.update(chosen.key, chosen.value, vscode.ConfigurationTarget.Global);
	const undo = vscode.l10n.t("Undo");
	if ((await vscode.window.showInformationMessage(chosen.done, undo)) !== undo) return;
	await vscode.workspace.getConfiguration("gamma").update(chosen.key, before, vscode.ConfigurationTarget.Global);
}
