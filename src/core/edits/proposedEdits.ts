import type { EditedFile } from "../../shared/agent/conversation";
import type { Event } from "../emitter";

/** A file as the agent wants it. Paths are relative to the workspace folder, with `/`. Texts are decoded, with their own line ends. */
export interface ProposedFile {
	readonly path: string;
	readonly kind: "edit" | "create" | "delete" | "rename";
	/** Where it was before; of a rename only. */
	readonly from: string | null;
	/** What the model saw; null of a new file. */
	readonly baseText: string | null;
	/** What it proposes; null of a deleted file. */
	readonly text: string | null;
}

export interface ProposedSet {
	readonly id: string;
	readonly conversationId: string;
	readonly title: string;
	readonly files: readonly EditedFile[];
	/** Every hunk is accepted or rejected, or the set was taken back. */
	readonly isDecided: boolean;
}

/** Edits as data until a person accepts them. The agent proposes; only the review writes. */
export interface ProposedEdits {
	/** Newest first, of all conversations of this window. */
	readonly sets: readonly ProposedSet[];
	readonly onDidChange: Event<{ readonly setId: string }>;
	/**
	 * Edits of one conversation and one title are one set until the first of them is decided.
	 * Rejects with `edit.refused` where a path is not the agent's to propose: outside the folder, `.git`, a symlink out of it. */
	propose(
		conversationId: string,
		title: string,
		files: readonly ProposedFile[],
		/** The run that it answers, which the commit's trailer `Gamma-Run:` names. */
		about?: { readonly runId: string | null },
	): Promise<ProposedSet>;
	/** While the model still writes: what there is of one file so far, shown and not to be accepted yet; null when it is over. */
	preview(conversationId: string, file: ProposedFile | null): void;
	/** Opens the review in the editor, at a file where one is named. */
	review(setId: string, path?: string): Promise<void>;
	/** Lays it before the person and leaves the focus where it is; not over another review that they are in. */
	show(setId: string): Promise<void>;
	acceptAll(setId: string): Promise<void>;
	rejectAll(setId: string): Promise<void>;
	/** What was applied, rejected and changed by hand, in words for the model, since it was last asked. */
	takeDecisions(conversationId: string): string | null;
}
