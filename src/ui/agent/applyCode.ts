import * as vscode from "vscode";
import { placeCode } from "../../core/agent/placeCode";
import type { ProposedEdits, ProposedFile } from "../../core/edits/proposedEdits";
import { GammaError } from "../../shared/errors";

/**
 * A code block of an answer as a proposed edit: in the file it names, else in the one in front; in place of what is selected
 * there, or of what it is a new version of. Whether the path may be proposed to is the review's to say.
 */
export async function applyCode(
	code: string,
	path: string | null,
	edits: ProposedEdits,
	conversationId: string,
): Promise<void> {
	const proposed = await fileOf(code, path);
	const set = await edits.propose(conversationId, vscode.l10n.t("Code of the answer"), [proposed]);
	await edits.review(set.id, proposed.path);
}

async function fileOf(code: string, path: string | null): Promise<ProposedFile> {
	const editor = vscode.window.activeTextEditor;
	const folder = vscode.workspace.workspaceFolders?.[0];
	const inFront = editor && vscode.workspace.getWorkspaceFolder(editor.document.uri) ? editor : undefined;
	const target = path ?? (inFront && vscode.workspace.asRelativePath(inFront.document.uri, false));
	if (target === undefined || !folder) {
		throw new GammaError("edit.refused", vscode.l10n.t("Open the file that this code is for, then press Apply again."));
	}
	const uri = vscode.Uri.joinPath(folder.uri, target);
	const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => null);
	if (!document)
		return { path: target, kind: "create", from: null, baseText: null, text: `${code.replace(/\s+$/, "")}\n` };
	const baseText = document.getText();
	const selected = inFront?.document === document && !inFront.selection.isEmpty ? inFront.selection : null;
	const text = selected
		? baseText.slice(0, document.offsetAt(selected.start)) + code + baseText.slice(document.offsetAt(selected.end))
		: placeCode(baseText, code);
	if (text === null) {
		throw new GammaError(
			"edit.refused",
			vscode.l10n.t(
				"It is not certain where in {0} this code belongs: select what it is to replace, then press Apply.",
				target,
			),
		);
	}
	return { path: target, kind: "edit", from: null, baseText, text };
}
