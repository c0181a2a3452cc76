import { toFailure } from "../../shared/errors";
import type { Run, RunKey, Series } from "../../shared/run";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import type { Logger } from "../logger";
import type { RunModel } from "../runs/runModel";
import { isActive, runStateOf } from "../runs/runState";
import { metricDirection } from "../table/metricDirection";
import { type Finding, findDivergence, findNotFinite, findOverfitting, findPlateau, findSlower } from "./detectors";
import type { Insight, InsightKind } from "./insight";
import { type Firing, RuleState } from "./ruleState";
import type { WatchRule } from "./watchRule";

export interface InsightWatchParts {
	readonly model: Pick<RunModel, "snapshot" | "onDidChange">;
	/** Every point, in the order of its steps. */
	readonly history: (run: RunKey, metric: string, signal: AbortSignal) => Promise<Series>;
	readonly rules: () => readonly WatchRule[];
	readonly nowMs: () => number;
	readonly logger: Logger;
	/** Between two looks at a run that goes on. */
	readonly everyMs?: number;
}

/** A rule that came true. */
export interface RuleFiring extends Firing {
	readonly rule: WatchRule;
	readonly run: RunKey;
}

const usualEveryMs = 15_000;
/** Of a run with hundreds of metrics, those whose names say what is better. */
const mostMetrics = 16;
const bad: ReadonlySet<InsightKind> = new Set(["notFinite", "divergence", "silentRunner"]);

/** Looks at runs that are going, and says what arithmetic finds in them and which rules came true. Looks at nothing while nothing runs. */
export class InsightWatch extends Owner {
	#insights: ReadonlyMap<RunKey, readonly Insight[]> = new Map();
	readonly #rules = new Map<RunKey, Map<string, { readonly state: RuleState; taken: number }>>();
	readonly #lookedMs = new Map<RunKey, number>();
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
		this.own({ dispose: () => clearTimeout(this.#timer) });
		this.own({ dispose: () => this.#abort.abort() });
		this.#lookSoon();
	}

	/** Of runs that are going, and of those that ended while they were watched. */
	get insights(): ReadonlyMap<RunKey, readonly Insight[]> {
		return this.#insights;
	}

	/** Looks at every run that is going, now. */
	async look(): Promise<void> {
		await this.#looking;
		this.#lookedMs.clear();
		await this.#look();
	}

	#lookSoon(): void {
		const { everyMs = usualEveryMs } = this.parts;
		if (this.isDisposed || !this.#going().some(Boolean)) return;
		this.#timer ??= setTimeout(
			() => {
				this.#timer = undefined;
				void this.#look().finally(() => this.#lookSoon());
			},
			this.#lookedMs.size === 0 ? 0 : everyMs,
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
		if (!this.isDisposed) this.#changed.fire();
	}

	async #lookAt(run: Run): Promise<void> {
		const names = watchedMetrics(run, this.parts.rules());
		const series = new Map<string, Series>();
		for (const name of names) series.set(name, await this.parts.history(run.key, name, this.#abort.signal));
		const insights: Insight[] = [];
		const add = (kind: InsightKind, metric: string | null, finding: { step?: number; sentence: string } | null) => {
			if (finding === null) return;
			const severity = bad.has(kind) ? ("bad" as const) : ("warning" as const);
			insights.push({ kind, severity, run: run.key, metric, step: finding.step ?? null, sentence: finding.sentence });
		};
		for (const [name, history] of series) {
			const broken = findNotFinite(name, history);
			add("notFinite", name, broken);
			if (broken !== null) continue;
			const diverged = findDivergence(name, history);
			add("divergence", name, diverged);
			if (diverged === null) add("plateau", name, findPlateau(name, history));
		}
		const [train, validation] = lossPair(series);
		if (train && validation) add("overfitting", null, findOverfitting(train, validation));
		const longest = [...series.values()].reduce<Series | null>(
			(a, b) => (a === null || b.steps.length > a.steps.length ? b : a),
			null,
		);
		if (longest) add("slower", null, findSlower(longest) satisfies Finding | null);
		if (runStateOf(run, this.parts.nowMs()) === "silent") {
			add("silentRunner", null, {
				sentence: "It says that it runs, and nothing has come of it for more than two minutes.",
			});
		}
		if (this.isDisposed) return;
		this.#keep(run, insights);
		this.#follow(run, series);
	}

	#keep(run: Run, insights: readonly Insight[]): void {
		const before = this.#insights.get(run.key) ?? [];
		this.#insights = new Map(this.#insights).set(run.key, insights);
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
				if (firing) this.#fired.fire({ ...firing, rule, run: run.key });
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

/** The losses of training and validation, where their names tell. */
function lossPair(series: ReadonlyMap<string, Series>): readonly [Series | undefined, Series | undefined] {
	const find = (words: RegExp) => [...series].find(([name]) => /loss/i.test(name) && words.test(name))?.[1];
	return [find(/train/i), find(/val|eval|test/i)];
}
