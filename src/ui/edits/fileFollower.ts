import * as vscode from "vscode";
import { type Disposable, Owner } from "../../core/disposable";
import { placeOf } from "../../core/edits/fileReview";
import { followFile } from "../../core/edits/followFile";
import type { ReviewModel } from "../../core/edits/reviewModel";
import type { Logger } from "../../core/logger";
import { toFailure } from "../../shared/errors";
import { fileUri, pathBelow } from "./editUris";
import { openText } from "./fileTexts";

/** A hand typing in a file changes it with every key; a merge of 10,000 lines takes some milliseconds. */
const followAfterMs = 120;

/** Takes into the reviews what happens to their files, in the editor and on disk. */
export class FileFollower extends Owner {
	readonly #held = new Set<string>();
	readonly #watches = new Map<string, Disposable>();
	readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();

	constructor(
		private readonly model: ReviewModel,
		private readonly logger: Logger,
	) {
		super();
		this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#followSoon(document.uri)));
		const followAll = (files: readonly vscode.Uri[]) => {
			for (const file of files) this.#followSoon(file);
		};
		this.own(vscode.workspace.onDidDeleteFiles(({ files }) => followAll(files)));
		this.own(vscode.workspace.onDidCreateFiles(({ files }) => followAll(files)));
		this.own(
			vscode.workspace.onDidRenameFiles(({ files }) =>
				followAll(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
			),
		);
		this.own(model.onDidChange(() => this.#watch()));
		this.own({
			dispose: () => {
				for (const watch of this.#watches.values()) watch.dispose();
				for (const timer of this.#waiting.values()) clearTimeout(timer);
			},
		});
		this.#watch();
	}

	/** The reviews of this set are as its files are now. */
	async follow(setId: string): Promise<void> {
		const set = this.model.set(setId);
		for (const { path } of set?.files ?? []) await this.followOne(setId, path);
	}

	/** While the review's own lines are written, the file is behind it: that is no change of the person's. */
	async hold(setId: string, path: string, write: () => Promise<void>): Promise<void> {
		const key = JSON.stringify([setId, path]);
		this.#held.add(key);
		try {
			await write();
		} finally {
			this.#held.delete(key);
		}
	}

	async followOne(setId: string, path: string): Promise<void> {
		const [set, before] = [this.model.set(setId), this.model.file(setId, path)];
		if (!set || !before) return;
		const text = (await openText(fileUri(set, placeOf(before))))?.getText() ?? null;
		if (this.#held.has(JSON.stringify([setId, path]))) return;
		const review = this.model.file(setId, path);
		if (review && placeOf(review) === placeOf(before)) this.model.put(setId, followFile(review, text));
	}

	#followSoon(uri: vscode.Uri): void {
		const key = uri.toString();
		if (!this.#isReviewed(uri)) return;
		clearTimeout(this.#waiting.get(key));
		const timer = setTimeout(() => {
			this.#waiting.delete(key);
			this.#follow(uri).catch((error: unknown) =>
				this.logger.warn("a reviewed file could not be read", { reason: toFailure(error).message }),
			);
		}, followAfterMs);
		this.#waiting.set(key, timer);
	}

	async #follow(uri: vscode.Uri): Promise<void> {
		for (const folder of new Set(this.model.sets.map((set) => set.folder))) {
			const place = pathBelow(folder, uri);
			if (place === null) continue;
			for (const { set, review } of this.model.at(folder, place)) {
				await this.#noticeRename(set.id, review.path);
				await this.followOne(set.id, review.path);
			}
		}
	}

	/** A rename that the person undid, or did again, in the editor. */
	async #noticeRename(setId: string, path: string): Promise<void> {
		const [set, review] = [this.model.set(setId), this.model.file(setId, path)];
		if (!set || !review || review.kind !== "rename" || review.from === null) return;
		const [old, fresh] = await Promise.all([openText(fileUri(set, review.from)), openText(fileUri(set, path))]);
		const isRenamed = old === null && fresh !== null;
		const isAtOld = old !== null && fresh === null;
		if (review.structure === "accepted" && isAtOld) this.#flipRename(setId, path, true);
		if (review.structure === "open" && isRenamed) this.#flipRename(setId, path, false);
	}

	#flipRename(setId: string, path: string, isUndone: boolean): void {
		const review = this.model.file(setId, path);
		if (!review) return;
		const accepts = review.accepts.map((accept) => (accept.structure === "rename" ? { ...accept, isUndone } : accept));
		this.model.put(setId, { ...review, structure: isUndone ? "open" : "accepted", accepts });
	}

	#isReviewed(uri: vscode.Uri): boolean {
		return this.model.sets.some((set) => {
			const place = pathBelow(set.folder, uri);
			return place !== null && this.model.at(set.folder, place).length > 0;
		});
	}

	/** Files that no editor has open change on disk alone. */
	#watch(): void {
		const wanted = new Set(
			this.model.sets.flatMap((set) =>
				set.files.flatMap((review) =>
					[review.path, review.from].filter((path) => path !== null).map((path) => fileUri(set, path).toString()),
				),
			),
		);
		for (const [key, watch] of this.#watches) {
			if (wanted.has(key)) continue;
			watch.dispose();
			this.#watches.delete(key);
		}
		for (const key of wanted) {
			if (this.#watches.has(key)) continue;
			const uri = vscode.Uri.parse(key);
			const name = uri.path.slice(uri.path.lastIndexOf("/") + 1).replace(/[[\]{}*?]/g, "?");
			const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), name);
			const watcher = vscode.workspace.createFileSystemWatcher(pattern);
			const follow = () => this.#followSoon(uri);
			watcher.onDidChange(follow);
			watcher.onDidCreate(follow);
			watcher.onDidDelete(follow);
			this.#watches.set(key, watcher);
		}
	}
}
