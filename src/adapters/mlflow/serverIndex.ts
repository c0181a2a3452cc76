import type { WireRun } from "../../core/mlflow/serverWire";
import { fromWireRun, wireRunId } from "../../core/mlflow/wireRun";
import type { RunDelta } from "../../core/stores/trackingStore";
import type { Experiment, Run } from "../../shared/run";
import { type ServerClient, ServerRefusal } from "./serverClient";
import { type RunsQuestion, readServerExperiments, readServerRun, readServerRuns } from "./serverRuns";

const firstPage = 100;
/** A look at every run comes when this many times its own length has passed: 5 % of the server's time at most. */
const sweepPause = 20;
/** Missing runs asked for one by one; with more of them, an experiment was purged. */
const maxAsked = 20;

interface KnownRun {
	readonly run: Run;
	readonly wire: WireRun;
}

/** The server's runs as last asked, and how to ask for what changed: MLflow has no "since". */
export class ServerIndex {
	readonly runs = new Map<string, KnownRun>();
	#experiments: ReadonlyMap<string, Experiment> = new Map();
	#isComplete = false;
	#sweepDueMs = 0;

	constructor(
		private readonly storeId: string,
		private readonly client: ServerClient,
	) {}

	get hasRunning(): boolean {
		return [...this.runs.values()].some(({ run }) => run.status === "RUNNING");
	}

	/** The first time everything, newest first; later what changed. */
	async *refresh(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		const before = this.#experiments;
		this.#experiments = await readServerExperiments(this.client, signal);
		if (!this.#isComplete || performance.now() >= this.#sweepDueMs) {
			yield* this.#sweep(signal);
			return;
		}
		yield* this.#afterExperiments(before);
		yield* this.#recent(signal);
	}

	/** Every run, removed ones noticed. */
	async *#sweep(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		const startMs = performance.now();
		const seen = new Set<string>();
		const experimentIds = [...this.#experiments.keys()];
		const question: RunsQuestion = { experimentIds, view: "ALL", firstPage, orderBy: ["attributes.start_time DESC"] };
		for await (const page of readServerRuns(this.client, question, signal)) {
			for (const wire of page) seen.add(wireRunId(wire));
			const delta = this.#apply(page);
			if (delta !== null) yield delta;
		}
		const removed: string[] = [];
		for (const id of this.runs.keys())
			if (!seen.has(id) && !(await this.#isThere(id, removed.length, signal))) removed.push(id);
		for (const id of removed) this.runs.delete(id);
		this.#isComplete = true;
		const endMs = performance.now();
		this.#sweepDueMs = endMs + (endMs - startMs) * sweepPause;
		if (removed.length > 0) yield { upserted: [], removed, grown: [] };
	}

	/** Runs purged meanwhile shift the pages, so that another may be passed over: it is asked for before it counts as gone. */
	async #isThere(runId: string, alreadyGone: number, signal?: AbortSignal): Promise<boolean> {
		if (alreadyGone >= maxAsked) return false;
		try {
			await readServerRun(this.client, runId, signal);
			return true;
		} catch (error) {
			if (error instanceof ServerRefusal && error.status === 404) return false;
			throw error;
		}
	}

	/** New runs, those that ended, and those still running. */
	async *#recent(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		const experimentIds = [...this.#experiments.keys()];
		for (const by of ["start_time", "end_time"]) {
			const orderBy = [`attributes.${by} DESC`];
			for await (const page of readServerRuns(
				this.client,
				{ experimentIds, view: "ALL", firstPage, orderBy },
				signal,
			)) {
				const delta = this.#apply(page);
				if (delta !== null) yield delta;
				if (delta === null || delta.upserted.length < page.length) break;
			}
		}
		const filter = "attributes.status = 'RUNNING'";
		for await (const page of readServerRuns(this.client, { experimentIds, view: "ALL", filter }, signal)) {
			const delta = this.#apply(page);
			if (delta !== null) yield delta;
		}
	}

	/** Runs whose experiment was renamed, deleted or restored. */
	*#afterExperiments(before: ReadonlyMap<string, Experiment>): Generator<RunDelta> {
		const changed = new Set(
			[...this.#experiments.values()]
				.filter(
					({ id, name, lifecycleStage }) =>
						before.get(id)?.name !== name || before.get(id)?.lifecycleStage !== lifecycleStage,
				)
				.map(({ id }) => id),
		);
		const wires = [...this.runs.values()]
			.map(({ wire }) => wire)
			.filter((wire) => changed.has(wire.info.experiment_id));
		const delta = this.#apply(wires);
		if (delta !== null) yield delta;
	}

	#apply(page: readonly WireRun[]): RunDelta | null {
		const upserted: Run[] = [];
		const grown: { runId: string; metrics: readonly string[] | null }[] = [];
		for (const wire of page) {
			const id = wireRunId(wire);
			const known = this.runs.get(id);
			const run = fromWireRun(this.storeId, wire, this.#experiments.get(wire.info.experiment_id));
			if (known !== undefined && toComparable(known.run) === toComparable(run)) {
				const metrics = grownMetrics(known.wire, wire);
				if (metrics.length === 0) continue;
			}
			upserted.push(run);
			const metrics = known === undefined ? [] : grownMetrics(known.wire, wire);
			if (metrics.length > 0) grown.push({ runId: id, metrics });
			this.runs.set(id, { run, wire });
		}
		return upserted.length === 0 ? null : { upserted, removed: [], grown };
	}
}

/** Metrics whose latest point is another than before. */
function grownMetrics(before: WireRun, now: WireRun): string[] {
	const known = new Map(before.data.metrics.map((metric) => [metric.key, metric]));
	return now.data.metrics
		.filter(({ key, value, timestamp, step }) => {
			const was = known.get(key);
			return was === undefined || was.timestamp !== timestamp || was.step !== step || !Object.is(was.value, value);
		})
		.map(({ key }) => key);
}

function toComparable(run: Run): string {
	return JSON.stringify(run, (_, value: unknown) => (typeof value === "number" ? String(value) : value));
}
