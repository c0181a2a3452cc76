import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { describeJob, type JobScene } from "../../core/jobs/describeJob";
import type { BranchRow } from "../../core/jobs/jobTree";
import type { TrackedJob } from "../../core/jobs/trackedJob";
import { toLine } from "../../core/plainText";
import { isEnd } from "../../shared/relay/job";

/** Branches that are open at first, beside those where something is going on. */
const openBranches = 3;

export function branchItem(id: string, branch: BranchRow, place: number): vscode.TreeItem {
	const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
	const isGoing = branch.pushes.some(({ newest }) => !isEnd(newest.job.status));
	const label = toLine(branch.branch, 120);
	const item = new vscode.TreeItem(label, isGoing || place < openBranches ? Expanded : Collapsed);
	const words = branchWords(branch);
	item.id = id;
	item.description = words.join(" · ");
	// The editor indents a row with an icon rightly only below one that has an icon too.
	item.iconPath = new vscode.ThemeIcon("git-branch");
	item.contextValue = "branch";
	item.tooltip = [label, ...words].join("\n");
	item.accessibilityInformation = { label: [label, ...words].join(", ") };
	return item;
}

export function jobItem(id: string, tracked: TrackedJob, scene: JobScene, hasChildren: boolean): vscode.TreeItem {
	const row = describeJob(tracked, scene);
	const { Collapsed, None } = vscode.TreeItemCollapsibleState;
	const item = new vscode.TreeItem(row.label, hasChildren ? Collapsed : None);
	item.id = id;
	item.description = row.description;
	item.iconPath = new vscode.ThemeIcon(
		row.icon,
		row.iconColour === null ? undefined : new vscode.ThemeColor(row.iconColour),
	);
	item.contextValue = row.contextValue;
	item.accessibilityInformation = { label: row.spoken };
	// Without arguments: VS Code forgets those of a row's old item before it draws the new one, and a click between fails.
	item.command = { command: commandId("previewJob"), title: vscode.l10n.t("Open Job") };
	return item;
}

/** Two rows with the same signature look the same. */
export function jobSignature(tracked: TrackedJob, scene: JobScene, hasChildren: boolean): string {
	return JSON.stringify([describeJob(tracked, scene), hasChildren]);
}

export function branchSignature(branch: BranchRow): string {
	return [...branchWords(branch), ...branch.pushes.map(({ key }) => key)].join("\n");
}

function branchWords({ repository, runningCount, waitingCount, pushes }: BranchRow): string[] {
	const words = [
		repository === null ? "" : toLine(repository, 80),
		runningCount > 0 ? `${runningCount} running` : "",
		waitingCount > 0 ? `${waitingCount} waiting` : "",
		runningCount + waitingCount > 0 ? "" : pushes.length === 1 ? "1 job" : `${pushes.length} jobs`,
	];
	return words.filter((word) => word !== "");
}
