import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { uncommitted } from "../../core/edits/committedText";
import type { FileReview, ReviewSet } from "../../core/edits/fileReview";
import { splitLines } from "../../core/edits/lines";
import { type OpenHunk, openHunks } from "../../core/edits/openHunks";
import type { ProposedFile } from "../../core/edits/proposedEdits";
import { toEditedFile } from "../../core/edits/reviewCounts";
import { reviewLines } from "../../core/edits/reviewLines";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { toLine } from "../../core/plainText";
import { fileUri } from "./editUris";
import type { ProposalTexts } from "./proposalTexts";

/** A row of the list. Only its identity: what it shows is looked up when it is drawn. */
export interface EditRow {
	readonly id: string;
	readonly setId: string;
	readonly path?: string;
	readonly hunkId?: string;
}

/** All proposals of this window: answers, their files, and what of each waits. */
export class EditsTree extends Owner implements vscode.TreeDataProvider<EditRow> {
	readonly #rows = new Map<string, EditRow>();
	readonly #changed = this.own(new vscode.EventEmitter<undefined>());
	readonly onDidChangeTreeData = this.#changed.event;

	constructor(
		private readonly model: ReviewModel,
		private readonly texts: Pick<ProposalTexts, "previews" | "onDidPreview">,
	) {
		super();
		this.own(texts.onDidPreview(() => this.#changed.fire(undefined)));
		this.own(model.onDidChange(() => this.#changed.fire(undefined)));
	}

	getChildren(row?: EditRow): EditRow[] {
		if (!row) {
			const writing = [...this.texts.previews].map(([setId, { path }]) => this.#row(setId, path));
			return [...writing, ...this.model.sets.map(({ id }) => this.#row(id))];
		}
		const set = this.model.set(row.setId);
		if (row.path === undefined) return (set?.files ?? []).map(({ path }) => this.#row(row.setId, path));
		const review = this.model.file(row.setId, row.path);
		if (row.hunkId !== undefined || !review) return [];
		return openHunks(review).map(({ id }) => this.#row(row.setId, row.path, id));
	}

	getTreeItem(row: EditRow): vscode.TreeItem {
		const preview = this.texts.previews.get(row.setId);
		if (preview) return previewItem(row, preview);
		const set = this.model.set(row.setId);
		const review = row.path === undefined ? undefined : this.model.file(row.setId, row.path);
		const hunk = review && openHunks(review).find(({ id }) => id === row.hunkId);
		if (!set) return new vscode.TreeItem("");
		const item = hunk && review ? hunkItem(review, hunk) : review ? fileItem(set, review) : setItem(set);
		item.id = row.id;
		if (row.path !== undefined) item.command = { command: commandId("openEdits"), title: "", arguments: [row] };
		return item;
	}

	getParent(row: EditRow): EditRow | undefined {
		if (row.hunkId !== undefined) return this.#row(row.setId, row.path);
		const isTop = row.path === undefined || this.texts.previews.has(row.setId);
		return isTop ? undefined : this.#row(row.setId);
	}

	#row(setId: string, path?: string, hunkId?: string): EditRow {
		const id = JSON.stringify([setId, path, hunkId]);
		const row = this.#rows.get(id) ?? {
			id,
			setId,
			...(path !== undefined && { path }),
			...(hunkId !== undefined && { hunkId }),
		};
		this.#rows.set(id, row);
		return row;
	}
}

/** What is still being written: to look at, and not to be decided yet. */
function previewItem(row: EditRow, { path, text }: ProposedFile): vscode.TreeItem {
	const item = new vscode.TreeItem(toLine(path.slice(path.lastIndexOf("/") + 1), 80));
	const lines = splitLines(text ?? "").length;
	item.id = row.id;
	item.description = vscode.l10n.t("being written, {0} lines", lines);
	item.tooltip = path;
	item.iconPath = new vscode.ThemeIcon("sync~spin");
	item.contextValue = "preview";
	item.command = { command: commandId("openEdits"), title: "", arguments: [row] };
	return item;
}

function setItem(set: ReviewSet): vscode.TreeItem {
	const open = set.files.reduce((sum, file) => sum + openHunks(file).length, 0);
	const applied = set.files.reduce((sum, file) => sum + uncommitted(file).length, 0);
	const state = open > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
	const item = new vscode.TreeItem(toLine(set.title, 80) || vscode.l10n.t("Proposed edits"), state);
	const waits =
		open > 0
			? vscode.l10n.t("{0} to review", open)
			: applied > 0
				? vscode.l10n.t("applied, not committed")
				: vscode.l10n.t("reviewed");
	item.description = waits;
	item.iconPath = new vscode.ThemeIcon(open > 0 ? "diff" : "pass");
	item.contextValue = words("set", open > 0 && "open", applied > 0 && "applied");
	item.accessibilityInformation = { label: `${item.label}, ${waits}` };
	return item;
}

function fileItem(set: ReviewSet, review: FileReview): vscode.TreeItem {
	const { hunks, accepted, rejected, added, removed } = toEditedFile(review);
	const open = openHunks(review);
	const name = review.path.slice(review.path.lastIndexOf("/") + 1);
	const state = open.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None;
	const item = new vscode.TreeItem(toLine(name, 80), state);
	item.resourceUri = fileUri(set, review.path);
	item.iconPath = vscode.ThemeIcon.File;
	const kind = {
		edit: "",
		create: vscode.l10n.t("new"),
		delete: vscode.l10n.t("deleted"),
		rename: vscode.l10n.t("from {0}", review.from ?? ""),
	};
	const conflicts = open.filter(({ isConflict }) => isConflict).length;
	const facts = [
		kind[review.kind],
		`+${added} −${removed}`,
		accepted > 0 ? vscode.l10n.t("{0} of {1} accepted", accepted, hunks) : "",
		rejected > 0 ? vscode.l10n.t("{0} rejected", rejected) : "",
		conflicts > 0 ? vscode.l10n.t("{0} in conflict", conflicts) : "",
	].filter((fact) => fact !== "");
	item.description = facts.join(" · ");
	item.tooltip = `${review.path}\n${facts.join(" · ")}`;
	item.contextValue = words("file", open.length > 0 && "open", accepted > 0 && "applied");
	item.accessibilityInformation = { label: [name, ...facts, `${open.length} open`].join(", ") };
	return item;
}

function hunkItem(review: FileReview, hunk: OpenHunk): vscode.TreeItem {
	const line = vscode.l10n.t("line {0}", hunk.oldStart + 1);
	const item = new vscode.TreeItem(hunk.kind === "lines" ? firstLine(review, hunk) : wholeLabel(review, hunk));
	const [added, removed] = [hunk.newEnd - hunk.newStart, hunk.oldEnd - hunk.oldStart];
	const facts = [
		hunk.kind === "lines" ? line : "",
		hunk.kind === "rename" ? "" : `+${added} −${removed}`,
		hunk.isMine ? vscode.l10n.t("yours") : "",
		hunk.isConflict ? vscode.l10n.t("you changed these lines") : "",
	].filter((fact) => fact !== "");
	item.description = facts.join(" · ");
	item.iconPath = new vscode.ThemeIcon(hunk.isConflict ? "warning" : hunk.isMine ? "edit" : "circle-small-filled");
	item.contextValue = words("hunk", "open", hunk.isMine && "mine");
	item.accessibilityInformation = { label: [item.label, ...facts].join(", ") };
	return item;
}

function firstLine(review: FileReview, { newStart, newEnd, oldStart }: OpenHunk): string {
	const { file, proposal } = reviewLines(review);
	const line = newEnd > newStart ? proposal[newStart] : file[oldStart];
	return toLine((line ?? "").trim(), 60) || vscode.l10n.t("(empty line)");
}

function wholeLabel(review: FileReview, { kind }: OpenHunk): string {
	if (kind === "create") return vscode.l10n.t("Create the file");
	if (kind === "delete") return vscode.l10n.t("Delete the file");
	return vscode.l10n.t("Rename to {0}", toLine(review.path, 60));
}

function words(...all: readonly (string | false)[]): string {
	return all.filter((word) => word !== false).join(" ");
}
