import * as vscode from "vscode";
import { type ContextValues, commandId } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import { uncommitted } from "../../core/edits/committedText";
import { placeOf } from "../../core/edits/fileReview";
import { openHunks } from "../../core/edits/openHunks";
import type { ReviewModel } from "../../core/edits/reviewModel";
import type { EditRow } from "./editsTree";
import { reviewOfDocument } from "./editTargets";
import { pathBelow } from "./editUris";
import type { ProposalTexts } from "./proposalTexts";

/** What waits for a decision is seen everywhere and never in the way: status bar, badge, the files themselves. */
export class EditsAttention extends Owner implements vscode.FileDecorationProvider {
	readonly #entry = this.own(vscode.window.createStatusBarItem("gamma.edits", vscode.StatusBarAlignment.Left, 39));
	readonly #changed = this.own(new vscode.EventEmitter<undefined>());
	readonly onDidChangeFileDecorations = this.#changed.event;

	constructor(
		private readonly model: ReviewModel,
		private readonly texts: Pick<ProposalTexts, "previews" | "onDidPreview">,
		private readonly view: vscode.TreeView<EditRow>,
		private readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void,
	) {
		super();
		this.#entry.name = vscode.l10n.t("Gamma: Proposed Edits");
		this.#entry.command = commandId("openEdits");
		this.own(vscode.window.registerFileDecorationProvider(this));
		this.own(model.onDidChange(() => this.#show()));
		this.own(texts.onDidPreview(() => this.#show()));
		this.own(vscode.window.onDidChangeActiveTextEditor(() => this.#show()));
		this.#show();
	}

	provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
		const open = this.model.open
			.filter(({ set, review }) => pathBelow(set.folder, uri) === placeOf(review))
			.reduce((sum, { review }) => sum + openHunks(review).length, 0);
		if (open === 0) return undefined;
		return new vscode.FileDecoration(
			"✎",
			toSentence(open),
			new vscode.ThemeColor("gitDecoration.modifiedResourceForeground"),
		);
	}

	#show(): void {
		const { open, sets } = this.model;
		const count = open.reduce((sum, { review }) => sum + openHunks(review).length, 0);
		this.#entry.text = `$(diff) ${toSentence(count)}`;
		this.#entry.tooltip = open.map(({ review }) => review.path).join("\n");
		if (count > 0) this.#entry.show();
		else this.#entry.hide();
		this.view.badge = count > 0 ? { value: count, tooltip: toSentence(count) } : undefined;
		const document = vscode.window.activeTextEditor?.document;
		const here = document && reviewOfDocument(this.model, document.uri);
		this.setContext("gamma.edits.any", sets.length + this.texts.previews.size > 0);
		this.setContext("gamma.edits.here", here !== null && here !== undefined && openHunks(here.review).length > 0);
		this.setContext(
			"gamma.edits.uncommitted",
			sets.some(({ files }) => files.some((file) => uncommitted(file).length > 0)),
		);
		this.#changed.fire(undefined);
	}
}

function toSentence(count: number): string {
	return count === 1 ? vscode.l10n.t("1 edit waits for review") : vscode.l10n.t("{0} edits wait for review", count);
}
