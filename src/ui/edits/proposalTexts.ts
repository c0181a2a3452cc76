import * as vscode from "vscode";
import { Owner } from "../../core/disposable";
import { followProposal } from "../../core/edits/followFile";
import { textHash } from "../../core/edits/lines";
import type { ProposedFile } from "../../core/edits/proposedEdits";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { Emitter } from "../../core/emitter";
import { parseProposalUri, previewPrefix, proposalUri } from "./editUris";
import { type ProposalFiles, type ProposalScheme, proposalScheme } from "./proposalScheme";

/** States of one proposal whose typed lines are remembered: undo and redo come back to them. */
const mostStates = 100;

/** The proposed side of each review as a document: what is typed there goes into the review, what is decided goes into it. */
export class ProposalTexts extends Owner implements ProposalFiles {
	readonly #previews = new Map<string, ProposedFile>();
	readonly #previewed = this.own(new Emitter<void>());
	/** A file that the model still writes began, grew or is done. */
	readonly onDidPreview = this.#previewed.event;
	/** By address and text: which lines were the person's then. */
	readonly #typed = new Map<string, Map<string, readonly number[]>>();
	readonly #shown = new Map<string, string>();
	#clock = 1;

	constructor(
		private readonly model: ReviewModel,
		private readonly scheme: ProposalScheme,
	) {
		super();
		this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#take(document)));
		this.own(model.onDidChange(({ setId }) => this.#showChanged(setId)));
	}

	stat(uri: vscode.Uri): vscode.FileStat {
		const size = new TextEncoder().encode(this.#text(uri)).length;
		const isWritten = this.#parse(uri)?.isPreview !== true;
		const permissions = isWritten ? undefined : vscode.FilePermission.Readonly;
		return { type: vscode.FileType.File, ctime: 0, mtime: this.#clock, size, ...(permissions && { permissions }) };
	}

	readFile(uri: vscode.Uri): Uint8Array {
		return new TextEncoder().encode(this.#text(uri));
	}

	/** Saving says only that the person is done typing: the text came with the typing itself. */
	writeFile(uri: vscode.Uri, content: Uint8Array): void {
		this.#change(uri, new TextDecoder().decode(content));
	}

	preview(conversationId: string, file: ProposedFile | null): void {
		const setId = `${previewPrefix}${conversationId}`.toLowerCase();
		if (file) {
			this.#previews.set(setId, file);
			this.#clock++;
			this.scheme.change(proposalUri(setId, file.path));
		} else {
			const gone = this.#previews.get(setId);
			if (!this.#previews.delete(setId) || !gone) return;
			closeTabOf(proposalUri(setId, gone.path));
		}
		this.#previewed.fire();
	}

	/** By what stands for a set's id. */
	get previews(): ReadonlyMap<string, ProposedFile> {
		return this.#previews;
	}

	#text(uri: vscode.Uri): string {
		const named = this.#parse(uri);
		if (!named) return "";
		const text = named.isPreview
			? this.#previews.get(named.setId)?.text
			: this.model.file(named.setId, named.path)?.proposal;
		return text ?? "";
	}

	#parse(uri: vscode.Uri) {
		const named = parseProposalUri(uri);
		return named && { ...named, isPreview: named.setId.startsWith(previewPrefix) };
	}

	#take(document: vscode.TextDocument): void {
		if (document.uri.scheme === proposalScheme) this.#change(document.uri, document.getText());
	}

	#change(uri: vscode.Uri, text: string): void {
		const named = this.#parse(uri);
		const review = named && this.model.file(named.setId, named.path);
		if (!named || !review || review.proposal === null || review.proposal === text) return;
		const states = this.#statesOf(uri);
		states.set(textHash(review.proposal), review.mine);
		const known = states.get(textHash(text));
		const next = followProposal(review, text, known && [...known]);
		for (const old of [...states.keys()].slice(0, Math.max(0, states.size - mostStates))) states.delete(old);
		this.#shown.set(uri.toString(), text);
		this.model.put(named.setId, next);
	}

	#statesOf(uri: vscode.Uri): Map<string, readonly number[]> {
		const known = this.#typed.get(uri.toString()) ?? new Map<string, readonly number[]>();
		this.#typed.set(uri.toString(), known);
		return known;
	}

	/** A document that the person types in is changed as they would; another is read anew. Both can be undone. */
	#showChanged(setId: string): void {
		for (const { path, proposal, mine } of this.model.set(setId)?.files ?? []) {
			const uri = proposalUri(setId, path);
			const key = uri.toString();
			if (proposal === null || this.#shown.get(key) === proposal) continue;
			this.#shown.set(key, proposal);
			this.#statesOf(uri).set(textHash(proposal), mine);
			const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === key);
			if (!document || document.getText() === proposal) continue;
			if (document.isDirty) {
				const edit = new vscode.WorkspaceEdit();
				edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), proposal);
				void vscode.workspace.applyEdit(edit);
			} else {
				this.#clock++;
				this.scheme.change(uri);
			}
		}
	}
}

/** What was still written is over: a tab of it has nothing to show any more. */
function closeTabOf(uri: vscode.Uri): void {
	const tabs = vscode.window.tabGroups.all
		.flatMap((group) => group.tabs)
		.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString());
	if (tabs.length > 0) void vscode.window.tabGroups.close(tabs, true);
}
