import * as vscode from "vscode";
import type { Prompt } from "../../shared/agent/conversation";
import { GammaError } from "../../shared/errors";

/** `gamma.editSelection`: what to do with the selected lines is asked in one line; the answer comes as edits of this file. */
export async function editSelection(ask: (prompt: Prompt) => Promise<void>): Promise<void> {
	const editor = vscode.window.activeTextEditor;
	const folder = editor && vscode.workspace.getWorkspaceFolder(editor.document.uri);
	if (!editor || !folder || editor.document.uri.scheme !== "file") {
		throw new GammaError("edit.refused", vscode.l10n.t("Open a file of this folder, select lines, and try again."));
	}
	const { document, selection } = editor;
	// Up to the start of a line is without that line; nothing selected is the cursor's line.
	const isBelow = selection.end.character === 0 && selection.end.line > selection.start.line;
	const last = isBelow ? selection.end.line - 1 : selection.end.line;
	const range = new vscode.Range(selection.start.line, 0, last, document.lineAt(last).range.end.character);
	const path = vscode.workspace.asRelativePath(document.uri, false);
	const [fromLine, toLine] = [range.start.line + 1, last + 1];
	const text = await vscode.window.showInputBox({
		title: vscode.l10n.t("Edit with Gamma"),
		prompt:
			fromLine === toLine
				? vscode.l10n.t("{0}, line {1}", path, fromLine)
				: vscode.l10n.t("{0}, lines {1} to {2}", path, fromLine, toLine),
		placeHolder: vscode.l10n.t("What should change?"),
	});
	if (!text?.trim()) return;
	const mention = { kind: "selection" as const, path, fromLine, toLine, text: document.getText(range) };
	await ask({ text: `${text.trim()}\n\nPropose it as an edit of these lines.`, mentions: [mention], images: [] });
}
