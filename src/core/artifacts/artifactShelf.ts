import { type Failure, GammaError, toFailure } from "../../shared/errors";
import { Owner } from "../disposable";
import type { ArtifactPlace, PlaceEntry } from "./artifactPlace";

/** One folder of a place, as far as it was listed. */
export interface ShelvedFolder {
	readonly entries: readonly PlaceEntry[];
	/** There are more than these. */
	readonly hasMore: boolean;
	/** Why the last page did not come; what came before stays. */
	readonly failure: Failure | null;
}

interface Listing extends ShelvedFolder {
	readonly next: string | null;
}

const unread: Listing = { entries: [], hasMore: true, failure: null, next: null };

/** What was listed of every place: pages come when somebody looks, and stay until they are asked for anew. */
export class ArtifactShelf extends Owner {
	readonly #listings = new Map<string, Listing>();
	readonly #reading = new Map<string, Promise<ShelvedFolder>>();
	readonly #abort = new AbortController();

	constructor() {
		super();
		this.own({ dispose: () => this.#abort.abort() });
	}

	/** What is here of a folder already; undefined where nobody looked. */
	known(place: Pick<ArtifactPlace, "id">, folder: string): ShelvedFolder | undefined {
		return this.#listings.get(keyOf(place, folder));
	}

	/** The folder with at least its first page. What goes wrong is in the answer. */
	async open(place: ArtifactPlace, folder: string): Promise<ShelvedFolder> {
		return this.#listings.get(keyOf(place, folder)) ?? this.more(place, folder);
	}

	/** The folder with a page more; the last failure is forgotten. Two who ask at once get the same page. */
	async more(place: ArtifactPlace, folder: string): Promise<ShelvedFolder> {
		const key = keyOf(place, folder);
		const running = this.#reading.get(key);
		if (running) return running;
		const reading = this.#read(place, folder, key).finally(() => {
			if (this.#reading.get(key) === reading) this.#reading.delete(key);
		});
		this.#reading.set(key, reading);
		return reading;
	}

	/** Forgets a folder and all below it; everything where nothing is given. */
	forget(place?: Pick<ArtifactPlace, "id">, folder = ""): void {
		const start = place === undefined ? "" : keyOf(place, folder);
		for (const listed of [this.#listings, this.#reading]) {
			for (const key of listed.keys()) {
				if (key === start || key.startsWith(folder === "" ? start : `${start}/`)) listed.delete(key);
			}
		}
	}

	async #read(place: ArtifactPlace, folder: string, key: string): Promise<ShelvedFolder> {
		const before = this.#listings.get(key) ?? unread;
		let listing: Listing;
		try {
			const { entries, next } = await place.list(folder, before.next, this.#abort.signal);
			listing = { entries: [...before.entries, ...entries], hasMore: next !== null, failure: null, next };
		} catch (error) {
			if (GammaError.is(error, "call.cancelled")) return before;
			listing = { ...before, failure: toFailure(error) };
		}
		if (this.#reading.has(key)) this.#listings.set(key, listing);
		return listing;
	}
}

function keyOf({ id }: Pick<ArtifactPlace, "id">, folder: string): string {
	return `${id}\n${folder}`;
}
