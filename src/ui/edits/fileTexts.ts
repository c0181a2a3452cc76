import * as vscode from "vscode";
import { withLineEnd } from "../../core/edits/lines";
import { GammaError } from "../../shared/errors";

/** The editor hears of a file that another program changed a moment later, longer on a busy machine. */
const hearsWithinMs = 10_000;

/**
 * The document of a file as it is now: with what is typed in it and not saved, else as it is on disk; null where there is no
 * file. Rejects with `edit.refused` for what is no text, with `edit.stale` where the editor does not take up what is on disk.
 */
export async function openText(uri: vscode.Uri): Promise<vscode.TextDocument | null> {
	const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
	if (open && !open.isClosed && open.isDirty) return open;
	const isThere = await vscode.workspace.fs.stat(uri).then(
		({ type }) => (type & vscode.FileType.File) !== 0,
		() => false,
	);
	if (!isThere) return null;
	const name = vscode.workspace.asRelativePath(uri);
	const document = await vscode.workspace.openTextDocument(uri).then(undefined, () => {
		const sentence = `${name} cannot be opened as a text: the editor takes it for no text, or for too much.`;
		throw new GammaError("edit.refused", sentence);
	});
	const until = Date.now() + hearsWithinMs;
	while (!document.isDirty && !document.isClosed && !(await isAsOnDisk(document))) {
		if (Date.now() > until)
			throw new GammaError("edit.stale", `${name} changed on disk: open it anew, then try again.`);
		await nextChange(document);
	}
	return document;
}

async function isAsOnDisk(document: vscode.TextDocument): Promise<boolean> {
	const bytes = await vscode.workspace.fs.readFile(document.uri).then(undefined, () => null);
	if (bytes === null) return true;
	const text = await vscode.workspace.decode(bytes, { encoding: document.encoding });
	const lineEnd = lineEndOfDocument(document);
	return withLineEnd(text.replace(/^\uFEFF/, ""), lineEnd) === document.getText();
}

async function nextChange(document: vscode.TextDocument): Promise<void> {
	await new Promise<void>((done) => {
		const end = () => {
			listening.dispose();
			clearTimeout(timer);
			done();
		};
		const listening = vscode.workspace.onDidChangeTextDocument((change) => {
			if (change.document === document) end();
		});
		const timer = setTimeout(end, 250);
	});
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
