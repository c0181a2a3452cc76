import * as vscode from "vscode";
import { acceptHunks, type FileWrite, rejectHunks } from "../../core/edits/decideHunks";
import { powerOfPath } from "../../core/edits/editPath";
import { type FileReview, placeOf } from "../../core/edits/fileReview";
import { followFile } from "../../core/edits/followFile";
import { openHunks } from "../../core/edits/openHunks";
import { restoreAll } from "../../core/edits/restoreAccept";
import type { ReviewModel } from "../../core/edits/reviewModel";
import { GammaError } from "../../shared/errors";
import type { EditPorts } from "./editPorts";
import { fileUri } from "./editUris";
import type { FileFollower } from "./fileFollower";
import { openText } from "./fileTexts";
import { writeDecision } from "./writeDecision";

/** Deciding of hunks. One after the other: two accepts of one file at once would each be the other's surprise. */
export class EditActions {
	#last: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly model: ReviewModel,
		private readonly follower: FileFollower,
		private readonly writers: EditPorts["writers"],
	) {}

	/** Writes these hunks of a file, all that wait where none is named. Rejects with `edit.stale` or `edit.refused`, having written nothing. */
	accept(setId: string, path: string, ids?: readonly string[]): Promise<void> {
		return this.#inTurn(async () => {
			await this.follower.followOne(setId, path);
			const review = this.model.file(setId, path);
			if (!review) return;
			const wanted = ids ?? openHunks(review).map(({ id }) => id);
			if (wanted.length === 0) return;
			const decision = acceptHunks(review, wanted, { id: newId(), atMs: Date.now() });
			if (!(await mayWrite(path))) return;
			await this.#write(setId, review, decision.write, decision.review);
		});
	}

	/** What can be written is; rejects with the first reason why something could not. */
	async acceptAll(setId: string): Promise<void> {
		const failures: unknown[] = [];
		for (const { path } of this.model.set(setId)?.files ?? []) {
			await this.accept(setId, path).catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	}

	/** Of hunks that are only the person's, where none is named, nothing is let go. */
	reject(setId: string, path: string, ids?: readonly string[]): Promise<void> {
		return this.#inTurn(async () => {
			await this.follower.followOne(setId, path);
			const review = this.model.file(setId, path);
			if (!review) return;
			const open = openHunks(review).filter(({ isMine }) => !isMine);
			this.model.put(setId, rejectHunks(review, ids ?? open.map(({ id }) => id)));
		});
	}

	async rejectAll(setId: string): Promise<void> {
		for (const { path } of this.model.set(setId)?.files ?? []) await this.reject(setId, path);
	}

	/** Takes back what was applied of a set, or of one file of it; what the person changed since stays. All of it, or nothing. */
	restore(setId: string, path?: string): Promise<void> {
		return this.#inTurn(async () => {
			await this.follower.follow(setId);
			const files = (this.model.set(setId)?.files ?? []).filter((file) => path === undefined || file.path === path);
			// Found out for every file before the first is written.
			const decisions = files.map((file) => ({ file, steps: restoreAll(file) }));
			if (decisions.every(({ steps }) => steps.length === 0)) {
				throw new GammaError("edit.stale", "Nothing of these edits is applied: there is nothing to take back.");
			}
			for (const { file, steps } of decisions) {
				for (const { write, review } of steps) {
					const before = this.model.file(setId, file.path) ?? file;
					await this.#write(setId, before, write, review);
				}
			}
		});
	}

	async #write(setId: string, before: FileReview, write: FileWrite, after: FileReview): Promise<void> {
		const set = this.model.set(setId);
		if (!set) return;
		const { guardPath } = await this.writers();
		const folder = vscode.Uri.parse(set.folder).fsPath;
		for (const place of new Set([write.place, placeOf(after)])) await guardPath(folder, place, "write");
		const places = { now: fileUri(set, write.place), after: fileUri(set, placeOf(after)), name: before.path };
		await this.follower.hold(setId, before.path, () =>
			writeDecision(write, places, {
				begin: () => this.model.put(setId, after),
				takeBack: () => this.model.put(setId, before),
			}),
		);
		// What saving did to it, and an edit that came while it was written.
		const now = (await openText(places.after))?.getText() ?? null;
		const review = this.model.file(setId, before.path);
		if (review) this.model.put(setId, followFile(review, now));
	}

	#inTurn<T>(task: () => Promise<T>): Promise<T> {
		const turn = this.#last.then(task);
		this.#last = turn.catch(() => {});
		return turn;
	}
}

/** Of what may run programs or give orders a person is asked by its name; no answer is a no. */
async function mayWrite(path: string): Promise<boolean> {
	const power = powerOfPath(path);
	if (power === null) return true;
	const write = vscode.l10n.t("Write {0}", path);
	const question = vscode.l10n.t("{0} is {1}. Write it?", path, power);
	return (await vscode.window.showWarningMessage(question, write)) === write;
}

export function newId(): string {
	return crypto.randomUUID();
}
