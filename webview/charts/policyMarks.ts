import type { chartsCalls } from "../../src/shared/panels/chartsPanel";
import { nearestStep } from "../../src/shared/policy/nearestStep";
import type { Host } from "../common/host";
import { type Plot, projectX } from "./plot";

/** A training logs checkpoints as it goes: what is known of a run is asked for again after this. */
const freshMs = 30_000;
/** The pointer is at a mark within this, to its sides and above the axis. */
const markReachPx = 7;
const markHeightPx = 14;

/** A policy that a run logged, to be opened from its chart. */
export interface PolicyMark {
	readonly key: string;
	readonly step: number;
}

/** The steps at which the charted runs logged a policy. */
export class PolicyMarks {
	readonly #steps = new Map<string, { readonly askedMs: number; readonly steps: readonly number[] }>();

	constructor(
		private readonly host: Host<typeof chartsCalls>,
		private readonly onDidRead: () => void,
	) {}

	/** Asks for the runs that are not known, or not any more. */
	look(keys: readonly string[], nowMs: number): void {
		for (const key of keys) {
			const known = this.#steps.get(key);
			if (known && nowMs - known.askedMs < freshMs) continue;
			const before = known?.steps ?? [];
			this.#steps.set(key, { askedMs: nowMs, steps: before });
			this.host
				.call("policySteps", { key })
				.then((steps) => {
					this.#steps.set(key, { askedMs: nowMs, steps });
					if (steps.length !== before.length) this.onDidRead();
				})
				// Without an answer there are no marks; the run's own page says what is wrong with its artifacts.
				.catch(() => {});
		}
	}

	stepsOf(key: string): readonly number[] {
		return this.#steps.get(key)?.steps ?? [];
	}

	/** The policy nearest to a step: of the first of these runs that has one. */
	nearest(keys: readonly string[], step: number): PolicyMark | null {
		for (const key of keys) {
			const found = nearestStep(this.stepsOf(key), step);
			if (found !== null) return { key, step: found };
		}
		return null;
	}

	/** The mark under a place of a chart, of these runs; null where none is. */
	at(keys: readonly string[], plot: Plot, px: number, py: number): PolicyMark | null {
		if (py < plot.bottom - markHeightPx || py > plot.bottom + markReachPx) return null;
		const x = projectX(plot);
		let found: PolicyMark | null = null;
		let nearestPx = markReachPx;
		for (const key of keys) {
			for (const step of this.stepsOf(key)) {
				const awayPx = Math.abs(x(step) - px);
				if (awayPx > nearestPx) continue;
				nearestPx = awayPx;
				found = { key, step };
			}
		}
		return found;
	}

	open({ key, step }: PolicyMark): void {
		void this.host.call("openPolicy", { key, step });
	}
}
