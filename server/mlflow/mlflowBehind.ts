import { ServerClient, ServerRefusal } from "../../src/adapters/mlflow/serverClient";
import { MlflowServerStore } from "../../src/adapters/mlflow/serverStore";
import { runAnswer, runsPage } from "../../src/core/mlflow/serverWire";
import { fromWireRun } from "../../src/core/mlflow/wireRun";
import type { Experiment, Run, Series } from "../../src/shared/run";
import { notFound } from "../problem";
import { refuse } from "./refuse";

/** Without a byte for so long, MLflow counts as away. */
const silenceMs = 15_000;
/** How long a list of experiments is taken for the list of now, within which one that is new may be missing. */
const freshMs = 2_000;
/** Runs whose experiment is remembered; it never changes. */
const mostRunsKnown = 20_000;

/**
 * The MLflow server behind the relay, as far as one person may see it: `names` are the experiments of their projects, null
 * on a local relay, whose one person sees all. What they may not see is not there. Rejects with problems, in words that
 * name neither the server nor what the relay signs in with.
 */
export class MlflowBehind {
	readonly client: ServerClient;
	readonly #store: MlflowServerStore;
	readonly #experimentOf = new Map<string, string>();
	#list: { readonly atMs: number; readonly experiments: Promise<readonly Experiment[]> } | null = null;

	/** Throws `settings.invalid`. */
	constructor(url: string) {
		this.client = new ServerClient({ url, timeoutMs: silenceMs });
		this.#store = new MlflowServerStore({ id: "relay", url, label: "relay", timeoutMs: silenceMs });
	}

	/** Deleted ones included, in MLflow's order: newest first. */
	async experiments(names: ReadonlySet<string> | null): Promise<readonly Experiment[]> {
		const all = await this.#all();
		return names === null ? all : all.filter(({ name }) => names.has(name));
	}

	/** One page, newest first; `token` is what the page before gave as `next`. */
	async runs(
		experiment: Experiment,
		limit: number,
		token: string | undefined,
		signal: AbortSignal,
	): Promise<{ readonly runs: readonly Run[]; readonly next: string | null }> {
		const body = {
			experiment_ids: [experiment.id],
			run_view_type: "ACTIVE_ONLY",
			max_results: limit,
			page_token: token,
		};
		const page = await this.client.json(runsPage, { path: "/api/2.0/mlflow/runs/search", body, signal }).catch(refuse);
		return {
			runs: page.runs.map((wire) => fromWireRun("relay", wire, experiment)),
			next: page.next_page_token || null,
		};
	}

	/** Every point of one metric. */
	async history(
		names: ReadonlySet<string> | null,
		runId: string,
		metric: string,
		signal: AbortSignal,
	): Promise<Series> {
		await this.seeRun(names, runId, signal);
		return this.#store.history(runId, metric, signal).catch(refuse);
	}

	/** Resolves when the person may see the run; 404 else. */
	async seeRun(names: ReadonlySet<string> | null, runId: string, signal: AbortSignal): Promise<void> {
		if (names === null) return;
		await this.seeExperiments(names, [await this.#experimentIdOf(runId, signal)]);
	}

	/** Resolves when the person may see each of these; 404 else. */
	async seeExperiments(names: ReadonlySet<string> | null, ids: readonly string[]): Promise<void> {
		if (names === null) return;
		const seen = new Set((await this.experiments(names)).map(({ id }) => id));
		if (ids.some((id) => !seen.has(id))) throw notFound();
	}

	async #experimentIdOf(runId: string, signal: AbortSignal): Promise<string> {
		const known = this.#experimentOf.get(runId);
		if (known !== undefined) return known;
		const query = { run_id: runId, run_uuid: runId };
		const answer = await this.client
			.json(runAnswer, { path: "/api/2.0/mlflow/runs/get", query, signal })
			.catch((error: unknown) => {
				// MLflow calls an id that cannot be one an invalid value.
				if (error instanceof ServerRefusal && error.status === 400) throw notFound();
				return refuse(error);
			});
		const id = answer.run.info.experiment_id;
		if (this.#experimentOf.size >= mostRunsKnown) this.#experimentOf.clear();
		this.#experimentOf.set(runId, id);
		return id;
	}

	async #all(): Promise<readonly Experiment[]> {
		const nowMs = performance.now();
		if (this.#list === null || nowMs - this.#list.atMs > freshMs) {
			const list = { atMs: nowMs, experiments: this.#store.experiments() };
			this.#list = list;
			list.experiments.catch(() => {
				if (this.#list === list) this.#list = null;
			});
		}
		return this.#list.experiments.catch(refuse);
	}
}
