import type { Run, RunKey } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { RunModel } from "./runModel";
import { isActive, isEnded } from "./runState";

/** Ends this close together are one notice (ux.md). */
export const joinedWithinMs = 10_000;

/** Notices that a run which was going has ended, and says so once, joined with those that end right after it. */
export class RunEnds extends Owner {
	readonly #going = new Set<RunKey>();
	#ended: Run[] = [];
	#timer: ReturnType<typeof setTimeout> | undefined;

	readonly #ends = this.own(new Emitter<readonly Run[]>());
	readonly onDidEnd = this.#ends.event;

	constructor(model: RunModel) {
		super();
		this.own(
			model.onDidChange((change) => {
				for (const key of change.removed) this.#going.delete(key);
				for (const run of change.upserted) this.#see(run);
			}),
		);
		this.own({ dispose: () => clearTimeout(this.#timer) });
	}

	#see(run: Run): void {
		if (!isEnded(run)) {
			this.#going.add(run.key);
			return;
		}
		if (!this.#going.delete(run.key) || !isActive(run)) return;
		this.#ended.push(run);
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			const ended = this.#ended;
			this.#ended = [];
			this.#ends.fire(ended);
		}, joinedWithinMs);
	}
}

/** `✗ warm-fox failed`, or for several `✗ 1 of 3 runs failed: warm-fox, calm-owl, bold-cat`. */
export function endSentence(ended: readonly Run[]): string {
	const [only] = ended;
	if (ended.length === 1 && only) return `${markOf(only)} ${only.name} ${wordOf(only)}`;
	const failed = ended.filter((run) => run.status === "FAILED");
	const names = ended
		.slice(0, 3)
		.map((run) => run.name)
		.join(", ");
	const more = ended.length > 3 ? " …" : "";
	return failed.length === 0
		? `✓ ${ended.length} runs ended: ${names}${more}`
		: `✗ ${failed.length} of ${ended.length} runs failed: ${names}${more}`;
}

function markOf(run: Run): string {
	return run.status === "FINISHED" ? "✓" : run.status === "FAILED" ? "✗" : "⊘";
}

function wordOf(run: Run): string {
	return run.status === "FINISHED" ? "finished" : run.status === "FAILED" ? "failed" : "was killed";
}
