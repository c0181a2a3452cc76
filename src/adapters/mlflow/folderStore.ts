import { realpathSync } from "node:fs";
import { join } from "node:path";
import { type Disposable, Owner } from "../../core/disposable";
import { findLoggedImages, toMediaSeries } from "../../core/mlflow/loggedImages";
import { metricMissing } from "../../core/runs/metricMissing";
import { searchRuns } from "../../core/search/searchRuns";
import type { ArtifactBytes, ByteRange, RunDelta, RunSearch, TrackingStore } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";
import { LocalArtifacts, locateArtifacts } from "../artifacts/localArtifacts";
import { PathWatcher } from "../files/pathWatcher";
import { FileReader, UnreadableFile } from "./fileReader";
import { readExperiments, toExperiment } from "./folderExperiments";
import { FolderHistories } from "./folderHistories";
import { FolderIndex, type KnownRun, runIdPattern } from "./folderIndex";
import { readImage } from "./loggedImage";

export { isMlflowFolder } from "./folderExperiments";

/** Small, so that something is on screen while the rest is read. */
const firstBatch = 100;
const laterBatch = 500;

/** Everything that needs the folder to be there. */
interface Opened {
	readonly reader: FileReader;
	readonly index: FolderIndex;
	readonly histories: FolderHistories;
}

/**
 * An MLflow file store (`mlruns`), 2.x and 3.x, as `mlflow/store/tracking/file_store.py` writes and reads it.
 * It reads with synchronous calls and belongs in a worker or a process of its own, never in the editor's thread.
 */
export class MlflowFolderStore extends Owner implements TrackingStore {
	readonly kind = "mlflow-folder";
	readonly id: string;
	readonly uri: string;
	readonly label: string;
	#opened: Opened | null = null;
	/** Ends with whatever reads at the moment: looks at the store do not overlap. */
	#turn: Promise<void> = Promise.resolve();
	/** Found by a search, not yet announced by `refresh`. */
	#unannounced: RunDelta[] = [];
	readonly #watchers = new Set<PathWatcher>();

	constructor(options: { readonly id: string; readonly root: string; readonly label: string }) {
		super();
		this.id = options.id;
		this.uri = options.root;
		this.label = options.label;
	}

	/** So far; a second look reads only what is new. */
	get bytesRead(): number {
		return this.#opened?.reader.bytesRead ?? 0;
	}

	async experiments(signal?: AbortSignal): Promise<readonly Experiment[]> {
		signal?.throwIfAborted();
		const { reader } = this.#open();
		return [...(await readExperiments(reader)).values()].map((folder) => toExperiment(reader, folder));
	}

	async *refresh(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		const release = await this.#takeTurn();
		try {
			yield* this.#unannounced.splice(0);
			yield* this.#advance(signal);
		} finally {
			release();
		}
	}

