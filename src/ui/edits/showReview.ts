import * as vscode from "vscode";
import { placeOf } from "../../core/edits/fileReview";
import { openHunks } from "../../core/edits/openHunks";
import type { ProposedFile } from "../../core/edits/proposedEdits";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { linesOf } from "./editTargets";
import { fileUri, nothingUri, proposalUri } from "./editUris";

/** Opens the review of a file: what it is on the left, what is proposed on the right, where it can be typed in. */
export async function showReview(
	model: ReviewModel,
	setId: string,
	path: string,
	{ hunkId, preserveFocus = false }: { readonly hunkId?: string | undefined; readonly preserveFocus?: boolean } = {},
): Promise<void> {
	const [set, review] = [model.set(setId), model.file(setId, path)];
	if (!set || !review) return;
	const hunk = openHunks(review).find(({ id }) => hunkId === undefined || id === hunkId);
	const file = fileUri(set, placeOf(review));
	const name = path.slice(path.lastIndexOf("/") + 1);
	if (openHunks(review).length === 0 && review.file !== null) {
		await vscode.window.showTextDocument(file, { preview: true, preserveFocus });
		return;
	}
	const left = review.file === null ? nothingUri(path) : file;
	const right = review.proposal === null ? nothingUri(path) : proposalUri(setId, path);
	const line = hunk ? linesOf(hunk, true)[0] : 0;
	const selection = new vscode.Range(line, 0, line, 0);
	const title = vscode.l10n.t("{0} (proposed)", name);
	const options = { preview: true, preserveFocus, selection };
	await vscode.commands.executeCommand("vscode.diff", left, right, title, options);
}

/** What the model has written so far, which grows while it is looked at. */
export async function showPreview(previewId: string, { path, from, kind }: ProposedFile): Promise<void> {
	const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
	const isNew = kind === "create" || !folder;
	const left = isNew ? nothingUri(path) : fileUri({ folder: folder.toString() }, from ?? path);
	const title = vscode.l10n.t("{0} (being written)", path.slice(path.lastIndexOf("/") + 1));
	await vscode.commands.executeCommand("vscode.diff", left, proposalUri(previewId, path), title, { preview: true });
}

/** The first file of which something waits, of this set or of any; false where nothing does. */
export async function showFirstOpen(model: ReviewModel, setId?: string): Promise<boolean> {
	const open = model.open.find(({ set }) => setId === undefined || set.id === setId);
	if (open) await showReview(model, open.set.id, open.review.path);
	return open !== undefined;
}

/** Puts the cursor there, and the line in the middle where it is out of sight. */
export function revealLine(editor: vscode.TextEditor, line: number): void {
	const place = new vscode.Position(Math.min(line, editor.document.lineCount - 1), 0);
	editor.selection = new vscode.Selection(place, place);
	editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
