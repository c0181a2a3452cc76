import * as vscode from "vscode";
import type { FileWrite } from "../../core/edits/decideHunks";
import { GammaError } from "../../shared/errors";
import { demandEncodable, openText } from "./fileTexts";

/**
 * Writes what was decided as one step that can be undone, and saves what was saved before: what the person typed and did not
 * save stays unsaved. Rejects with `edit.stale`, and has written nothing, where the file is no longer what was reviewed.
 * `begin` is called right before the first byte, `takeBack` where the editor refuses.
 */
export async function writeDecision(
	write: FileWrite,
	places: { readonly now: vscode.Uri; readonly after: vscode.Uri; readonly name: string },
	{ begin, takeBack }: { readonly begin: () => void; readonly takeBack: () => void },
): Promise<void> {
	const { now, after, name } = places;
	const document = await openText(now);
	const encoding = document?.encoding ?? "utf8";
	const content = write.after === null ? new Uint8Array() : await demandEncodable(write.after, encoding, name);
	const wasDirty = document?.isDirty ?? false;
	if ((document?.getText() ?? null) !== write.before) throw moved(name);
	const edit = new vscode.WorkspaceEdit();
	const isNew = write.before === null;
	if (isNew) edit.createFile(after, { contents: content, overwrite: false });
	else if (write.after === null) edit.deleteFile(now);
	else {
		for (const { start, end, lines } of write.edits)
			edit.replace(now, new vscode.Range(start, 0, end, 0), lines.join(""));
		if (now.toString() !== after.toString()) edit.renameFile(now, after, { overwrite: false });
	}
	begin();
	if (!(await vscode.workspace.applyEdit(edit))) {
		takeBack();
		throw moved(name);
	}
	if (write.after === null || isNew || wasDirty) return;
	const written = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === after.toString());
	// A save of the editor's own may be under way, which the first one then gives way to.
	if (written && !(await written.save()) && written.isDirty && !(await written.save()) && written.isDirty) {
		throw new GammaError("edit.stale", `${name} has the edit in the editor and could not be saved: save it yourself.`);
	}
}

function moved(name: string): GammaError {
	return new GammaError(
		"edit.stale",
		`${name} changed a moment ago: look at the edit as it is now, and accept it again.`,
	);
}
