import type { MetricSummary } from "../../src/shared/panels/runPanel";
import type { RunSession } from "./runSession";

/** One call asks for this many: the first rows come soon, and a slow store is not asked for a thousand at once. */
const batch = 24;
/** A training that writes every second need not redraw its curves more often. */
const refreshEveryMs = 1000;

/** Curves and extremes of the metrics on screen, asked for when they come into view and again when the run grew. */
export class MetricSummaries {
	readonly #known = new Map<string, { growth: number; summary: MetricSummary }>();
	readonly #visible = new Set<string>();
	#asking = false;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#lastAskedMs = 0;

	constructor(
		private readonly session: RunSession,
		private readonly onAnswer: () => void,
	) {}

	of(name: string): MetricSummary | undefined {
		return this.#known.get(name)?.summary;
	}

	setVisible(name: string, isVisible: boolean): void {
		if (isVisible) this.#visible.add(name);
		else this.#visible.delete(name);
		this.refresh();
	}

	forgetVisible(): void {
		this.#visible.clear();
	}

	/** Asks for what is on screen and not known at the run's present growth. */
	refresh(): void {
		if (this.#asking || this.#timer !== undefined) return;
		const stale = this.#stale();
		if (stale.length === 0) return;
		const waitMs = stale.some((name) => !this.#known.has(name)) ? 0 : refreshEveryMs + this.#lastAskedMs - Date.now();
		this.#timer = setTimeout(
			() => {
				this.#timer = undefined;
				void this.#ask();
			},
			Math.max(0, waitMs),
		);
	}

	#stale(): string[] {
		const growth = this.session.state?.run?.growth ?? 0;
		return [...this.#visible].filter((name) => this.#known.get(name)?.growth !== growth);
	}

	async #ask(): Promise<void> {
		const names = this.#stale().slice(0, batch);
		if (names.length === 0) return;
		const growth = this.session.state?.run?.growth ?? 0;
		this.#asking = true;
		this.#lastAskedMs = Date.now();
		try {
			for (const summary of await this.session.host.call("metrics", { names })) {
				this.#known.set(summary.name, { growth, summary });
			}
		} catch (error) {
			const problem = error instanceof Error ? error.message : String(error);
			for (const name of names) this.#known.set(name, { growth, summary: { ...nothingKnown, name, problem } });
		}
		this.#asking = false;
		this.onAnswer();
		this.refresh();
	}
}

const nothingKnown = { min: null, max: null, points: 0, x: new Float64Array(), y: new Float64Array(), breaks: [] };
