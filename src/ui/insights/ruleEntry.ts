import * as vscode from "vscode";
import { parseWatchRule } from "../../core/insights/watchRule";
import { toFailure } from "../../shared/errors";

/** Asks for a rule, checked while it is typed; undefined where the person left. */
export async function askRule(value: string): Promise<string | undefined> {
	const text = await vscode.window.showInputBox({
		title: vscode.l10n.t("Watch Rule"),
		prompt: vscode.l10n.t(
			"Such as val/loss > 1.2 for 5 min, or loss is nan then stop, or Traceback in log then wake (the agent looks).",
		),
		value,
		validateInput: (written) => {
			try {
				parseWatchRule(written);
				return null;
			} catch (error) {
				return toFailure(error).message;
			}
		},
	});
	return text?.trim();
}

/** Each once, in the person's own settings. */
export async function saveRules(rules: readonly string[]): Promise<void> {
	const unique = [...new Set(rules)];
	await vscode.workspace
		.getConfiguration("gamma")
		.update("watch.rules", unique.length === 0 ? undefined : unique, vscode.ConfigurationTarget.Global);
}
