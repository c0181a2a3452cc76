import { answerChart } from "../../src/core/charts/answerChart";
import type { ChartHistory } from "../../src/core/charts/placeOnAxis";
import type { Handlers } from "../../src/shared/call";
import type { ChartQuery } from "../../src/shared/chart";
import { GammaError } from "../../src/shared/errors";
import type { ChartsRun, ChartsState, chartsCalls, RunValues } from "../../src/shared/panels/chartsPanel";
import type { RunStatus, Series } from "../../src/shared/run";
import { metricsCsv } from "../../src/ui/panels/csvParts";
import { runWith } from "./memoryLibrary";

export interface MadeRun {
	readonly key: string;
	readonly name: string;
	readonly status?: RunStatus;
	readonly group?: string;
	readonly params?: Readonly<Record<string, string>>;
	readonly lastSignMs?: number;
	readonly series: Record<string, Series>;
}

/** A series from its values: step i, a second apart unless told. */
export function seriesOf(values: readonly number[], steps?: readonly number[], startMs = 1_700_000_000_000): Series {
	return {
		values: Float64Array.from(values),
		steps: Float64Array.from(steps ?? values.map((_, i) => i)),
		timestampsMs: Float64Array.from(values, (_, i) => startMs + i * 1000),
	};
}

/** A curve that looks like training: falls, with noise that is the same every time. */
export function lossCurve(points: number, seed: number, from = 2.3): Series {
	let state = seed * 2_654_435_761;
	const noise = () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32 - 0.5;
	};
	return seriesOf(
		Array.from({ length: points }, (_, i) => {
			const part = i / points;
			return from * Math.exp(-4 * part) + 0.12 + seed * 0.015 + noise() * 0.25 * (1.1 - part);
		}),
	);
}

function lastValues(series: Record<string, Series>): Record<string, number> {
	return Object.fromEntries(Object.entries(series).map(([name, { values }]) => [name, values.at(-1) ?? Number.NaN]));
}

/** The charts panel's other side over runs made in the test: the real thinning, everything else noted down. */
export class ChartsHost {
	readonly queries: ChartQuery[] = [];
	readonly calls: { name: string; params: unknown }[] = [];
	/** Set to make the next chart calls fail. */
	failure: string | null = null;
	/** Time a chart call takes. */
	delayMs = 0;
	revision = 0;
	baseline: { key: string; members: string[] } | null = null;
	readonly runs: MadeRun[];

	constructor(runs: readonly MadeRun[]) {
		this.runs = [...runs];
	}

	state(change: Partial<ChartsState> = {}): ChartsState {
		const names = [...new Set(this.runs.flatMap((run) => Object.keys(run.series)))].sort();
		const sets = new Map<string, number>();
		const runSets: number[][] = [];
		const metrics = names.map((name) => {
			const holding = this.runs.flatMap((run, index) => (run.series[name] ? [index] : []));
			const id = holding.join();
			if (!sets.has(id)) sets.set(id, runSets.push(holding) - 1);
			return { name, runSet: sets.get(id)!, revision: this.revision };
		});
		const baseline = this.runs.findIndex((run) => run.key === this.baseline?.key);
		return {
			runs: this.runs.map((run, index) => this.#toChartsRun(run, index)),
			baseline:
				this.baseline && baseline >= 0
					? { run: this.#toChartsRun(this.runs[baseline]!, baseline), members: this.baseline.members }
					: null,
			runSets,
			metrics,
			totalRuns: this.runs.length,
			isReading: false,
			troubles: [],
			sentAtMs: Date.now(),
			wanted: null,
			...change,
		};
	}

	/** Steps at which runs logged policies, by key. */
	policies: Readonly<Record<string, readonly number[]>> = {};

	readonly handlers: Handlers<typeof chartsCalls> = {
		policySteps: ({ key }) => this.policies[key] ?? [],
		openPolicy: (params) => this.#note("openPolicy", params, undefined),
		chart: async (query) => {
			this.queries.push(query);
			if (this.delayMs > 0) await new Promise((done) => setTimeout(done, this.delayMs));
			if (this.failure !== null) throw new GammaError("store.unreachable", this.failure);
			return answerChart(
				query,
				query.lines.map((line) => {
					const histories = line.runKeys.flatMap((key) => this.#history(key, query.metric));
					return {
						id: line.id,
						isMean: line.runKeys.length > 1,
						histories,
						problem: histories.length === 0 ? `The run has not logged ${query.metric}.` : null,
					};
				}),
			);
		},
		values: () =>
			this.runs.map(
				(run): RunValues => ({
					key: run.key,
					params: run.params ?? {},
					metrics: lastValues(run.series),
				}),
			),
		save: (params) => this.#note("save", params, true),
		exportCsv: (params) => this.#note("exportCsv", params, true),
		exportAllCsv: async (params) => {
			if (this.failure !== null) throw new GammaError("store.unreachable", this.failure);
			const runs = this.runs.map((run) =>
				runWith(run.key, { key: run.key, name: run.name, metrics: lastValues(run.series) }),
			);
			const read = async (key: string, metric: string) => {
				const series = this.runs.find((run) => run.key === key)?.series[metric];
				if (!series) throw new GammaError("metric.missing", `${key} has no ${metric}.`);
				return series;
			};
			let content = "";
			for await (const part of metricsCsv(params.metrics, runs, read)) content += part;
			return this.#note("exportAllCsv", { ...params, content }, true);
		},
		checkNewest: (params) => this.#note("checkNewest", params, undefined),
		uncheck: (params) => this.#note("uncheck", params, undefined),
		baseline: (params) => this.#note("baseline", params, undefined),
		openRun: (params) => this.#note("openRun", params, undefined),
		showRuns: (params) => this.#note("showRuns", params, undefined),
		askAbout: (params) => this.#note("askAbout", params, undefined),
		copyLink: (params) => this.#note("copyLink", params, undefined),
	};

	#note<T>(name: string, params: unknown, answer: T): T {
		this.calls.push({ name, params });
		return answer;
	}

	#history(key: string, metric: string): ChartHistory[] {
		const run = this.runs.find((candidate) => candidate.key === key);
		const series = run?.series[metric];
		if (!run || !series) return [];
		return [{ series, epochs: run.series.epoch ?? null, startTimeMs: null }];
	}

	#toChartsRun(run: MadeRun, index: number): ChartsRun {
		return {
			key: run.key,
			name: run.name,
			experimentName: "demo",
			status: run.status ?? "FINISHED",
			colour: index % 24,
			isBaseline: run.key === this.baseline?.key,
			startTimeMs: 1_700_000_000_000,
			lastSignMs: run.lastSignMs ?? null,
			group: run.group ?? run.key,
			problem: null,
		};
	}
}
