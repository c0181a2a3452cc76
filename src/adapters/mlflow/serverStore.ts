import { type Disposable, Owner } from "../../core/disposable";
import { findLoggedImages, toMediaSeries } from "../../core/mlflow/loggedImages";
import { fromWireRun } from "../../core/mlflow/wireRun";
import { metricMissing } from "../../core/runs/metricMissing";
import type {
	ArtifactBytes,
	ByteRange,
	RunDelta,
	RunSearch,
	StoreAuth,
	TrackingStore,
} from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";
import { readImage } from "./loggedImage";
import { listServerArtifacts, readServerArtifact } from "./serverArtifacts";
import { ServerClient, ServerRefusal } from "./serverClient";
import { ServerHistories } from "./serverHistories";
import { ServerIndex } from "./serverIndex";
import { readServerExperiments, readServerRun, readServerRuns, viewOf } from "./serverRuns";

/** A server tells nothing by itself: how often to ask, with and without a run that is going on. */
const busyPollMs = 2000;
const idlePollMs = 10_000;

export interface MlflowServerOptions {
	readonly id: string;
	/** `http(s)://host[:port][/prefix]`. */
	readonly url: string;
	readonly label: string;
	readonly auth?: StoreAuth;
	readonly headers?: Readonly<Record<string, string>>;
	/** Without a byte for so long, a request is given up; 30 s. */
	readonly timeoutMs?: number;
}

/** An MLflow server, 2.x and 3.x, over its REST API. Asks and never changes anything there. */
export class MlflowServerStore extends Owner implements TrackingStore {
	readonly kind = "mlflow-server";
	readonly id: string;
	readonly uri: string;
	readonly label: string;
	readonly #client: ServerClient;
	readonly #index: ServerIndex;
	readonly #histories: ServerHistories;

	/** Throws `settings.invalid` for an address or a header that cannot be. */
	constructor(options: MlflowServerOptions) {
		super();
		this.id = options.id;
		this.label = options.label;
		this.#client = new ServerClient(options);
		this.uri = this.#client.address;
		this.#index = new ServerIndex(options.id, this.#client);
		this.#histories = new ServerHistories(this.#client);
	}

	async experiments(signal?: AbortSignal): Promise<readonly Experiment[]> {
		return [...(await readServerExperiments(this.#client, signal).catch(translated)).values()];
	}

	async *refresh(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		try {
			yield* this.#index.refresh(signal);
		} catch (error) {
			translated(error);
		}
	}

	async search(search: RunSearch, signal?: AbortSignal): Promise<readonly Run[]> {
		const experiments = await readServerExperiments(this.#client, signal).catch(translated);
		const experimentIds = [...experiments.values()]
			.filter(({ name }) => search.experimentName === undefined || name === search.experimentName)
			.filter(({ lifecycleStage }) => search.view !== "active" || lifecycleStage === "active")
			.map(({ id }) => id);
		const limit = search.limit ?? Number.POSITIVE_INFINITY;
		const found: Run[] = [];
		const question = {
			experimentIds,
			filter: search.filter,
			orderBy: search.orderBy,
			view: viewOf(search.view),
			firstPage: Math.max(1, limit),
		};
		try {
			for await (const page of limit > 0 ? readServerRuns(this.#client, question, signal) : []) {
				for (const wire of page) found.push(fromWireRun(this.id, wire, experiments.get(wire.info.experiment_id)));
				if (found.length >= limit) break;
			}
		} catch (error) {
			if (error instanceof ServerRefusal && error.errorCode === "INVALID_PARAMETER_VALUE") {
				throw new GammaError("search.syntax", error.message, { cause: error });
			}
			translated(error);
		}
		return found.slice(0, limit);
	}

	async run(runId: string, signal?: AbortSignal): Promise<Run> {
		const wire = await readServerRun(this.#client, runId, signal).catch(translatedFor(runId));
		const experiments = await readServerExperiments(this.#client, signal).catch(translated);
		return fromWireRun(this.id, wire, experiments.get(wire.info.experiment_id));
	}

	async history(runId: string, metric: string, signal?: AbortSignal): Promise<Series> {
		const series = await this.#histories.read(runId, metric, signal).catch(translatedFor(runId));
		if (series !== null) return series;
		throw metricMissing(runId, metric);
	}

	async artifacts(runId: string, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		const entries = await listServerArtifacts(this.#client, runId, path, signal).catch(translated);
		if (entries.length > 0 || path === "") return entries;
		throw new GammaError("artifact.missing", `The run has no artifact folder ${JSON.stringify(path)}.`);
	}

	async readArtifact(runId: string, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return readServerArtifact(this.#client, runId, path, range, signal).catch(translated);
	}

	async media(runId: string, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return toMediaSeries(findLoggedImages(await this.#imageEntries(runId, signal)));
	}

	async readMedia(runId: string, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		const images = findLoggedImages(await this.#imageEntries(runId, signal));
		return readImage(images, tag, index, (path) => this.readArtifact(runId, path, undefined, signal));
	}

	watch(onHint: () => void): Disposable {
		let askedMs = performance.now();
		const timer = setInterval(() => {
			const pauseMs = this.#index.hasRunning ? busyPollMs : idlePollMs;
			if (performance.now() - askedMs < pauseMs - 100) return;
			askedMs = performance.now();
			onHint();
		}, busyPollMs).unref();
		return this.own({ dispose: () => clearInterval(timer) });
	}

	async #imageEntries(runId: string, signal: AbortSignal | undefined): Promise<readonly ArtifactEntry[]> {
		try {
			return await this.artifacts(runId, "images", signal);
		} catch (error) {
			if (GammaError.is(error, "artifact.missing")) return [];
			throw error;
		}
	}
}

/** What the server refused in its own words, in Gamma's. */
function translated(error: unknown): never {
	if (!(error instanceof ServerRefusal)) throw error;
	throw new GammaError(error.status >= 500 ? "store.unreachable" : "store.refused", error.message, { cause: error });
}

function translatedFor(runId: string): (error: unknown) => never {
	return (error) => {
		if (!(error instanceof ServerRefusal)) throw error;
		if (error.status !== 404 && error.errorCode !== "INVALID_PARAMETER_VALUE") return translated(error);
		throw new GammaError("run.missing", `There is no run ${JSON.stringify(runId)} on this server.`, { cause: error });
	};
}
