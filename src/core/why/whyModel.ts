import { toFailure } from "../../shared/errors";
import type { WhyDifference, WhyPageHunk, WhyRun, WhyState } from "../../shared/panels/whyPanel";
import type { Run, RunKey } from "../../shared/run";
import type { OneAnswer, Question } from "../agent/askOnce";
import { Owner } from "../disposable";
import { Emitter } from "../emitter";
import { toLine } from "../plainText";
import type { RunChoices } from "../runs/runChoices";
import type { RunModel } from "../runs/runModel";
import { guessShownMetrics } from "../tree/shownMetrics";
import { type CodeHunks, type CodeHunksSources, codeHunks } from "./codeHunks";
import { type Difference, differencesOf } from "./differences";
import { spreadVerdict } from "./seedSpread";
import { bySuspicion, levelOf, type Suspicion, suspect } from "./suspicion";
import type { WhyHunk } from "./whyHunk";
import { rankedAtMost, rankingQuestion, readRanking } from "./whyRanking";

export interface WhyModelParts extends CodeHunksSources {
	readonly model: Pick<RunModel, "snapshot" | "run" | "onDidChange">;
	readonly choices: Pick<RunChoices, "colourOf">;
	/** Rejects with `agent.noKey` where there is nobody to ask. */
	readonly ask: (
		question: Question,
		options: { readonly signal: AbortSignal; readonly onText: (soFar: string) => void },
	) => Promise<OneAnswer>;
}

const mostHunks = 300;
const mostMetrics = 200;
const longestValue = 300;

/** Why two runs differ: everything that can be counted first, and a model's word only when a person asks for it. */
export class WhyModel extends Owner {
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;
	#keys: readonly [base: RunKey, other: RunKey] | null = null;
	#metric: string | null = null;
	#code: CodeHunks | null = null;
	#codeOf = "";
	#reading: AbortController | null = null;
	#ranking: WhyState["ranking"] = noRanking;
	#ranked: ReadonlyMap<string, Suspicion> = new Map();
	#asking: AbortController | null = null;

