import type { RunKey } from "../../shared/run";

/** A row of the runs view. Only its identity: what it shows is looked up when VS Code draws it. */
export type RunViewRow =
	| { readonly kind: "store"; readonly id: string; readonly storeId: string }
	| { readonly kind: "asked"; readonly id: string; readonly host: string }
	| { readonly kind: "group"; readonly id: string; readonly groupId: string }
	| { readonly kind: "run"; readonly id: string; readonly key: RunKey }
	| { readonly kind: "more"; readonly id: string; readonly parentId: string };

/** VS Code knows a row by the object it was given: the same row is always the same object. */
export class RunRows {
	readonly #rows = new Map<string, RunViewRow>();

	store(storeId: string): RunViewRow {
		return this.#same({ kind: "store", id: `store:${storeId}`, storeId });
	}

	asked(host: string): RunViewRow {
		return this.#same({ kind: "asked", id: `asked:${host}`, host });
	}

	group(grouping: string, groupId: string): RunViewRow {
		return this.#same({ kind: "group", id: `group:${grouping}:${groupId}`, groupId });
	}

	run(key: RunKey): RunViewRow {
		return this.#same({ kind: "run", id: `run:${key}`, key });
	}

	more(parentId: string): RunViewRow {
		return this.#same({ kind: "more", id: `more:${parentId}`, parentId });
	}

	/** The row that menus and keys hand over, or undefined for what is none of ours. */
	find(given: unknown): RunViewRow | undefined {
		if (typeof given !== "object" || given === null || !("id" in given) || typeof given.id !== "string")
			return undefined;
		return this.#rows.get(given.id);
	}

	#same(row: RunViewRow): RunViewRow {
		const known = this.#rows.get(row.id);
		if (known) return known;
		this.#rows.set(row.id, row);
		return row;
	}
}
