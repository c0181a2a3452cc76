import * as vscode from "vscode";
import { type ContextValues, views } from "../../core/contributions";
import { Owner } from "../../core/disposable";
import type { ProposedEdits } from "../../core/edits/proposedEdits";
import { once } from "../../core/once";
import { lazyCommands } from "../commands/lazyCommands";
import { LazyTree } from "../tree/lazyTree";
import type { EditPorts } from "./editPorts";
import type { EditReview } from "./editReview";
import type { EditRow } from "./editsTree";
import { ProposalScheme } from "./proposalScheme";

export interface EditDeskParts extends EditPorts {
	readonly load: () => Promise<typeof import("./editReview")>;
	readonly setContext: <K extends keyof ContextValues>(key: K, value: ContextValues[K]) => void;
}

/** Proposed edits as they stand at the start: what of them was kept is looked for, and the rest loads with the first. */
export class EditDesk extends Owner {
	readonly #scheme = this.own(new ProposalScheme(async () => (await this.#review()).files));
	readonly #tree = this.own(new LazyTree<EditRow>(views.edits, async () => (await this.#review()).tree));
	readonly #review: () => Promise<EditReview> = once(async () => {
		const { EditReview } = await this.parts.load();
		const review = this.own(new EditReview({ ...this.parts, view: this.#tree.view, scheme: this.#scheme }));
		await review.open();
		return review;
	});
	/** What the agent proposes to. */
	readonly edits: () => Promise<ProposedEdits> = async () => (await this.#review()).edits;

	constructor(private readonly parts: EditDeskParts) {
		super();
		void this.#lookForKept();
	}

	async #lookForKept(): Promise<void> {
		const { storage } = this.parts;
		const kept = storage && (await vscode.workspace.fs.readDirectory(storage).then(undefined, () => []));
		if (kept?.length) await this.#review();
	}

	commands() {
		return lazyCommands<ReturnType<EditReview["commands"]>>(
			{
				acceptEdit: true,
				rejectEdit: true,
				acceptFileEdits: true,
				rejectFileEdits: true,
				acceptAllEdits: true,
				rejectAllEdits: true,
				nextEdit: true,
				previousEdit: true,
				openEdits: true,
				restoreEdits: true,
				dismissEdits: true,
				commitEdits: true,
				editSelection: true,
			},
			async () => (await this.#review()).commands(),
		);
	}
}
