import * as vscode from "vscode";
import { isMjcf } from "../../core/viewer/problemOfModel";
import type { WorkspaceMemory } from "../memory";
import { readSetting } from "../settings";

const askedKey = "viewer.asked";

/** An XML file was opened as text: is it a model, the person is asked once whether to see it instead. */
export async function offerViewer(document: vscode.TextDocument, memory: WorkspaceMemory): Promise<void> {
	const wish = readSetting("viewer.openModels");
	if (wish === "text" || !isMjcf(document.getText().slice(0, 100_000))) return;
	if (wish === "viewer") {
		await vscode.commands.executeCommand("vscode.openWith", document.uri, "gamma.viewer");
		return;
	}
	if (memory.get(askedKey) === true) return;
	memory.set(askedKey, true);
	const open = vscode.l10n.t("Open Viewer");
	const always = vscode.l10n.t("Always");
	const chosen = await vscode.window.showInformationMessage(
		vscode.l10n.t(
			"{0} is a MuJoCo model. Gamma can show and simulate it.",
			vscode.workspace.asRelativePath(document.uri),
		),
		open,
		always,
	);
	if (chosen === undefined) return;
	if (chosen === always) {
		const target = vscode.ConfigurationTarget.Workspace;
		await vscode.workspace.getConfiguration("gamma").update("viewer.openModels", "viewer", target);
	}
	await vscode.commands.executeCommand("vscode.openWith", document.uri, "gamma.viewer");
}
