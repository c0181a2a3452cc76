import { GammaError } from "../../shared/errors";
import type { Statistic } from "../../shared/panels/tableLayout";
import type { RunKey, Series } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { LibraryChange, RunLibrary } from "../stores/runLibrary";

/** What is wanted of one history: its minimum, its maximum or its value at a step. */
export interface Wanted {
	readonly key: RunKey;
	readonly metric: string;
	readonly statistic: Exclude<Statistic, "last">;
	/** For `step`. */
	readonly step: number;
}

/** A value and the step it was logged at. */
export interface ValueAtStep {
	readonly value: number;
	readonly step: number;
}

/** `problem`: why there is no value. */
export type Answer = ValueAtStep | { readonly problem: string };

interface Known {
	readonly key: RunKey;
	readonly metric: string;
	min: Answer;
	max: Answer;
	readonly steps: Map<number, Answer>;
	/** The history has grown since; what it was is shown until it is read again. */
	isStale: boolean;
}

/** Reads at once: enough to hide a server's latency, few enough to leave the charts their turn. */
const readsAtOnce = 4;

/** Minima, maxima and values at steps, read when a row that shows them is on screen. Keeps these numbers, not the histories. */
export class MetricHistories extends Owner {
	readonly #known = new Map<string, Known>();
	/** To be read, the most wanted last. */
	#queue: Wanted[] = [];
	readonly #running = new Map<string, { readonly key: RunKey; hasGrown: boolean }>();
	readonly #stop = new AbortController();
	readonly #changed = this.own(new Emitter<void>());
	/** A value came in. */
	readonly onDidChange = this.#changed.event;

	constructor(private readonly library: RunLibrary) {
		super();
		this.own(library.onDidChange((change) => this.#markStale(change)));
		this.own({ dispose: () => this.#stop.abort() });
	}

	/** Undefined while it is not known; ask with `want`. */
	read({ key, metric, statistic, step }: Wanted): Answer | undefined {
		const known = this.#known.get(idOf(key, metric));
		return statistic === "step" ? known?.steps.get(step) : known?.[statistic];
	}

	isUpToDate(wanted: Wanted): boolean {
		return this.read(wanted) !== undefined && this.#known.get(idOf(wanted.key, wanted.metric))?.isStale === false;
	}

	/** Reads these and forgets what was wanted before and not begun: the person has scrolled on. */
	want(wanted: readonly Wanted[]): void {
		this.#queue = wanted.filter((one) => !this.isUpToDate(one)).reverse();
		this.#next();
	}

	#next(): void {
		while (this.#running.size < readsAtOnce && !this.isDisposed) {
			const wanted = this.#queue.pop();
			if (!wanted) return;
			const id = idOf(wanted.key, wanted.metric);
			if (this.#running.has(id) || this.isUpToDate(wanted)) continue;
			this.#running.set(id, { key: wanted.key, hasGrown: false });
			void this.#readOne(wanted, id);
		}
	}

	async #readOne({ key, metric, statistic, step }: Wanted, id: string): Promise<void> {
		const steps = new Set(this.#known.get(id)?.steps.keys());
		if (statistic === "step") steps.add(step);
		let answer: (statistic: Wanted["statistic"], step: number) => Answer;
		try {
			const series = await this.library.history(key, metric, this.#stop.signal);
			answer = (asked, at) => statisticOf(series, asked, at);
		} catch (error) {
			const problem = GammaError.is(error) ? error.message : "The history could not be read.";
			answer = () => ({ problem });
		}
		const isStale = this.#running.get(id)?.hasGrown ?? false;
		this.#running.delete(id);
		if (this.isDisposed) return;
		this.#known.set(id, {
			key,
			metric,
			min: answer("min", 0),
			max: answer("max", 0),
			steps: new Map([...steps].map((at) => [at, answer("step", at)])),
			isStale,
		});
		this.#changed.fire();
		this.#next();
	}

	#markStale(change: LibraryChange): void {
		const removed = new Set(change.removed);
		const grown = new Map(change.grown.map(({ key, metrics }) => [key, metrics]));
		if (removed.size === 0 && grown.size === 0) return;
		for (const [id, known] of this.#known) {
			if (removed.has(known.key)) this.#known.delete(id);
			const metrics = grown.get(known.key);
			if (metrics === null || metrics?.includes(known.metric)) known.isStale = true;
		}
		for (const running of this.#running.values()) running.hasGrown ||= grown.has(running.key);
	}
}

/** Least or greatest value (NaN left out; the first step that has it), or the last value logged up to a step. */
export function statisticOf(series: Series, statistic: Wanted["statistic"], step: number): Answer {
	let found: ValueAtStep | null = null;
	for (let i = 0; i < series.values.length; i++) {
		const value = series.values[i] ?? Number.NaN;
		const at = series.steps[i] ?? 0;
		if (takes(statistic, value, at, found, step)) found = { value, step: at };
	}
	if (found) return found;
	return {
		problem: statistic === "step" ? `Nothing was logged up to step ${step}.` : "Every logged value is NaN.",
	};
}

function takes(
	statistic: Wanted["statistic"],
	value: number,
	at: number,
	found: ValueAtStep | null,
	step: number,
): boolean {
	switch (statistic) {
		case "min":
			return !Number.isNaN(value) && (found === null || value < found.value);
		case "max":
			return !Number.isNaN(value) && (found === null || value > found.value);
		case "step":
			// Of equal steps the later one counts: a resumed training logs them again.
			return at <= step && (found === null || at >= found.step);
	}
}

function idOf(key: RunKey, metric: string): string {
	return JSON.stringify([key, metric]);
}
