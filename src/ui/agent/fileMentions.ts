import * as vscode from "vscode";
import type { Mention } from "../../shared/agent/conversation";
import { GammaError } from "../../shared/errors";

/** A file or folder of the workspace. Rejects with `call.invalid` for one outside it. */
export async function mentionOfFile(uri: vscode.Uri): Promise<Mention> {
	if (!vscode.workspace.getWorkspaceFolder(uri)) {
		throw new GammaError(
			"call.invalid",
			vscode.l10n.t("Only files of this workspace can be added: this one lies outside."),
		);
	}
	const path = vscode.workspace.asRelativePath(uri, false);
	const { type } = await vscode.workspace.fs.stat(uri).then(undefined, () => ({ type: vscode.FileType.File }));
	if (type & vscode.FileType.Directory) return { kind: "folder", path };
	return { kind: "file", path, fromLine: null, toLine: null };
}

/** What is selected in the editor in front, by whole lines; without a selection the whole file. */
export function mentionOfSelection(): Mention {
	const editor = vscode.window.activeTextEditor;
	if (!editor || !vscode.workspace.getWorkspaceFolder(editor.document.uri)) {
		throw new GammaError("call.invalid", vscode.l10n.t("Open a file of this folder, select lines, and try again."));
	}
	const { document, selection } = editor;
	const path = vscode.workspace.asRelativePath(document.uri, false);
	if (selection.isEmpty) return { kind: "file", path, fromLine: null, toLine: null };
	const last = selection.end.character === 0 ? selection.end.line - 1 : selection.end.line;
	const range = new vscode.Range(selection.start.line, 0, last, document.lineAt(last).range.end.character);
	return {
		kind: "selection",
		path,
		fromLine: selection.start.line + 1,
		toLine: last + 1,
		text: document.getText(range),
	};
}
