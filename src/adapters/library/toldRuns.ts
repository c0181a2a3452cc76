import type { LibraryChange } from "../../core/stores/runLibrary";
import type { RunKey } from "../../shared/run";

/**
 * The runs the listeners were told of. When the reader starts over it tells of every run it finds; those it no longer
 * finds are only known by their absence, and are taken out once their store was read whole.
 */
export class ToldRuns {
	readonly #told = new Map<string, Set<RunKey>>();
	readonly #doubted = new Map<string, Set<RunKey>>();

	/** Everything told so far may be gone. */
	doubt(): void {
		for (const [storeId, keys] of this.#told) this.#doubted.set(storeId, new Set(keys));
	}

	/** Takes note of a change, and adds the removals that no reader can know of. */
	settle(change: LibraryChange): LibraryChange {
		for (const run of change.upserted) {
			const keys = this.#told.get(run.storeId);
			if (keys) keys.add(run.key);
			else this.#told.set(run.storeId, new Set([run.key]));
			this.#doubted.get(run.storeId)?.delete(run.key);
		}
		const removed = [...change.removed];
		for (const { id, state } of change.stores) {
			if (state.kind !== "ready") continue;
			removed.push(...(this.#doubted.get(id) ?? []));
			this.#doubted.delete(id);
		}
		const open = new Set(change.stores.map((store) => store.id));
		for (const storeId of this.#told.keys()) if (!open.has(storeId)) this.#told.delete(storeId);
		for (const key of removed) for (const keys of this.#told.values()) keys.delete(key);
		return { ...change, removed };
	}
}
