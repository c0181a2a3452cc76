import type { ProposedEdits } from "../edits/proposedEdits";
import type { WorkspaceFiles } from "./sources";
import { growingFile } from "./writingEdit";

/** An edit that is still written, as a file in the editor that grows: to look at, not to accept. */
export class LiveEdits {
	#base: { readonly path: string; readonly text: Promise<string | null> } | null = null;

	constructor(
		private readonly files: () => Pick<WorkspaceFiles, "read"> | null,
		private readonly edits: Pick<ProposedEdits, "preview">,
	) {}

	/** `partial`: the input of the call as far as it has come; null when no more of it comes. */
	readonly show = async (name: string, partial: unknown, conversationId: string): Promise<void> => {
		if (partial === null) {
			this.#base = null;
			return this.edits.preview(conversationId, null);
		}
		// Read without a base first: it says whether there is anything to see, and where.
		const path = growingFile(name, partial, "")?.path;
		if (path === undefined) return;
		// Every letter of one edit builds on the file as it was when the edit began.
		const base = this.#base?.path === path ? this.#base : { path, text: this.#read(path) };
		this.#base = base;
		const file = growingFile(name, partial, await base.text);
		// Meanwhile it may have ended, or gone on to another file.
		if (file && this.#base === base) this.edits.preview(conversationId, file);
	};

	#read(path: string): Promise<string | null> {
		const found = this.files()?.read(path);
		return found?.then(({ text, isCut }) => (isCut ? null : text)).catch(() => null) ?? Promise.resolve(null);
	}
}
