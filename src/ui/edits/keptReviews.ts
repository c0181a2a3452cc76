import * as vscode from "vscode";
import { type ReviewSet, reviewSetSchema } from "../../core/edits/fileReview";
import type { ReviewStorage } from "../../core/edits/reviewModel";
import type { Logger } from "../../core/logger";
import { toFailure } from "../../shared/errors";

/** A hand typing in a proposal changes it with every key. */
const writeAfterMs = 300;

/** One JSON file a proposal, in the folder that VS Code keeps for this workspace. */
export class KeptReviews implements ReviewStorage {
	readonly #waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; set: ReviewSet }>();

	constructor(
		private readonly folder: vscode.Uri | null,
		private readonly logger: Logger,
	) {}

	async read(): Promise<readonly ReviewSet[]> {
		const { folder } = this;
		if (!folder) return [];
		const names = await vscode.workspace.fs.readDirectory(folder).then(
			(entries) => entries.map(([name]) => name).filter((name) => name.endsWith(".json")),
			() => [],
		);
		const sets = await Promise.all(names.map((name) => this.#readOne(vscode.Uri.joinPath(folder, name))));
		return sets.filter((set) => set !== null);
	}

	write(set: ReviewSet): void {
		if (!this.folder) return;
		clearTimeout(this.#waiting.get(set.id)?.timer);
		const timer = setTimeout(() => this.#flush(set.id), writeAfterMs);
		this.#waiting.set(set.id, { timer, set });
	}

	remove(setId: string): void {
		clearTimeout(this.#waiting.get(setId)?.timer);
		this.#waiting.delete(setId);
		const file = this.#file(setId);
		if (file) void vscode.workspace.fs.delete(file).then(undefined, () => {});
	}

	/** What waits is written at once: the window closes. */
	dispose(): void {
		for (const setId of [...this.#waiting.keys()]) this.#flush(setId);
	}

	#flush(setId: string): void {
		const { set, timer } = this.#waiting.get(setId) ?? {};
		const file = this.#file(setId);
		clearTimeout(timer);
		this.#waiting.delete(setId);
		if (!set || !file) return;
		const content = new TextEncoder().encode(JSON.stringify(set));
		vscode.workspace.fs
			.writeFile(file, content)
			.then(undefined, (error: unknown) =>
				this.logger.warn("a proposal could not be kept", { reason: toFailure(error).message }),
			);
	}

	async #readOne(file: vscode.Uri): Promise<ReviewSet | null> {
		try {
			const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
			return reviewSetSchema.parse(JSON.parse(text));
		} catch (error) {
			this.logger.warn("a kept proposal could not be read", { reason: toFailure(error).message });
			return null;
		}
	}

	#file(setId: string): vscode.Uri | null {
		return this.folder && /^[\w-]+$/.test(setId) ? vscode.Uri.joinPath(this.folder, `${setId}.json`) : null;
	}
}
