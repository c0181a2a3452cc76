import * as vscode from "vscode";
import { changedParams, type ParamChange } from "../../core/jobs/jobParams";
import { toIconFreeText } from "../../core/plainText";

interface Row extends vscode.QuickPickItem {
	readonly does: "run" | "add" | "edit";
	readonly name: string;
}

/**
 * Has the person change what a training is given, from what its run had: a list with each param's value, what is changed
 * on top with both. Undefined when they changed their mind.
 */
export async function askParams(
	title: string,
	before: Readonly<Record<string, string>>,
): Promise<readonly ParamChange[] | undefined> {
	const typed = new Map<string, string>();
	for (;;) {
		const changes = changedParams(before, typed);
		const options = { title, placeHolder: vscode.l10n.t("Choose a param to change"), matchOnDescription: true };
		const row = await vscode.window.showQuickPick<Row>(rowsOf(before, changes), options);
		if (!row) return undefined;
		if (row.does === "run") return changes;
		const name = row.does === "add" ? await askName(title, before) : row.name;
		const value = name === undefined ? undefined : await askValue(title, name, typed.get(name) ?? before[name]);
		if (name === undefined || value === undefined) continue;
		if (before[name] === value) typed.delete(name);
		else typed.set(name, value);
	}
}

function rowsOf(before: Readonly<Record<string, string>>, changes: readonly ParamChange[]): Row[] {
	const { Separator } = vscode.QuickPickItemKind;
	const changed = new Set(changes.map(({ name }) => name));
	const run = vscode.l10n.t("Re-run with {0} changed", changes.length === 1 ? "1 param" : `${changes.length} params`);
	const separator = (label: string): Row => ({ label, kind: Separator, does: "edit", name: "" });
	return [
		...(changes.length > 0 ? [{ label: `$(play) ${run}`, does: "run" as const, name: "" }] : []),
		...(changes.length > 0 ? [separator(vscode.l10n.t("changed"))] : []),
		...changes.map(
			(change): Row => ({
				label: `$(diff-modified) ${toIconFreeText(change.name)}`,
				description: toIconFreeText(
					change.before === null ? `+ ${change.after}` : `${change.before} → ${change.after}`,
				),
				does: "edit",
				name: change.name,
			}),
		),
		separator(vscode.l10n.t("as the run had them")),
		...Object.entries(before)
			.filter(([name]) => !changed.has(name))
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(
				([name, value]): Row => ({
					label: toIconFreeText(name),
					description: toIconFreeText(value),
					does: "edit",
					name,
				}),
			),
		{ label: `$(add) ${vscode.l10n.t("Add a param…")}`, alwaysShow: true, does: "add", name: "" },
	];
}

async function askName(title: string, before: Readonly<Record<string, string>>): Promise<string | undefined> {
	const name = await vscode.window.showInputBox({
		title,
		prompt: vscode.l10n.t("Name of the param"),
		validateInput: (text) => {
			if (text.trim() === "") return vscode.l10n.t("A param needs a name.");
			return Object.hasOwn(before, text.trim())
				? vscode.l10n.t("The run has this param: choose it in the list.")
				: null;
		},
	});
	return name?.trim();
}

function askValue(title: string, name: string, value: string | undefined): Thenable<string | undefined> {
	return vscode.window.showInputBox({
		title,
		prompt: vscode.l10n.t("Value of {0}", toIconFreeText(name, 80)),
		value: value ?? "",
	});
}