	async search(search: RunSearch, signal?: AbortSignal): Promise<readonly Run[]> {
		const release = await this.#takeTurn();
		try {
			for await (const delta of this.#advance(signal)) this.#unannounced.push(delta);
		} finally {
			release();
		}
		const runs = [...this.#open().index.runs.values()].map((known) => known.run).filter((run) => run !== null);
		return searchRuns(runs, search, "file");
	}

	async run(runId: string, signal?: AbortSignal): Promise<Run> {
		signal?.throwIfAborted();
		const { reader } = this.#open();
		const found = new FolderIndex(this.id, reader).read(await this.#find(runId));
		if (found === null) throw missing(runId);
		return found.run;
	}

	async history(runId: string, metric: string, signal?: AbortSignal): Promise<Series> {
		const { path } = await this.#find(runId);
		signal?.throwIfAborted();
		const { reader, histories } = this.#open();
		const parts = metric.split("/");
		const file = join(path, "metrics", ...parts);
		if (metric === "" || parts.some((part) => part === "" || part === "." || part === "..") || !reader.holds(file)) {
			throw metricMissing(runId, metric);
		}
		try {
			return histories.read(file);
		} catch (error) {
			if (error instanceof UnreadableFile) throw new GammaError("store.damaged", `${error.message}.`, { cause: error });
			throw error;
		}
	}

	async artifacts(runId: string, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return (await this.#artifactsOf(runId)).list(path, signal);
	}

	async readArtifact(runId: string, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return (await this.#artifactsOf(runId)).read(path, range, signal);
	}

	async media(runId: string, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return toMediaSeries(findLoggedImages(await this.#imageEntries(runId, signal)));
	}

	async readMedia(runId: string, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		const images = findLoggedImages(await this.#imageEntries(runId, signal));
		return readImage(images, tag, index, (path) => this.readArtifact(runId, path, undefined, signal));
	}

	watch(onHint: () => void): Disposable {
		const watcher = this.own(new PathWatcher(onHint));
		watcher.setPaths(this.#opened?.index.watchedPaths() ?? [this.uri]);
		this.#watchers.add(watcher);
		return {
			dispose: () => {
				this.#watchers.delete(watcher);
				watcher.dispose();
			},
		};
	}

	async *#advance(signal: AbortSignal | undefined): AsyncGenerator<RunDelta> {
		const { index } = this.#open();
		const removed = await index.scan(signal);
		if (removed.length > 0) yield { upserted: [], removed, grown: [] };
		const waiting = [...index.unread].sort(byNewest);
		for (let at = 0; at < waiting.length; at += at === 0 ? firstBatch : laterBatch) {
			signal?.throwIfAborted();
			const delta = readBatch(index, waiting.slice(at, at + (at === 0 ? firstBatch : laterBatch)));
			if (delta.upserted.length > 0) yield delta;
			// Lets an abort, or a question about one run, come in between.
			await new Promise((resolve) => setImmediate(resolve));
		}
		for (const watcher of this.#watchers) watcher.setPaths(index.watchedPaths());
	}

	#open(): Opened {
		if (this.#opened !== null) return this.#opened;
		try {
			realpathSync(this.uri);
		} catch (error) {
			throw new GammaError("store.missing", `There is no MLflow folder at ${this.uri}.`, { cause: error });
		}
		const reader = new FileReader(this.uri);
		this.#opened = { reader, index: new FolderIndex(this.id, reader), histories: new FolderHistories(reader) };
		return this.#opened;
	}

	async #takeTurn(): Promise<() => void> {
		const before = this.#turn;
		let release = () => {};
		this.#turn = new Promise((resolve) => {
			release = resolve;
		});
		await before;
		return release;
	}

	/** The run as its meta.yaml is now, without a look at the other runs. */
	async #find(runId: string): Promise<KnownRun> {
		const { reader, index } = this.#open();
		if (!runIdPattern.test(runId)) throw missing(runId);
		const listed = index.runs.get(runId)?.experiment;
		const experiments = listed === undefined ? (await readExperiments(reader)).values() : [listed];
		for (const experiment of experiments) {
			const known = await index.readMeta(experiment, runId);
			if (known !== null && known !== "elsewhere") return known;
		}
		throw missing(runId);
	}

	async #artifactsOf(runId: string): Promise<LocalArtifacts> {
		const { meta, experiment, path } = await this.#find(runId);
		// A deleted experiment's runs lie in `.trash`, where their URIs do not say.
		const root = join(path, "..", "..");
		return new LocalArtifacts(await locateArtifacts(meta.artifactUri, root, experiment.id, runId));
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

function readBatch(index: FolderIndex, batch: readonly KnownRun[]): RunDelta {
	const upserted: Run[] = [];
	const grown: { runId: string; metrics: readonly string[] | null }[] = [];
	for (const known of batch) {
		const read = index.read(known);
		if (read === null) continue;
		upserted.push(read.run);
		if (read.grown === null || read.grown.length > 0) grown.push({ runId: known.id, metrics: read.grown });
	}
	return { upserted, removed: [], grown };
}

function byNewest(a: KnownRun, b: KnownRun): number {
	return (b.meta.startTimeMs ?? 0) - (a.meta.startTimeMs ?? 0) || (a.id < b.id ? -1 : 1);
}

function missing(runId: string): GammaError {
	return new GammaError("run.missing", `There is no run ${JSON.stringify(runId)} in this store.`);
}
