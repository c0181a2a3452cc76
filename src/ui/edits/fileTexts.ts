import * as vscode from "vscode";
import { GammaError } from "../../shared/errors";

/** The document of a file as the editor has it, with what is typed in it and not saved; null where there is no file. */
export async function openText(uri: vscode.Uri): Promise<vscode.TextDocument | null> {
	const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
	if (open && !open.isClosed && open.isDirty) return open;
	const isThere = await vscode.workspace.fs.stat(uri).then(
		({ type }) => (type & vscode.FileType.File) !== 0,
		() => false,
	);
	if (!isThere) return null;
	try {
		return await vscode.workspace.openTextDocument(uri);
	} catch {
		const name = vscode.workspace.asRelativePath(uri);
		throw new GammaError(
			"edit.refused",
			`${name} cannot be opened as a text: the editor takes it for no text, or for too much.`,
		);
	}
}

export function lineEndOfDocument({ eol }: vscode.TextDocument): string {
	return eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
}

/** Rejects with `edit.refused` where the file's encoding cannot say this text: saving would write question marks. */
export async function demandEncodable(text: string, encoding: string, name: string): Promise<Uint8Array> {
	const bytes = await vscode.workspace.encode(text, { encoding });
	if (/^utf/.test(encoding) || (await vscode.workspace.decode(bytes, { encoding })) === text) return bytes;
	throw new GammaError(
		"edit.refused",
		`${name} is kept as ${encoding}, which has not all characters of this edit: save it with another encoding first.`,
	);
}
