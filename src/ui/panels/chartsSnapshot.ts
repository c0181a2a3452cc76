import { toLine } from "../../core/plainText";
import type { RunChoices } from "../../core/runs/runChoices";
import type { RunModel } from "../../core/runs/runModel";
import { seedGroup } from "../../core/runs/seedGroups";
import type { LibraryChange } from "../../core/stores/runLibrary";
import type { ChartsMetric, ChartsRun, ChartsState, RunValues } from "../../shared/panels/chartsPanel";
import type { Run, RunKey, StoreSummary } from "../../shared/run";

/** The charts panel's state, taken from the models; counts for each metric how often its history changed. */
export class ChartsSnapshot {
	/** By metric; and for all metrics at once, when a store cannot tell which one grew. */
	readonly #revisions = new Map<string, number>();
	#revisionOfAll = 0;

	constructor(
		private readonly model: RunModel,
		private readonly choices: RunChoices,
	) {}

	/** Takes note of what grew; true when it concerns a run on the charts. */
	apply(change: LibraryChange): boolean {
		const { checked, baseline } = this.choices.snapshot;
		const charted = new Set([...checked, ...(baseline === null ? [] : this.#baselineMembers(baseline))]);
		let concerned =
			change.upserted.some((run) => charted.has(run.key)) || change.removed.some((key) => charted.has(key));
		for (const { key, metrics } of change.grown) {
			if (!charted.has(key)) continue;
			concerned = true;
			if (metrics === null) this.#revisionOfAll++;
			else for (const metric of metrics) this.#revisions.set(metric, (this.#revisions.get(metric) ?? 0) + 1);
		}
		return concerned;
	}

	state(nowMs: number, wanted: ChartsState["wanted"]): ChartsState {
		const { runs, stores } = this.model.snapshot;
		const checked = this.checkedRuns();
		const baseline = this.#baseline();
		return {
			runs: checked.map((run) => this.#toChartsRun(run)),
			baseline: baseline && { run: this.#toChartsRun(baseline), members: this.#baselineMembers(baseline.key) },
			...this.#metrics(checked),
			totalRuns: runs.size,
			isReading: stores.some((store) => store.state.kind === "reading"),
			troubles: stores.flatMap((store) => troubleOf(store, nowMs)),
			sentAtMs: nowMs,
			wanted,
		};
	}

	values(): RunValues[] {
		return this.checkedRuns().map(({ key, params, metrics }) => ({ key, params, metrics }));
	}

	/** The checked runs that are still there, in the order they were put on the charts. */
	checkedRuns(): Run[] {
		return this.choices.snapshot.checked.flatMap((key) => this.model.run(key) ?? []);
	}

	/** The newest runs, newest first. */
	newestKeys(count: number): RunKey[] {
		return [...this.model.snapshot.runs.values()]
			.filter((run) => run.lifecycleStage === "active" && run.experimentStage === "active")
			.sort((a, b) => (b.startTimeMs ?? 0) - (a.startTimeMs ?? 0))
			.slice(0, count)
			.map((run) => run.key);
	}

	#metrics(checked: readonly Run[]): { runSets: number[][]; metrics: ChartsMetric[] } {
		const holders = new Map<string, number[]>();
		for (const [index, run] of checked.entries()) {
			for (const name of Object.keys(run.metrics)) {
				const known = holders.get(name);
				if (known) known.push(index);
				else holders.set(name, [index]);
			}
		}
		const runSets: number[][] = [];
		const setIds = new Map<string, number>();
		const metrics = [...holders].map(([name, holding]) => {
			const id = holding.join();
			let runSet = setIds.get(id);
			if (runSet === undefined) {
				runSet = runSets.push(holding) - 1;
				setIds.set(id, runSet);
			}
			return { name, runSet, revision: this.#revisionOfAll + (this.#revisions.get(name) ?? 0) };
		});
		return { runSets, metrics: metrics.sort((a, b) => compareNames(a.name, b.name)) };
	}

	#toChartsRun(run: Run): ChartsRun {
		return {
			key: run.key,
			name: toLine(run.name, 300),
			experimentName: run.experimentName,
			status: run.status,
			colour: this.choices.colourOf(run.key),
			isBaseline: run.key === this.choices.snapshot.baseline,
			startTimeMs: run.startTimeMs,
			lastSignMs: run.lastSignMs,
			group: seedGroup(run),
			problem: run.problem,
		};
	}

	#baseline(): Run | null {
		const { baseline } = this.choices.snapshot;
		return baseline === null ? null : (this.model.run(baseline) ?? null);
	}

	/** The baseline and the runs that differ from it by the seed alone. */
	#baselineMembers(key: RunKey): RunKey[] {
		const baseline = this.model.run(key);
		if (!baseline) return [];
		const group = seedGroup(baseline);
		const siblings = [...this.model.snapshot.runs.values()].filter(
			(run) =>
				run.storeId === baseline.storeId &&
				run.experimentId === baseline.experimentId &&
				run.lifecycleStage === "active" &&
				run.key !== key &&
				// Runs without params say nothing about being alike.
				Object.keys(run.params).length > 0 &&
				seedGroup(run) === group,
		);
		return [key, ...siblings.map((run) => run.key)];
	}
}

/** Names in the order people count: `layer2` before `layer10`. */
const collator = new Intl.Collator("en", { numeric: true });
function compareNames(a: string, b: string): number {
	return collator.compare(a, b) || (a < b ? -1 : 1);
}

function troubleOf(store: StoreSummary, nowMs: number): string[] {
	if (store.state.kind !== "failed") return [];
	const { message, lastReadMs } = store.state;
	if (lastReadMs === null) return [message];
	return [`${message} What is shown was read ${Math.max(1, Math.round((nowMs - lastReadMs) / 60_000))} min ago.`];
}
