import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import { type FileReview, placeOf, type ReviewSet } from "./fileReview";
import { openHunks } from "./openHunks";

/** Keeps proposals over a reload of the window. What it holds may be from another version: it gives only what it can read. */
export interface ReviewStorage {
	read(): Promise<readonly ReviewSet[]>;
	write(set: ReviewSet): void;
	remove(setId: string): void;
}

/** Proposals beyond this, the oldest first, are forgotten once they are decided. */
const mostSets = 30;

/** A file under review, with the set that it is of. */
export interface ReviewedFile {
	readonly set: ReviewSet;
	readonly review: FileReview;
}

/** The proposals of this window, newest first. Whoever decides puts the new state in; this keeps it and announces it. */
export class ReviewModel extends Owner {
	#sets: readonly ReviewSet[] = [];
	readonly #changed = this.own(new Emitter<{ readonly setId: string }>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly storage: ReviewStorage) {
		super();
	}

	get sets(): readonly ReviewSet[] {
		return this.#sets;
	}

	async load(): Promise<void> {
		const known = new Set(this.#sets.map(({ id }) => id));
		const kept = (await this.storage.read()).filter(({ id }) => !known.has(id));
		this.#sets = [...this.#sets, ...kept].sort((a, b) => b.createdAtMs - a.createdAtMs);
		for (const { id } of kept) this.#changed.fire({ setId: id });
	}

	add(set: ReviewSet): void {
		this.#sets = [set, ...this.#sets];
		for (const old of this.#sets.slice(mostSets))
			if (old.files.every((file) => openHunks(file).length === 0)) this.remove(old.id);
		this.#keep(set);
	}

	remove(setId: string): void {
		if (!this.set(setId)) return;
		this.#sets = this.#sets.filter(({ id }) => id !== setId);
		this.storage.remove(setId);
		this.#changed.fire({ setId });
	}

	set(setId: string): ReviewSet | undefined {
		return this.#sets.find(({ id }) => id === setId);
	}

	file(setId: string, path: string): FileReview | undefined {
		return this.set(setId)?.files.find((file) => file.path === path);
	}

	/** Nothing happens where the set or the file is no longer there, or the review is the same. */
	put(setId: string, review: FileReview): void {
		const set = this.set(setId);
		if (!set || this.file(setId, review.path) === review || !this.file(setId, review.path)) return;
		this.change({ ...set, files: set.files.map((file) => (file.path === review.path ? review : file)) });
	}

	change(set: ReviewSet): void {
		this.#sets = this.#sets.map((known) => (known.id === set.id ? set : known));
		this.#keep(set);
	}

	/** All reviews of the file that stands there now; `folder` is its workspace folder's Uri. */
	at(folder: string, place: string): readonly ReviewedFile[] {
		return this.#sets
			.filter((set) => set.folder === folder)
			.flatMap((set) =>
				set.files
					.filter((review) => placeOf(review) === place || review.path === place)
					.map((review) => ({ set, review })),
			);
	}

	/** Every file of which something waits. */
	get open(): readonly ReviewedFile[] {
		return this.#sets.flatMap((set) =>
			set.files.filter((review) => openHunks(review).length > 0).map((review) => ({ set, review })),
		);
	}

	#keep(set: ReviewSet): void {
		this.storage.write(set);
		this.#changed.fire({ setId: set.id });
	}
}
