import type { RunModel } from "../../core/runs/runModel";
import { GammaError } from "../../shared/errors";
import type { Run, RunKey } from "../../shared/run";
import type { RunRows, RunViewRow } from "../tree/runRows";

export interface GivenRunsParts {
	readonly model: RunModel;
	readonly rows: RunRows;
	readonly selection: () => readonly RunViewRow[];
}

/**
 * The runs a command is about: the selected rows that a menu hands over, the one row, a key, or the view's selection
 * when it came from the keyboard. Only runs that exist.
 */
export class GivenRuns {
	constructor(private readonly parts: GivenRunsParts) {}

	all(given: readonly unknown[]): readonly Run[] {
		const [first, second] = given;
		const rows =
			Array.isArray(second) && second.length > 0 ? second : first === undefined ? this.parts.selection() : [first];
		const keys = new Set(rows.flatMap((row: unknown) => this.#keyOf(row) ?? []));
		return [...keys].flatMap((key) => this.parts.model.run(key) ?? []);
	}

	/** Throws `call.invalid` when there is none. */
	one(given: readonly unknown[]): Run {
		const [run] = this.all(given);
		if (run) return run;
		throw new GammaError("call.invalid", "Select a run in the side bar first.");
	}

	#keyOf(given: unknown): RunKey | undefined {
		if (typeof given === "string") return given;
		const row = this.parts.rows.find(given);
		return row?.kind === "run" ? row.key : undefined;
	}
}
