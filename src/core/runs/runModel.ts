import type { Run, RunKey, StoreSummary } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { LibraryChange, RunLibrary } from "../stores/runLibrary";

export interface RunSnapshot {
	readonly runs: ReadonlyMap<RunKey, Run>;
	readonly stores: readonly StoreSummary[];
}

/** Every run of every open store, as last read. Applies what the library announces and says so. */
export class RunModel extends Owner {
	readonly #runs = new Map<RunKey, Run>();
	#stores: readonly StoreSummary[] = [];

	readonly #changed = this.own(new Emitter<LibraryChange>());
	/** Fires with what changed; a view that does not care takes a new snapshot. */
	readonly onDidChange = this.#changed.event;

	constructor(library: RunLibrary) {
		super();
		this.own(library.onDidChange((change) => this.#apply(change)));
	}

	/** Live: the same map grows; take what you need and do not keep it. */
	get snapshot(): RunSnapshot {
		return { runs: this.#runs, stores: this.#stores };
	}

	run(key: RunKey): Run | undefined {
		return this.#runs.get(key);
	}

	#apply(change: LibraryChange): void {
		this.#stores = change.stores;
		const open = new Set(change.stores.map((store) => store.id));
		for (const [key, run] of this.#runs) if (!open.has(run.storeId)) this.#runs.delete(key);
		for (const key of change.removed) this.#runs.delete(key);
		for (const run of change.upserted) this.#runs.set(run.key, run);
		this.#changed.fire(change);
	}
}
