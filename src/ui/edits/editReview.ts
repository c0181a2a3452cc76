import * as vscode from "vscode";
import type { ContextValues } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { FileReview, ReviewSet } from "../../core/edits/fileReview";
import { setToJoin } from "../../core/edits/joinSet";
import type { ProposedEdits, ProposedFile, ProposedSet } from "../../core/edits/proposedEdits";
import { toProposedSet } from "../../core/edits/reviewCounts";
import { ReviewModel } from "../../core/edits/reviewModel";
import { startReview } from "../../core/edits/startReview";
import { tellDecisions } from "../../core/edits/tellDecisions";
import { GammaError } from "../../shared/errors";
import { CommitFlow } from "./commitFlow";
import { EditActions, newId } from "./editActions";
import { editCommands } from "./editCommands";
import type { EditPorts } from "./editPorts";
import { editSelection } from "./editSelection";
import { EditsAttention } from "./editsAttention";
import { type EditRow, EditsTree } from "./editsTree";
import { fileUri } from "./editUris";
import { FileFollower } from "./fileFollower";
import { lineEndOfDocument, openText } from "./fileTexts";
import { InlineHunks } from "./inlineHunks";
import { KeptReviews } from "./keptReviews";
import { type ProposalScheme, proposalScheme } from "./proposalScheme";
import { ProposalTexts } from "./proposalTexts";
import { showFirstOpen, showReview } from "./showReview";

export interface EditReviewParts extends EditPorts {
	readonly view: vscode.TreeView<EditRow>;
	readonly scheme: ProposalScheme;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** A file of its own (dist/review.cjs): proposed edits under review, loaded with the first that there are. */
export class EditReview extends Owner {
	readonly files: ProposalTexts;
	readonly tree: EditsTree;
	readonly edits: ProposedEdits;
	readonly #model: ReviewModel;
	readonly #follower: FileFollower;
	readonly #actions: EditActions;
	readonly #commits: CommitFlow;

	constructor(private readonly parts: EditReviewParts) {
		super();
		const { storage, scheme, view, writers, setContext, logger } = parts;
		this.#model = this.own(new ReviewModel(this.own(new KeptReviews(storage, logger))));
		this.files = this.own(new ProposalTexts(this.#model, scheme));
		this.tree = this.own(new EditsTree(this.#model, this.files));
		this.#follower = this.own(new FileFollower(this.#model, logger));
		this.#actions = new EditActions(this.#model, this.#follower, writers);
		this.#commits = new CommitFlow(this.#model, this.#follower, parts);
		this.edits = this.#makeEdits();
		this.own(new InlineHunks(this.#model));
		this.own(new EditsAttention(this.#model, this.files, view, setContext));
	}

	/** What was kept is there again, as its files are now. */
	async open(): Promise<void> {
		await this.#model.load();
		for (const { id } of this.#model.sets) await this.#follower.follow(id);
	}

	commands() {
		return {
			...editCommands(this.#model, this.#actions, this.files),
			commitEdits: (given?: unknown) => this.#commits.run(given),
			editSelection: () => editSelection(this.parts.ask),
		};
	}

	#makeEdits(): ProposedEdits {
		const model = this.#model;
		const actions = this.#actions;
		const files = this.files;
		const propose = this.#propose.bind(this);
		return {
			get sets() {
				return model.sets.map(toProposedSet);
			},
			onDidChange: model.onDidChange,
			propose,
			preview: (conversationId, file) => files.preview(conversationId, file),
			review: async (setId, path) => {
				if (path !== undefined) await showReview(model, setId, path);
				else await showFirstOpen(model, setId);
			},
			show: async (setId) => {
				const front = vscode.window.activeTextEditor?.document.uri;
				const path = model.open.find(({ set }) => set.id === setId)?.review.path;
				if (path !== undefined && front?.scheme !== proposalScheme)
					await showReview(model, setId, path, { preserveFocus: true });
			},
			acceptAll: (setId) => actions.acceptAll(setId),
			rejectAll: (setId) => actions.rejectAll(setId),
			takeDecisions: (conversationId) => this.#takeDecisions(conversationId),
		};
	}

	async #propose(
		conversationId: string,
		title: string,
		proposed: readonly ProposedFile[],
		about?: { readonly runId: string | null },
	): Promise<ProposedSet> {
		const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri;
		if (!folder) throw new GammaError("edit.refused", "No folder is open that could be changed.");
		const { guardPath } = await this.parts.writers();
		const paths = proposed.flatMap(({ path, from }) => (from === null ? [path] : [path, from]));
		if (new Set(paths).size < paths.length) throw new GammaError("edit.refused", "A file is proposed twice.");
		for (const path of paths) await guardPath(folder.fsPath, path, "propose");
		const files: FileReview[] = [];
		for (const file of proposed) files.push(await review(folder, file));
		this.files.preview(conversationId, null);
		const joined = setToJoin(this.#model.sets, { conversationId, title, paths });
		if (joined) {
			const runId = joined.runId ?? about?.runId ?? null;
			const grown = { ...joined, runId, files: [...joined.files, ...files] };
			this.#model.change(grown);
			return toProposedSet(grown);
		}
		const set: ReviewSet = {
			version: 1,
			id: newId(),
			conversationId,
			title,
			runId: about?.runId ?? null,
			folder: folder.toString(),
			createdAtMs: Date.now(),
			files,
			told: { accepts: [], rejected: 0 },
		};
		this.#model.add(set);
		return toProposedSet(set);
	}

	#takeDecisions(conversationId: string): string | null {
		const told: string[] = [];
		for (const set of this.#model.sets.filter((each) => each.conversationId === conversationId).reverse()) {
			const news = tellDecisions(set);
			if (news.words === null) continue;
			told.push(news.words);
			this.#model.change({ ...set, told: news.told });
		}
		return told.length === 0 ? null : told.join("\n\n");
	}
}

async function review(folder: vscode.Uri, file: ProposedFile): Promise<FileReview> {
	const document = await openText(fileUri({ folder: folder.toString() }, file.from ?? file.path));
	if (file.kind === "rename" && (await openText(fileUri({ folder: folder.toString() }, file.path)))) {
		throw new GammaError("edit.refused", `There is a file ${file.path} already.`);
	}
	return document ? startReview(file, document.getText(), lineEndOfDocument(document)) : startReview(file, null);
}
