import type { Door } from "../../core/jobs/door";
import type { JobStage } from "../../core/jobs/jobStages";

/** A row of the jobs view. Only its identity: what it shows is looked up when VS Code draws it. */
export type JobViewRow =
	| { readonly kind: "branch"; readonly id: string; readonly branchKey: string }
	/** One push, shown as its newest attempt. */
	| { readonly kind: "push"; readonly id: string; readonly pushKey: string }
	| { readonly kind: "attempt"; readonly id: string; readonly jobId: string }
	| StageRow
	/** What else there could be, below the jobs. */
	| { readonly kind: "door"; readonly id: string; readonly door: Door["id"] };

/** A phase or a step of the job above it, read with the rows beside it whenever that row is opened. */
export interface StageRow {
	readonly kind: "stage";
	readonly id: string;
	readonly stage: JobStage;
	readonly below: readonly StageRow[];
}

/** VS Code knows a row by the object it was given: the same row is always the same object. */
export class JobRows {
	readonly #rows = new Map<string, JobViewRow>();

	branch(branchKey: string): JobViewRow {
		return this.#same({ kind: "branch", id: `branch:${branchKey}`, branchKey });
	}

	push(pushKey: string): JobViewRow {
		return this.#same({ kind: "push", id: `push:${pushKey}`, pushKey });
	}

	attempt(jobId: string): JobViewRow {
		return this.#same({ kind: "attempt", id: `attempt:${jobId}`, jobId });
	}

	door(door: Door["id"]): JobViewRow {
		return this.#same({ kind: "door", id: `door:${door}`, door });
	}

	/** The row that menus and keys hand over, or undefined for what is none of ours. */
	find(given: unknown): JobViewRow | undefined {
		if (typeof given !== "object" || given === null || !("id" in given)) return undefined;
		return typeof given.id === "string" ? this.#rows.get(given.id) : undefined;
	}

	#same(row: JobViewRow): JobViewRow {
		const known = this.#rows.get(row.id);
		if (known) return known;
		this.#rows.set(row.id, row);
		return row;
	}
}
