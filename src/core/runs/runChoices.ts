import * as z from "zod/mini";
import { tableLayout } from "../../shared/panels/tableLayout";
import type { RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";

export const groupings = ["experiment", "branch", "commit", "status"] as const;
export type Grouping = (typeof groupings)[number];

export const sortOrders = z.array(z.object({ by: z.string(), descending: z.boolean() }));
/** `by` is an MLflow order-by key: `attributes.start_time`, `metrics.val/acc`, `params.lr`, `tags.x`. */
export type SortOrder = z.infer<typeof sortOrders>[number];

const choicesSchema = z.object({
	/** Runs on the charts, in the order they were put there. */
	checked: z.array(z.string()),
	baseline: z.nullable(z.string()),
	/** Rows kept on top of the table. */
	pinned: z.array(z.string()),
	grouping: z.enum(groupings),
	sorts: z.array(z.object({ by: z.string(), descending: z.boolean() })),
	/** MLflow filter expressions, all of which must hold; each is one visible, removable entry. */
	filters: z.array(z.string()),
	/** Metrics shown beside a run's name in the side bar. */
	shownMetrics: z.array(z.string()),
	showDeleted: z.boolean(),
	/** Colour slot (0 to 11, then the same with dashes) of every run that ever had one. */
	colours: z.record(z.string(), z.number()),
	/** How the runs table is arranged; one that an older version kept and that is no longer understood is let go. */
	table: z.catch(z.optional(tableLayout), undefined),
});

export type RunChoicesState = z.infer<typeof choicesSchema>;

export const initialChoices: RunChoicesState = {
	checked: [],
	baseline: null,
	pinned: [],
	grouping: "experiment",
	sorts: [],
	filters: [],
	shownMetrics: [],
	showDeleted: false,
	colours: {},
};

/** Where the choices are kept between windows: VS Code's workspace state, a map in tests. */
export interface ChoicesStorage {
	get(key: string): unknown;
	set(key: string, value: unknown): void;
}

const storageKey = "gamma.runChoices";

/** What the person chose about runs, the same in the side bar, the table, the charts and the comparison; kept per workspace. */
export class RunChoices extends Owner {
	#state: RunChoicesState;
	readonly #changed = this.own(new Emitter<RunChoicesState>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly storage: ChoicesStorage) {
		super();
		const stored = choicesSchema.safeParse(storage.get(storageKey));
		this.#state = stored.success ? stored.data : initialChoices;
	}

	get snapshot(): RunChoicesState {
		return this.#state;
	}

	update(change: Partial<RunChoicesState>): void {
		this.#state = withColours({ ...this.#state, ...change });
		this.storage.set(storageKey, this.#state);
		this.#changed.fire(this.#state);
	}

	setChecked(keys: readonly RunKey[], checked: boolean): void {
		const changed = new Set(keys);
		const others = this.#state.checked.filter((key) => !changed.has(key));
		this.update({ checked: checked ? [...others, ...changed] : others });
	}

	colourOf(key: RunKey): number {
		return this.#state.colours[key] ?? colourOfUnseen(key);
	}
}

/** Slots 0 to 23: 12 colours, then the same 12 dashed (ux.md). */
export const colourSlots = 24;

/** Gives each checked run and the baseline a slot of its own, the least used first; a run keeps its slot for good. */
function withColours(state: RunChoicesState): RunChoicesState {
	const shown = [...state.checked, ...(state.baseline ? [state.baseline] : [])];
	const missing = shown.filter((key) => state.colours[key] === undefined);
	if (missing.length === 0) return state;
	const colours = { ...state.colours };
	for (const key of missing) {
		const used = new Array<number>(colourSlots).fill(0);
		for (const other of shown) {
			const slot = colours[other];
			if (slot !== undefined) used[slot] = (used[slot] ?? 0) + 1;
		}
		colours[key] = used.indexOf(Math.min(...used));
	}
	return { ...state, colours };
}

function colourOfUnseen(key: RunKey): number {
	let hash = 0;
	for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) >>> 0;
	return hash % colourSlots;
}
