import type { ChartsSession } from "./chartsSession";
import type { ValuedRun } from "./quantities";

/** Params and last metrics of the charted runs, asked anew when the runs or what they logged changed. */
export class RunValuesFeed {
	#runs: readonly ValuedRun[] = [];
	#askedFor = "";
	#isAsking = false;
	problem: string | null = null;

	constructor(
		private readonly session: () => ChartsSession,
		private readonly onChange: () => void,
	) {}

	get runs(): readonly ValuedRun[] {
		const hidden = new Set(this.session().view.hidden);
		return this.#runs.filter(({ run }) => !hidden.has(run.key));
	}

	/** Asks if what is known is stale; one question at a time, so that a quick training does not flood the host. */
	refresh(): void {
		const { state } = this.session();
		if (!state || this.#isAsking) return;
		const wanted = JSON.stringify([state.runs.map((run) => run.key), state.metrics.map((metric) => metric.revision)]);
		if (wanted === this.#askedFor) return;
		this.#askedFor = wanted;
		this.#isAsking = true;
		this.session()
			.host.call("values", undefined)
			.then(
				(values) => {
					const byKey = new Map(values.map((one) => [one.key, one]));
					const runs = this.session().state?.runs ?? [];
					this.#runs = runs.flatMap((run) => {
						const found = byKey.get(run.key);
						return found ? [{ run, values: found }] : [];
					});
					this.problem = null;
				},
				(error: unknown) => {
					this.problem = error instanceof Error ? error.message : String(error);
				},
			)
			.finally(() => {
				this.#isAsking = false;
				this.onChange();
			});
	}

	retry(): void {
		this.#askedFor = "";
		this.refresh();
	}
}
