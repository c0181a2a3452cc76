import { toFailure } from "../../shared/errors";
import type { Run, RunKey, Series } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { JobSource } from "../jobs/trackedJob";
import type { Logger } from "../logger";
import type { RunModel } from "../runs/runModel";
import { isActive } from "../runs/runState";
import { metricDirection } from "../table/metricDirection";
import { baselineBand } from "./baselineBand";
import { deadRunners } from "./deadRunners";
import type { Band } from "./detectors";
import { findInsights } from "./findInsights";
import type { Insight, Watched } from "./insight";
import { type Firing, RuleState } from "./ruleState";
import type { WatchRule } from "./watchRule";

export interface InsightWatchParts {
	readonly model: Pick<RunModel, "snapshot" | "onDidChange">;
	readonly jobs: Pick<JobSource, "snapshot" | "onDidChange">;
	/** Every point, in the order of its steps. */
	readonly history: (run: RunKey, metric: string, signal: AbortSignal) => Promise<Series>;
	/** When the run's checkpoints were written, in milliseconds since 1970. */
	readonly checkpointsMs: (run: RunKey, signal: AbortSignal) => Promise<readonly number[]>;
	/** The baseline, then the runs that differ from it by the seed alone; empty without one. */
	readonly baseline: () => readonly Run[];
	readonly rules: () => readonly WatchRule[];
	readonly nowMs: () => number;
	readonly logger: Logger;
	/** Between two looks at a run that goes on. */
	readonly everyMs?: number;
}

/** A rule that came true. */
export type RuleFiring = Firing & Watched & { readonly rule: WatchRule };

const usualEveryMs = 15_000;
/** A checkpoint is looked for seldom: at a server that is a list of files. */
const checkpointsEveryMs = 60_000;
/** Of a run with hundreds of metrics, those whose names say what is better. */
const mostMetrics = 16;
/** Seeds of the baseline that are read. */
const mostSeeds = 8;

/** Looks at runs that are going, and says what arithmetic finds in them and which rules came true. Looks at nothing while nothing runs. */
export class InsightWatch extends Owner {
	#insights: ReadonlyMap<string, readonly Insight[]> = new Map();
	readonly #rules = new Map<RunKey, Map<string, { readonly state: RuleState; taken: number }>>();
	readonly #lookedMs = new Map<RunKey, number>();
	readonly #checkpoints = new Map<RunKey, { readonly atMs: number; readonly timesMs: readonly number[] }>();
	readonly #bands = new Map<string, Band | null>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#looking: Promise<void> | null = null;
	readonly #abort = new AbortController();

	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;
	readonly #found = this.own(new Emitter<Insight>());
	/** Each kind once for each run and metric. */
	readonly onDidFind = this.#found.event;
	readonly #fired = this.own(new Emitter<RuleFiring>());
	readonly onDidFire = this.#fired.event;

	constructor(private readonly parts: InsightWatchParts) {
		super();
		this.own(parts.model.onDidChange(() => this.#lookSoon()));
		this.own(parts.jobs.onDidChange(() => this.#lookSoon()));
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.own({ dispose: () => this.#abort.abort() });
		this.#lookSoon();
	}

	/** By run, or by job where it has none: of those that are going, and of runs that ended while they were watched. */
	get insights(): ReadonlyMap<string, readonly Insight[]> {
		return this.#insights;
	}

	/** Looks at everything that is going, now. */
	async look(): Promise<void> {
		await this.#looking;
		this.#lookedMs.clear();
		await this.#look();
	}

	#lookSoon(): void {
		const { everyMs = usualEveryMs, jobs } = this.parts;
		const isGoing =
			this.#going().length > 0 || [...jobs.snapshot.jobs.values()].some(({ job }) => job.status === "running");
		if (this.isDisposed || !isGoing) return;
		this.#timer ??= setTimeout(
			() => {
				this.#timer = undefined;
				void this.#look().finally(() => this.#lookSoon());
			},
			this.#lookedMs.size === 0 && this.#going().length > 0 ? 0 : everyMs,
		);
	}

	#going(): Run[] {
		return [...this.parts.model.snapshot.runs.values()].filter((run) => run.status === "RUNNING" && isActive(run));
	}

	#look(): Promise<void> {
		this.#looking ??= this.#lookAtAll().finally(() => {
			this.#looking = null;
		});
		return this.#looking;
	}

