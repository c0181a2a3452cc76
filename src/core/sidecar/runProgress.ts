import type { OutputPoint } from "./outputPoint";
import type { LoggedPoint } from "./recordedRun";

const mostSteps = 1000;

/** Where a training is: gives points without a step the next of their key, and remembers what a step's metrics were. */
export class RunProgress {
	readonly #next = new Map<string, number>();
	readonly #metrics = new Map<number, Map<string, number>>();
	#lastStep: number | null = null;

	get lastStep(): number | null {
		return this.#lastStep;
	}

	place(points: readonly OutputPoint[]): LoggedPoint[] {
		return points.map((point) => {
			const step = point.step ?? this.#next.get(point.key) ?? 0;
			this.#next.set(point.key, step + 1);
			if (point.step !== null) this.#remember(point.step, point.key, point.value);
			return { ...point, step };
		});
	}

	/** The metrics logged at a step; none where nothing was. */
	metricsAt(step: number | null): Readonly<Record<string, number>> {
		return step === null ? {} : Object.fromEntries(this.#metrics.get(step) ?? []);
	}

	#remember(step: number, key: string, value: number): void {
		this.#lastStep = step;
		const metrics = this.#metrics.get(step) ?? new Map<string, number>();
		this.#metrics.set(step, metrics.set(key, value));
		const [oldest] = this.#metrics.keys();
		if (this.#metrics.size > mostSteps && oldest !== undefined) this.#metrics.delete(oldest);
	}
}
