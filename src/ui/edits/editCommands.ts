import * as vscode from "vscode";
import { type OpenHunk, openHunks } from "../../core/edits/openHunks";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { GammaError } from "../../shared/errors";
import type { EditActions } from "./editActions";
import {
	type EditTarget,
	hunkAt,
	hunkBeyond,
	linesOf,
	parseTarget,
	reviewOfDocument,
	type ShownReview,
} from "./editTargets";
import type { ProposalTexts } from "./proposalTexts";
import { revealLine, showFirstOpen, showPreview, showReview } from "./showReview";

interface FileTarget {
	readonly setId: string;
	readonly path: string;
}

/** The commands of the review. Rows, buttons in the text and keys come here; what none of them names, the editor in front does. */
export function editCommands(model: ReviewModel, actions: EditActions, texts: Pick<ProposalTexts, "previews">) {
	let last: Promise<void> = Promise.resolve();
	const decide = async (how: "accept" | "reject", given: unknown) => {
		const target = parseTarget(given);
		if (target?.path !== undefined && target.hunkId !== undefined) {
			await actions[how](target.setId, target.path, [target.hunkId]);
			return;
		}
		// A key pressed again goes to the hunk that the first one leads to.
		const turn = last.then(async () => {
			const at = hunkInFront(model);
			if (!at) return;
			await actions[how](at.shown.set.id, at.shown.review.path, [at.hunk.id]);
			await goOn(model, at.shown, at.editor);
		});
		last = turn.catch(() => {});
		await turn;
	};
	const ofFile = async (how: "accept" | "reject", given: unknown) => {
		const file = fileOf(model, given);
		await actions[how](file.setId, file.path);
	};
	const ofSet = (given: unknown) => {
		const setId = parseTarget(given)?.setId ?? inFront(model)?.shown.set.id ?? model.open[0]?.set.id;
		if (setId !== undefined) return setId;
		throw new GammaError("edit.stale", vscode.l10n.t("No edit waits for review."));
	};
	return {
		acceptEdit: (given?: unknown) => decide("accept", given),
		rejectEdit: (given?: unknown) => decide("reject", given),
		acceptFileEdits: (given?: unknown) => ofFile("accept", given),
		rejectFileEdits: (given?: unknown) => ofFile("reject", given),
		acceptAllEdits: (given?: unknown) => actions.acceptAll(ofSet(given)),
		rejectAllEdits: (given?: unknown) => actions.rejectAll(ofSet(given)),
		nextEdit: () => go(model, 1),
		previousEdit: () => go(model, -1),
		openEdits: async (given?: unknown) => {
			const target = parseTarget(given);
			const preview = target && texts.previews.get(target.setId);
			if (preview) await showPreview(target.setId, preview);
			else if (target?.path !== undefined)
				await showReview(model, target.setId, target.path, { hunkId: target.hunkId });
			else await showFirstOpen(model, target?.setId);
		},
		restoreEdits: async (given?: unknown) => {
			const target = parseTarget(given);
			await actions.restore(target?.setId ?? ofSet(given), target?.path);
		},
		dismissEdits: (given?: unknown) => dismiss(model, parseTarget(given)),
	};
}

/** What waits is not forgotten by a slip of the hand. */
async function dismiss(model: ReviewModel, target: EditTarget | null): Promise<void> {
	const set = target && model.set(target.setId);
	if (!set) return;
	if (set.files.some((file) => openHunks(file).length > 0)) {
		throw new GammaError(
			"edit.stale",
			vscode.l10n.t("Edits of “{0}” still wait: accept or reject them first.", set.title),
		);
	}
	model.remove(set.id);
}

function inFront(model: ReviewModel): { shown: ShownReview; editor: vscode.TextEditor } | null {
	const editor = vscode.window.activeTextEditor;
	const shown = editor && reviewOfDocument(model, editor.document.uri);
	return editor && shown ? { shown, editor } : null;
}

/** The hunk at the cursor. Where the cursor is elsewhere it goes to the nearest first: nothing unseen is decided. */
function hunkInFront(model: ReviewModel): { shown: ShownReview; editor: vscode.TextEditor; hunk: OpenHunk } | null {
	const front = inFront(model);
	if (!front) throw new GammaError("edit.stale", vscode.l10n.t("No edit waits in this editor."));
	const { shown, editor } = front;
	const line = editor.selection.active.line;
	const whole = openHunks(shown.review).find(({ kind }) => kind !== "lines" && kind !== "rename");
	const hunk = whole ?? hunkAt(shown, line);
	if (hunk) return { ...front, hunk };
	const next = hunkBeyond(shown, line, 1) ?? hunkBeyond(shown, line, -1);
	if (next) revealLine(editor, linesOf(next, shown.isProposal)[0]);
	return null;
}

/** After a decision: to the next hunk of the file, which may take a moment to be drawn, or to the next file. */
async function goOn(
	model: ReviewModel,
	{ set, review, isProposal }: ShownReview,
	editor: vscode.TextEditor,
): Promise<void> {
	const now = model.file(set.id, review.path);
	if (!now) return;
	const shown = { set, review: now, isProposal };
	const line = editor.selection.active.line;
	const next = hunkAt(shown, line) ?? hunkBeyond(shown, line, 1) ?? hunkBeyond(shown, line, -1);
	if (next) revealLine(editor, linesOf(next, isProposal)[0]);
	else if (isProposal) await showFirstOpen(model, set.id);
}

async function go(model: ReviewModel, step: 1 | -1): Promise<void> {
	const front = inFront(model);
	if (!front) {
		await showFirstOpen(model);
		return;
	}
	const { shown, editor } = front;
	const next = hunkBeyond(shown, editor.selection.active.line, step);
	if (next) {
		revealLine(editor, linesOf(next, shown.isProposal)[0]);
		return;
	}
	const files = model.open;
	const at = files.findIndex(({ set, review }) => set.id === shown.set.id && review.path === shown.review.path);
	const other = files[(at + step + files.length) % files.length];
	if (other)
		await showReview(model, other.set.id, other.review.path, {
			hunkId: step === -1 ? openHunks(other.review).at(-1)?.id : undefined,
		});
}

function fileOf(model: ReviewModel, given: unknown): FileTarget {
	const target = parseTarget(given);
	if (target?.path !== undefined) return { setId: target.setId, path: target.path };
	const shown = given instanceof vscode.Uri ? reviewOfDocument(model, given) : inFront(model)?.shown;
	if (shown) return { setId: shown.set.id, path: shown.review.path };
	throw new GammaError("edit.stale", vscode.l10n.t("No edit waits in this editor."));
}