	constructor(private readonly parts: WhyModelParts) {
		super();
		this.own(
			parts.model.onDidChange(({ upserted, removed }) => {
				const touched = [...upserted.map(({ key }) => key), ...removed];
				// Any run may be another seed of these.
				if (this.#keys && touched.length > 0) this.#changed.fire();
				if (this.#keys?.some((key) => touched.includes(key))) this.#read();
			}),
		);
		this.own({ dispose: () => this.#reading?.abort() });
		this.own({ dispose: () => this.#asking?.abort() });
	}

	get keys(): readonly [base: RunKey, other: RunKey] | null {
		return this.#keys;
	}

	setRuns(base: RunKey, other: RunKey): void {
		if (this.#keys?.[0] === base && this.#keys[1] === other) return;
		this.stopRanking();
		this.#keys = [base, other];
		this.#metric = null;
		this.#codeOf = "";
		this.#forgetRanking();
		this.#read();
		this.#changed.fire();
	}

	/** What was ranked was ranked for another metric. */
	chooseMetric(metric: string): void {
		if (metric === this.#metric) return;
		this.#metric = metric;
		this.stopRanking();
		this.#forgetRanking();
		this.#changed.fire();
	}

	/** Reads the code anew: a commit may have been fetched. */
	lookAgain(): void {
		this.#codeOf = "";
		this.#read();
	}

	hunk(id: string): WhyHunk | undefined {
		return this.#code?.hunks.find((hunk) => hunk.id === id);
	}

	get runs(): { readonly base: Run; readonly other: Run } | null {
		const [base, other] = (this.#keys ?? []).map((key) => this.parts.model.run(key));
		return base && other ? { base, other } : null;
	}

	/** Never rejects: a failure is a state. */
	async rank(): Promise<void> {
		const { runs } = this;
		if (!runs || this.#asking) return;
		const hunks = this.#sorted(runs, false)
			.map(({ hunk }) => hunk)
			.slice(0, rankedAtMost);
		if (hunks.length === 0) return;
		const asking = new AbortController();
		this.#asking = asking;
		this.#ranked = new Map();
		this.#say({ kind: "writing", text: "", needsKey: false });
		const take = (text: string, isWhole: boolean) => {
			if (this.#asking !== asking) return;
			const found = [...readRanking(text, hunks.length, isWhole)];
			this.#ranked = new Map(
				found.flatMap(([number, one]) => (hunks[number - 1] ? [[hunks[number - 1]?.id ?? "", one]] : [])),
			);
			this.#changed.fire();
		};
		try {
			const question = rankingQuestion({
				sentence: this.#verdict(runs)?.sentence ?? "No metric of theirs can be compared.",
				differences: differencesOf(runs.base, runs.other),
				hunks,
			});
			const { signal } = asking;
			const answer = await this.parts.ask(question, { signal, onText: (text) => take(text, false) });
			take(answer.text, true);
			if (this.#asking !== asking) return;
			if (this.#ranked.size === 0) {
				this.#say({
					kind: "failed",
					text: "Claude's answer could not be read as a ranking: ask again.",
					needsKey: false,
				});
			} else this.#say({ kind: "ready", text: answer.model, needsKey: false });
		} catch (error) {
			if (this.#asking !== asking) return;
			const { code, message } = toFailure(error);
			this.#say({ kind: "failed", text: message, needsKey: code === "agent.noKey" });
		} finally {
			if (this.#asking === asking) this.#asking = null;
		}
	}

	/** What was ranked so far stays. */
	stopRanking(): void {
		if (!this.#asking) return;
		this.#asking.abort();
		this.#asking = null;
		this.#say(noRanking);
	}

	state(hostNowMs: number): WhyState {
		const { runs } = this;
		const { stores } = this.parts.model.snapshot;
		const isReading = stores.some(({ state }) => state.kind === "reading");
		if (!runs) return { ...emptyState, isReading, hostNowMs };
		const { params, data, environment } = differencesOf(runs.base, runs.other);
		const hunks = this.#sorted(runs, true);
		const code = this.#code;
		return {
			hostNowMs,
			...{ runs: { base: this.#toRun(runs.base), other: this.#toRun(runs.other) }, isReading },
			...{ metric: this.#metricOf(runs), metrics: metricsOf(runs).slice(0, mostMetrics), verdict: this.#verdict(runs) },
			...{ params: params.map(cut), data: data.map(cut), environment: environment.map(cut) },
			code: code
				? { kind: code.isKnown ? "ready" : "absent", sentence: code.sentence }
				: { kind: "reading", sentence: "Reading the code…" },
			hunks: hunks.slice(0, mostHunks).map(toPageHunk),
			moreHunks: Math.max(0, hunks.length - mostHunks),
			ranking: this.#ranking,
		};
	}

	#sorted(runs: { readonly base: Run; readonly other: Run }, withRanking: boolean): readonly RankedHunk[] {
		const { params } = differencesOf(runs.base, runs.other);
		const scene = { metric: this.#metricOf(runs), params };
		const hunks = (this.#code?.hunks ?? []).map((hunk): RankedHunk => {
			const ranked = withRanking ? this.#ranked.get(hunk.id) : undefined;
			return { hunk, ...(ranked ?? suspect(hunk, scene)), isRanked: ranked !== undefined };
		});
		return bySuspicion(hunks);
	}

	#metricOf(runs: { readonly base: Run; readonly other: Run }): string | null {
		const metrics = metricsOf(runs);
		return this.#metric !== null && metrics.includes(this.#metric) ? this.#metric : (metrics[0] ?? null);
	}

	#verdict(runs: { readonly base: Run; readonly other: Run }) {
		const metric = this.#metricOf(runs);
		if (metric === null) return null;
		return spreadVerdict(metric, runs.base, runs.other, this.parts.model.snapshot.runs.values());
	}

	#toRun({ key, name, id, commit }: Run): WhyRun {
		const short = commit === null ? null : toLine(commit, 60).slice(0, 7);
		return { key, name: toLine(name || id, 300), colour: this.parts.choices.colourOf(key), commit: short };
	}

	#read(): void {
		const { runs } = this;
		if (!runs) return;
		const of = JSON.stringify([runs.base, runs.other].map(({ key, commit }) => [key, commit]));
		if (of === this.#codeOf) return;
		this.#codeOf = of;
		this.#code = null;
		this.#reading?.abort();
		const reading = new AbortController();
		this.#reading = reading;
		void codeHunks(runs.base, runs.other, this.parts, reading.signal)
			.catch((error: unknown): CodeHunks => ({ hunks: [], sentence: toFailure(error).message, isKnown: false }))
			.then((code) => {
				if (reading.signal.aborted) return;
				this.#code = code;
				this.#changed.fire();
			});
	}

	#forgetRanking(): void {
		this.#ranked = new Map();
		this.#ranking = noRanking;
	}

	#say(ranking: WhyState["ranking"]): void {
		if (this.isDisposed) return;
		this.#ranking = ranking;
		this.#changed.fire();
	}
}

interface RankedHunk extends Suspicion {
	readonly hunk: WhyHunk;
	readonly isRanked: boolean;
}

const noRanking: WhyState["ranking"] = { kind: "none", text: "", needsKey: false };

const emptyState: Omit<WhyState, "hostNowMs"> = {
	...{ runs: null, isReading: false, metric: null, metrics: [], verdict: null, params: [], data: [], environment: [] },
	...{ code: { kind: "reading", sentence: "" }, hunks: [], moreHunks: 0, ranking: noRanking },
};

/** Those of both runs, the most telling first. */
function metricsOf({ base, other }: { readonly base: Run; readonly other: Run }): readonly string[] {
	const shared = Object.entries(base.metrics).filter(([name]) => Object.hasOwn(other.metrics, name));
	return guessShownMetrics([{ metrics: Object.fromEntries(shared) }], Number.MAX_SAFE_INTEGER);
}

function cut({ name, base, other }: Difference): WhyDifference {
	const short = (value: string | null) => (value === null ? null : toLine(value, longestValue));
	return { name: toLine(name, longestValue), base: short(base), other: short(other) };
}

function toPageHunk({ hunk, score, sentence, isRanked }: RankedHunk): WhyPageHunk {
	const { id, path, previousPath, kind, from, lines, omitted, isOpaque, newStart, hunkId } = hunk;
	return {
		...{ id, path, previousPath, kind, from, lines, omitted, isOpaque, line: newStart },
		...{ score, level: levelOf(score), sentence, isRanked },
		canTest: hunkId !== null && from === "committed",
	};
}