	async #lookAtAll(): Promise<void> {
		for (const run of this.#going()) {
			if (this.isDisposed) return;
			this.#lookedMs.set(run.key, this.parts.nowMs());
			try {
				await this.#lookAt(run);
			} catch (error) {
				// A store that is away for a moment: the next look tells.
				this.parts.logger.debug("a run could not be looked at", { run: run.key, reason: toFailure(error).message });
			}
		}
		if (this.isDisposed) return;
		this.#lookAtRunners();
		this.#changed.fire();
	}

	/** Of a runner that speaks again nothing is left. */
	#lookAtRunners(): void {
		const dead = deadRunners(this.parts.jobs.snapshot, this.parts.nowMs());
		const alive = [...this.#insights.keys()].filter(
			(key) => key.startsWith("job:") && !dead.some(({ jobId }) => key === `job:${jobId}`),
		);
		this.#insights = new Map([...this.#insights].filter(([key]) => !alive.includes(key)));
		for (const insight of dead) this.#keep(`job:${insight.jobId}`, [insight]);
	}

	async #lookAt(run: Run): Promise<void> {
		const { nowMs, rules, history } = this.parts;
		const names = watchedMetrics(run, rules());
		const series = new Map<string, Series>();
		for (const name of names) series.set(name, await history(run.key, name, this.#abort.signal));
		const bands = await this.#bandsFor(run, names);
		const checkpointsMs = await this.#checkpointsOf(run);
		if (this.isDisposed) return;
		this.#keep(run.key, findInsights({ run, series, bands, checkpointsMs, nowMs: nowMs() }));
		this.#follow(run, series);
	}

	/** Of the metrics whose names say what is worse. A baseline that still goes on is read anew as it grows. */
	async #bandsFor(run: Run, names: readonly string[]): Promise<ReadonlyMap<string, Band>> {
		const baseline = this.parts.baseline().slice(0, mostSeeds);
		const bands = new Map<string, Band>();
		if (baseline.length === 0 || baseline.some(({ key }) => key === run.key)) return bands;
		for (const name of names.filter((metric) => metricDirection(metric) !== null)) {
			const band = await this.#bandOf(baseline, name);
			if (band) bands.set(name, band);
		}
		return bands;
	}

	async #bandOf(baseline: readonly Run[], metric: string): Promise<Band | null> {
		const logged = baseline.filter(({ metrics }) => Object.hasOwn(metrics, metric));
		const id = JSON.stringify([metric, logged.map(({ key, lastSignMs }) => [key, lastSignMs])]);
		const known = this.#bands.get(id);
		if (known !== undefined) return known;
		const histories: Series[] = [];
		for (const { key } of logged) histories.push(await this.parts.history(key, metric, this.#abort.signal));
		const band = baselineBand(histories);
		if (this.#bands.size > 200) this.#bands.clear();
		this.#bands.set(id, band);
		return band;
	}

	async #checkpointsOf({ key }: Run): Promise<readonly number[]> {
		const { nowMs, checkpointsMs, logger } = this.parts;
		const known = this.#checkpoints.get(key);
		if (known && nowMs() - known.atMs < checkpointsEveryMs) return known.timesMs;
		const timesMs = await checkpointsMs(key, this.#abort.signal).catch((error: unknown) => {
			logger.debug("checkpoints could not be looked at", { run: key, reason: toFailure(error).message });
			return [];
		});
		this.#checkpoints.set(key, { atMs: nowMs(), timesMs });
		return timesMs;
	}

	#keep(subject: string, insights: readonly Insight[]): void {
		const before = this.#insights.get(subject) ?? [];
		this.#insights = new Map(this.#insights).set(subject, insights);
		const isKnown = (one: Insight) => before.some(({ kind, metric }) => kind === one.kind && metric === one.metric);
		for (const insight of insights) if (!isKnown(insight)) this.#found.fire(insight);
	}

	/** Feeds each rule the points that it has not had. */
	#follow(run: Run, series: ReadonlyMap<string, Series>): void {
		const states = this.#rules.get(run.key) ?? new Map();
		this.#rules.set(run.key, states);
		for (const rule of this.parts.rules()) {
			const known = states.get(rule.text) ?? { state: new RuleState(rule), taken: 0 };
			states.set(rule.text, known);
			const history = known.state.metric === null ? undefined : series.get(known.state.metric);
			if (!history) continue;
			for (; known.taken < history.steps.length; known.taken++) {
				const firing = known.state.takePoint({
					step: history.steps[known.taken] ?? 0,
					timestampMs: history.timestampsMs[known.taken] ?? 0,
					value: history.values[known.taken] ?? Number.NaN,
				});
				if (firing) this.#fired.fire({ ...firing, rule, run: run.key, jobId: null });
			}
		}
	}
}

/** Metrics that rules name, then those whose names say what is better. */
function watchedMetrics(run: Run, rules: readonly WatchRule[]): readonly string[] {
	const names = Object.keys(run.metrics);
	const ofRules = rules.flatMap(({ when }) => (when.kind === "log" ? [] : when.metric));
	const telling = names.filter((name) => metricDirection(name) !== null).slice(0, mostMetrics);
	return [...new Set([...ofRules.filter((name) => names.includes(name)), ...telling])];
}
