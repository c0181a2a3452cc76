import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { describeRun, type RowScene } from "../../core/tree/describeRun";
import { differingParams } from "../../core/tree/differingParams";
import type { CommitNames } from "../../core/tree/groupOfRun";
import { runTooltip } from "../../core/tree/runTooltip";
import type { Run } from "../../shared/run";

/** Neighbours looked at for the params that set a run apart. */
const neighboursAtMost = 500;

/** A run's row. Its tooltip is made when the pointer rests on it. */
export function runItem(run: Run, scene: RowScene, hasChildren: boolean): vscode.TreeItem {
	const row = describeRun(run, scene);
	const { Collapsed, None } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(row.label, hasChildren ? Collapsed : None);
	item.id = `run:${run.key}`;
	item.description = row.description;
	item.iconPath = new vscode.ThemeIcon(
		row.icon,
		row.iconColour === null ? undefined : new vscode.ThemeColor(row.iconColour),
	);
	item.contextValue = row.contextValue;
	item.accessibilityInformation = { label: row.spoken };
	item.checkboxState = {
		state: scene.isChecked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
		tooltip: scene.isChecked ? vscode.l10n.t("On the charts") : vscode.l10n.t("Put on the charts"),
		accessibilityInformation: { label: `${row.label} on the charts` },
	};
	// Without arguments: VS Code forgets those of a row's old item before it draws the new one, and a click between fails.
	item.command = { command: commandId("previewRun"), title: vscode.l10n.t("Open Run") };
	return item;
}

/** Two rows with the same signature look the same. */
export function signatureOf(run: Run, scene: RowScene, hasChildren: boolean): string {
	return JSON.stringify([describeRun(run, scene), scene.isChecked, hasChildren]);
}

export function runTooltipOf(
	run: Run,
	names: CommitNames,
	storeLabel: string,
	neighbours: readonly Run[],
): vscode.MarkdownString {
	const text = runTooltip(run, {
		nowMs: Date.now(),
		branch: names.branchOf(run),
		commitSubject: run.commit === null ? null : names.subjectOf(run.commit),
		storeLabel,
		differingParams: differingParams(neighbours.slice(0, neighboursAtMost)),
	});
	const markdown = new vscode.MarkdownString(text, false);
	markdown.isTrusted = false;
	markdown.supportHtml = false;
	return markdown;
}
