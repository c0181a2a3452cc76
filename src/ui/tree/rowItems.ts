import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { formatAge } from "../../core/durations";
import { toLine } from "../../core/plainText";
import type { RunGroup } from "../../core/tree/runTree";
import type { StoreSummary } from "../../shared/run";
import type { RunViewRow } from "./runRows";

/** Groups that are open at first; with more of them a person looks for one. */
const openGroups = 8;

export function groupItem(
	id: string,
	group: RunGroup | undefined,
	storeLabel: string | null,
	groupCount: number,
): vscode.TreeItem {
	const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
	const label = toLine(group?.label ?? "", 120);
	const item = new vscode.TreeItem(label, groupCount > openGroups ? Collapsed : Expanded);
	const count = group?.runs.length ?? 0;
	const words = [
		toLine(group?.detail ?? "", 80),
		count === 1 ? "1 run" : `${count.toLocaleString("en")} runs`,
		group?.runningCount ? `${group.runningCount.toLocaleString("en")} running` : "",
		storeLabel === null ? "" : toLine(storeLabel, 60),
	].filter((word) => word !== "");
	item.id = id;
	item.description = words.join(" · ");
	item.contextValue = "group";
	item.tooltip = label;
	item.accessibilityInformation = { label: [label, ...words].join(", ") };
	return item;
}

/** A store that cannot be read: its reason, and what was read before with its age. */
export function storeItem(id: string, store: StoreSummary | undefined, isCloseable: boolean): vscode.TreeItem {
	const item = new vscode.TreeItem(toLine(store?.label ?? "", 80));
	const state = store?.state;
	const reason = state?.kind === "failed" ? toLine(state.message, 300) : "";
	const age =
		state?.kind === "failed" && state.lastReadMs !== null ? ` Read ${formatAge(state.lastReadMs, Date.now())}.` : "";
	item.id = id;
	item.description = reason;
	item.tooltip = `${reason}${age}\n${toLine(store?.uri ?? "", 300)}`;
	item.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground"));
	item.contextValue = `store failed${isCloseable ? " closeable" : ""}`;
	item.accessibilityInformation = { label: `${item.label}, could not be read: ${reason}` };
	return item;
}

/** A server that a file of the workspace names: contacted only by this click. */
export function askedItem(row: Extract<RunViewRow, { kind: "asked" }>): vscode.TreeItem {
	const host = toLine(row.host, 200);
	const item = new vscode.TreeItem(vscode.l10n.t("Connect to {0}…", host));
	item.id = row.id;
	item.description = vscode.l10n.t("named by this workspace");
	item.tooltip = vscode.l10n.t(
		"A file of this workspace names {0} as a store. It is not contacted until you say so.",
		host,
	);
	item.iconPath = new vscode.ThemeIcon("plug");
	item.contextValue = "asked";
	// VS Code would say the tooltip instead.
	item.accessibilityInformation = { label: vscode.l10n.t("Connect to {0}, named by this workspace", host) };
	item.command = { command: commandId("allowServer"), title: "Connect" };
	return item;
}

export function moreItem(row: RunViewRow, label: string): vscode.TreeItem {
	const item = new vscode.TreeItem(label);
	item.id = row.id;
	item.iconPath = new vscode.ThemeIcon("ellipsis");
	item.contextValue = "more";
	item.accessibilityInformation = { label };
	item.command = { command: commandId("showMore"), title: vscode.l10n.t("Show More") };
	return item;
}
