import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import type { Door } from "../../core/jobs/door";
import { toLine } from "../../core/plainText";

/** A row that opens what the jobs lack. */
export function doorItem(id: string, door: Door | undefined): vscode.TreeItem {
	const item = new vscode.TreeItem(door?.label ?? "");
	const description = toLine(door?.description ?? "", 300);
	item.id = id;
	item.description = description;
	item.tooltip = toLine(door?.tooltip ?? "", 600);
	item.iconPath = new vscode.ThemeIcon(door?.icon ?? "blank");
	item.contextValue = `door ${door?.id ?? ""}`;
	item.accessibilityInformation = {
		label: description === "" ? (door?.label ?? "") : `${door?.label}, ${description}`,
	};
	if (door?.command) item.command = { command: commandId(door.command), title: door.label };
	return item;
}
