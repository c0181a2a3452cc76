import * as vscode from "vscode";
import { commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { type OpenHunk, openHunks } from "../../core/edits/openHunks";
import { changedLines } from "../../core/edits/patchText";
import { reviewLines } from "../../core/edits/reviewLines";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { linesOf, reviewOfDocument, type ShownReview } from "./editTargets";
import { proposalScheme } from "./proposalScheme";

/** Lines of a hunk that a hover shows. */
const mostHoverLines = 40;
const mostGhostChars = 80;

/** Open hunks in the text itself: what would go is marked, what would come is written beside it, and buttons stand above. */
export class InlineHunks extends Owner implements vscode.CodeLensProvider {
	readonly #changed = this.own(new vscode.EventEmitter<void>());
	readonly onDidChangeCodeLenses = this.#changed.event;
	readonly #gone = this.own(
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			backgroundColor: new vscode.ThemeColor("diffEditor.removedLineBackground"),
			overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.modifiedForeground"),
			overviewRulerLane: vscode.OverviewRulerLane.Left,
		}),
	);
	/** High contrast has no backgrounds. */
	readonly #goneInContrast = this.own(
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			border: "1px dashed",
			borderColor: new vscode.ThemeColor("diffEditor.removedTextBorder"),
		}),
	);
	readonly #coming = this.own(
		vscode.window.createTextEditorDecorationType({
			isWholeLine: true,
			overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.addedForeground"),
			overviewRulerLane: vscode.OverviewRulerLane.Left,
		}),
	);

	constructor(private readonly model: ReviewModel) {
		super();
		const selector = [{ scheme: "file" }, { scheme: "vscode-remote" }, { scheme: proposalScheme }];
		this.own(vscode.languages.registerCodeLensProvider(selector, this));
		this.own(model.onDidChange(() => this.#show()));
		this.own(vscode.window.onDidChangeVisibleTextEditors(() => this.#show()));
		this.own(vscode.window.onDidChangeActiveColorTheme(() => this.#show()));
		this.#show();
	}

	provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
		const shown = reviewOfDocument(this.model, document.uri);
		return shown ? openHunks(shown.review).flatMap((hunk) => lenses(shown, hunk, document)) : [];
	}

	#show(): void {
		this.#changed.fire();
		for (const editor of vscode.window.visibleTextEditors) this.#decorate(editor);
	}

	#decorate(editor: vscode.TextEditor): void {
		const shown = reviewOfDocument(this.model, editor.document.uri);
		// A diff editor draws both of its sides itself; its left one is in no column.
		const isPlain = shown?.isProposal === false && editor.viewColumn !== undefined;
		const hunks = isPlain ? openHunks(shown.review).filter(({ kind }) => kind === "lines") : [];
		const gone: vscode.DecorationOptions[] = [];
		const coming: vscode.DecorationOptions[] = [];
		for (const hunk of hunks) {
			if (!shown) continue;
			const hoverMessage = hover(shown, hunk);
			for (const { oldStart, oldEnd } of hunk.changes) {
				if (oldEnd > oldStart) gone.push({ range: lineRange(oldStart, oldEnd - 1, editor.document), hoverMessage });
			}
			const at = Math.max(0, hunk.oldEnd - 1);
			const after = {
				contentText: ghostText(shown, hunk),
				color: new vscode.ThemeColor("editor.foreground"),
				backgroundColor: new vscode.ThemeColor("diffEditor.insertedLineBackground"),
				margin: "0 0 0 2em",
			};
			coming.push({ range: lineRange(at, at, editor.document), hoverMessage, renderOptions: { after } });
		}
		const { HighContrast, HighContrastLight } = vscode.ColorThemeKind;
		const isContrast = [HighContrast, HighContrastLight].includes(vscode.window.activeColorTheme.kind);
		editor.setDecorations(this.#gone, gone);
		editor.setDecorations(this.#goneInContrast, isContrast ? gone : []);
		editor.setDecorations(this.#coming, coming);
	}
}

function lenses(shown: ShownReview, hunk: OpenHunk, document: vscode.TextDocument): vscode.CodeLens[] {
	const [start] = linesOf(hunk, shown.isProposal);
	const line = Math.min(start, document.lineCount - 1);
	const range = new vscode.Range(line, 0, line, 0);
	const target = { setId: shown.set.id, path: shown.review.path, hunkId: hunk.id };
	const lens = (title: string, name: "acceptEdit" | "rejectEdit" | "openEdits") =>
		new vscode.CodeLens(range, { title, command: commandId(name), arguments: [target] });
	const size = `+${hunk.newEnd - hunk.newStart} −${hunk.oldEnd - hunk.oldStart}`;
	return [
		...(hunk.isConflict ? [] : [lens(vscode.l10n.t("$(check) Accept"), "acceptEdit")]),
		lens(hunk.isMine ? vscode.l10n.t("$(discard) Discard Mine") : vscode.l10n.t("$(close) Reject"), "rejectEdit"),
		...(shown.isProposal ? [] : [lens(vscode.l10n.t("$(diff) Show Change {0}", size), "openEdits")]),
	];
}

/** The first of the lines that would come, and how many more there are. */
function ghostText(shown: ShownReview, hunk: OpenHunk): string {
	const lines = reviewLines(shown.review).proposal.slice(hunk.newStart, hunk.newEnd);
	const [first = "", ...others] = lines.map((line) => line.trim()).filter((line) => line !== "");
	if (first === "") return vscode.l10n.t("← taken out");
	const cut = first.length > mostGhostChars ? `${first.slice(0, mostGhostChars)}…` : first;
	return others.length === 0 ? `← ${cut}` : `← ${cut}  (+${others.length})`;
}

/** In a code block nothing of it is a link or a picture. */
function hover(shown: ShownReview, hunk: OpenHunk): vscode.MarkdownString {
	const { file, proposal } = reviewLines(shown.review);
	const text = changedLines(file, proposal, hunk.changes);
	const lines = text.split("\n");
	const more = lines.length > mostHoverLines ? `\n… ${lines.length - mostHoverLines}` : "";
	return new vscode.MarkdownString().appendCodeblock(lines.slice(0, mostHoverLines).join("\n") + more, "diff");
}

function lineRange(first: number, last: number, document: vscode.TextDocument): vscode.Range {
	const clamp = (line: number) => Math.min(line, document.lineCount - 1);
	return document.lineAt(clamp(first)).range.union(document.lineAt(clamp(last)).range);
}
