import { dirname } from "node:path";
import { type Disposable, Owner } from "../../core/disposable";
import { findLoggedImages, type LoggedImage, toMediaSeries } from "../../core/mlflow/loggedImages";
import { metricMissing } from "../../core/runs/metricMissing";
import { searchRuns } from "../../core/search/searchRuns";
import type { ArtifactBytes, ByteRange, RunDelta, RunSearch, TrackingStore } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";
import { LocalArtifacts } from "../artifacts/localArtifacts";
import { locateArtifacts } from "../artifacts/locateArtifacts";
import { PathWatcher } from "../files/pathWatcher";
import { readHeader, SqliteFile } from "./sqliteFile";
import { SqliteHistoryReader } from "./sqliteHistoryReader";
import { SqliteLedger } from "./sqliteLedger";
import { readExperiments, readRunRows, readRuns, readSearchDialect } from "./sqliteRuns";

/** On screen while the rest is read. */
const firstBatch = 100;
const batch = 2000;

/** The first 16 bytes of every SQLite 3 file (sqlite.org/fileformat2). */
const magic = "SQLite format 3\0";

/**
 * Whether a file is an SQLite database with MLflow's tables. A locked, damaged or, on an old Node.js, unreadable one counts as
 * MLflow's: then opening it says why it cannot be read.
 */
export async function isMlflowSqlite(path: string): Promise<boolean> {
	const header = await readHeader(path);
	if (header === null || new TextDecoder("latin1").decode(header.subarray(0, 16)) !== magic) return false;
	const file = new SqliteFile(path);
	try {
		return await file.read((rows) => rows.has("experiments") && rows.has("runs"));
	} catch (error) {
		return GammaError.is(error, "store.busy", "store.damaged", "platform.unsupported");
	} finally {
		file.dispose();
	}
}

/** An MLflow SQLite file, 2.x or 3.x schema, read in place while MLflow may be writing to it. */
export class MlflowSqliteStore extends Owner implements TrackingStore {
	readonly kind = "mlflow-sqlite";
	readonly id: string;
	readonly uri: string;
	readonly label: string;

	readonly #file: SqliteFile;
	readonly #ledger: SqliteLedger;
	readonly #histories: SqliteHistoryReader;
	#stamp = "";
	/** Read for a search, not yet told to `refresh`. */
	#untold: RunDelta[] = [];
	#reading: Promise<unknown> = Promise.resolve();

	constructor(options: { readonly id: string; readonly file: string; readonly label: string }) {
		super();
		this.id = options.id;
		this.uri = options.file;
		this.label = options.label;
		this.#file = this.own(new SqliteFile(options.file));
		this.#ledger = new SqliteLedger(options.id);
		this.#histories = new SqliteHistoryReader(this.#file);
	}

	experiments(signal?: AbortSignal): Promise<readonly Experiment[]> {
		return this.#file.read(readExperiments, signal);
	}

	async *refresh(signal?: AbortSignal): AsyncGenerator<RunDelta> {
		const told = new Map<string, Run>();
		if (this.#stamp === "") {
			const newest = await this.#newest(signal);
			for (const run of newest) told.set(run.id, run);
			yield { upserted: newest, removed: [], grown: [] };
		}
		await this.#update(signal);
		const untold = this.#untold;
		this.#untold = [];
		for (const delta of untold) {
			for (let start = 0; start === 0 || start < delta.upserted.length; start += batch) {
				const isFirst = start === 0;
				const upserted = delta.upserted.slice(start, start + batch).filter((run) => !isSame(told.get(run.id), run));
				const part = { upserted, removed: isFirst ? delta.removed : [], grown: isFirst ? delta.grown : [] };
				if (part.upserted.length + part.removed.length + part.grown.length > 0) yield part;
			}
		}
	}

	async search(search: RunSearch, signal?: AbortSignal): Promise<readonly Run[]> {
		await this.#update(signal);
		const dialect = search.filter ? await this.#file.read(readSearchDialect, signal) : "sql";
		return searchRuns(this.#ledger.runs.values(), search, dialect);
	}

	async run(runId: string, signal?: AbortSignal): Promise<Run> {
		const [run] = await this.#file.read(
			(rows) => readRuns(rows, this.id, readRunRows(rows, { ids: [runId] }), readExperiments(rows), false),
			signal,
		);
		if (run === undefined) throw new GammaError("run.missing", `${this.uri} has no run ${runId}.`);
		return run;
	}

	async history(runId: string, metric: string, signal?: AbortSignal): Promise<Series> {
		const series = await this.#histories.read(runId, metric, signal);
		if (series === "no such metric") throw metricMissing(runId, metric);
		if (series === "no such run") throw new GammaError("run.missing", `${this.uri} has no run ${runId}.`);
		return series;
	}

	async artifacts(runId: string, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return (await this.#artifactsOf(runId, signal)).list(path, signal);
	}

	async readArtifact(runId: string, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return (await this.#artifactsOf(runId, signal)).read(path, range, signal);
	}

	async media(runId: string, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		return toMediaSeries(await this.#images(runId, signal));
	}

	async readMedia(runId: string, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		const image = (await this.#images(runId, signal)).get(tag)?.[index];
		if (image === undefined) {
			throw new GammaError("artifact.missing", `Run ${runId} has no image ${index} of ${tag}.`);
		}
		const { bytes } = await this.readArtifact(runId, image.path, undefined, signal);
		return { kind: "image", mimeType: image.mimeType, bytes };
	}

	watch(onHint: () => void): Disposable {
		const watcher = this.own(new PathWatcher(onHint));
		watcher.setPaths([dirname(this.uri), this.uri, `${this.uri}-wal`]);
		return watcher;
	}

	#newest(signal: AbortSignal | undefined): Promise<Run[]> {
		return this.#file.read((rows) => {
			const newest = readRunRows(rows, { newest: firstBatch });
			return readRuns(rows, this.id, newest, readExperiments(rows), false);
		}, signal);
	}

	/** Brings the ledger up to date, one caller after the other. */
	#update(signal: AbortSignal | undefined): Promise<void> {
		const update = this.#reading.then(async () => {
			const stamp = await this.#file.stamp();
			if (stamp === this.#stamp && !this.#ledger.isDue) return;
			await this.#file.read((rows) => {
				const delta = this.#ledger.update(rows);
				if (delta.isRewritten) this.#histories.clear();
				if (delta.upserted.length + delta.removed.length + delta.grown.length > 0) this.#untold.push(delta);
			}, signal);
			this.#stamp = stamp;
		});
		this.#reading = update.catch(() => undefined);
		return update;
	}

	async #artifactsOf(runId: string, signal: AbortSignal | undefined): Promise<LocalArtifacts> {
		const run = this.#ledger.runs.get(runId) ?? (await this.run(runId, signal));
		const root = await locateArtifacts(run.artifactUri, dirname(this.uri), run.experimentId, runId);
		return new LocalArtifacts(root);
	}

	async #images(runId: string, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, readonly LoggedImage[]>> {
		const artifacts = await this.#artifactsOf(runId, signal);
		const root = await artifacts.list("", signal);
		const hasImages = root.some(({ path, isDir }) => path === "images" && isDir);
		return findLoggedImages(hasImages ? await artifacts.list("images", signal) : []);
	}
}

/** Read twice within one refresh: the first batch, then all. */
function isSame(told: Run | undefined, run: Run): boolean {
	return told !== undefined && JSON.stringify(told) === JSON.stringify(run);
}
