import { setImmediate as nextTurn } from "node:timers/promises";
import { answerChart } from "../../core/charts/answerChart";
import { epochMetric } from "../../core/charts/epochs";
import type { ChartHistory } from "../../core/charts/placeOnAxis";
import type { ChartSource } from "../../core/charts/preparedLine";
import type { TrackingStore } from "../../core/stores/trackingStore";
import type { ChartAnswer, ChartLineQuery, ChartQuery } from "../../shared/chart";
import { GammaError, toFailure } from "../../shared/errors";
import { type Run, type RunKey, type Series, splitRunKey } from "../../shared/run";

/** Histories asked for at once: enough to hide a server's round trips, few enough for its workers. */
const parallelHistories = 6;

/** Charts read at once: the first of a page is done early, and one on a slow server does not hold up the others. */
const parallelCharts = 3;

/** What a chart needs to know of an open store. */
export interface ChartedStore {
	run(runId: string): Run | undefined;
	opened(): TrackingStore;
}

type Answered = { readonly history: ChartHistory } | { readonly problem: string };

/** Reads the histories a chart asks for and computes its answer; a history that cannot be read costs its line only. */
export class ChartReader {
	#reading = 0;
	readonly #waiting: (() => void)[] = [];

	constructor(private readonly storeOf: (storeId: string) => ChartedStore) {}

	/** Rejects with `call.cancelled` only. */
	async chart(query: ChartQuery, signal?: AbortSignal): Promise<ChartAnswer> {
		// Whoever is done hands its place to the next one in the queue.
		if (this.#reading >= parallelCharts) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		else this.#reading++;
		try {
			return await this.#answer(query, signal);
		} finally {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#reading--;
		}
	}

	async #answer(query: ChartQuery, signal: AbortSignal | undefined): Promise<ChartAnswer> {
		const keys = [...new Set(query.lines.flatMap((line) => line.runKeys))];
		const answered = new Map<RunKey, Answered>();
		const waiting = keys.values();
		const work = async () => {
			for (const key of waiting) {
				throwIfCancelled(signal);
				answered.set(key, await this.#history(key, query, signal));
				// Local stores read without a pause: lets a cancellation or a shorter question come in between.
				await nextTurn();
			}
		};
		await Promise.all(Array.from({ length: Math.min(parallelHistories, keys.length) }, work));
		throwIfCancelled(signal);
		return answerChart(
			query,
			query.lines.map((line) => sourceOf(line, query.metric, answered)),
		);
	}

	async #history(key: RunKey, query: ChartQuery, signal: AbortSignal | undefined): Promise<Answered> {
		const { storeId, runId } = splitRunKey(key);
		try {
			const entry = this.storeOf(storeId);
			const store = entry.opened();
			const run = entry.run(runId);
			const series = await store.history(runId, query.metric, signal);
			const epochs = query.xAxis === "epoch" ? await epochsOf(store, runId, run, query.metric, series, signal) : null;
			return { history: { series, epochs, startTimeMs: run?.startTimeMs ?? null } };
		} catch (error) {
			throwIfCancelled(signal);
			if (GammaError.is(error, "metric.missing")) return { problem: `This run has no metric ${query.metric}.` };
			return { problem: toFailure(error).message };
		}
	}
}

async function epochsOf(
	store: TrackingStore,
	runId: string,
	run: Run | undefined,
	metric: string,
	series: Series,
	signal: AbortSignal | undefined,
): Promise<Series | null> {
	const { metrics } = run ?? (await store.run(runId, signal));
	const name = epochMetric(Object.keys(metrics));
	if (name === null) return null;
	return name === metric ? series : store.history(runId, name, signal);
}

function sourceOf(
	{ id, runKeys }: ChartLineQuery,
	metric: string,
	answered: ReadonlyMap<RunKey, Answered>,
): ChartSource {
	const histories: ChartHistory[] = [];
	const problems: string[] = [];
	for (const key of runKeys) {
		const answer = answered.get(key);
		if (answer && "history" in answer) histories.push(answer.history);
		else problems.push(answer?.problem ?? "The run was not read.");
	}
	const isMean = runKeys.length > 1;
	return { id, isMean, histories, problem: problemOf(problems, runKeys.length, metric) };
}

function problemOf(problems: readonly string[], asked: number, metric: string): string | null {
	const [first] = problems;
	if (first === undefined) return asked === 0 ? "There is no run to draw." : null;
	if (asked === 1) return first;
	if (problems.every((problem) => problem === `This run has no metric ${metric}.`)) {
		return `${problems.length} of ${asked} runs have no metric ${metric}.`;
	}
	return `${problems.length} of ${asked} runs could not be read: ${first}`;
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw new GammaError("call.cancelled", "The chart was cancelled.");
}
