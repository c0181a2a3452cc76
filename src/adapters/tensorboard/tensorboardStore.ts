import { open } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import type { Disposable } from "../../core/disposable";
import { imageMimeType } from "../../core/previews/imageMimeType";
import { metricMissing } from "../../core/runs/metricMissing";
import { searchRuns } from "../../core/search/searchRuns";
import type { ArtifactBytes, ByteRange, RunDelta, RunSearch, TrackingStore } from "../../core/stores/trackingStore";
import { textOfTensor } from "../../core/tensorboard/runLog";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Experiment, MediaContent, MediaSeries, Run, Series } from "../../shared/run";
import { LocalArtifacts } from "../artifacts/localArtifacts";
import { PathWatcher } from "../files/pathWatcher";
import { throwIfCancelled } from "./cancelled";
import { findEventFolders, listEventFiles } from "./eventFolders";
import { inParallel } from "./inParallel";
import { TensorboardRun } from "./tensorboardRun";

export { holdsEventFiles } from "./eventFolders";

/** So much of a new run is read before the list is shown: its start, its tags, its params; all of a small run. */
const headBytes = 256 * 2 ** 10;
const firstBatch = 100;
const nextBatch = 1000;
/** While the rest is read, what is new is announced this often. */
const announceEveryMs = 250;
const parallelRuns = 8;
/** Points held in memory, over all runs; beyond it those least lately used are read again when asked for. */
const memoryBudgetBytes = 512 * 2 ** 20;

export interface TensorboardStoreOptions {
	readonly id: string;
	/** The log folder. */
	readonly root: string;
	readonly label: string;
	readonly memoryBudgetBytes?: number;
}

/** TensorBoard event files in a log folder and below it: each folder with event files is a run. */
export class TensorboardStore implements TrackingStore {
	readonly kind = "tensorboard";
	readonly id: string;
	readonly uri: string;
	readonly label: string;
	readonly #root: string;
	readonly #experiment: string;
	readonly #memoryBudgetBytes: number;
	readonly #runs = new Map<string, TensorboardRun>();
	readonly #watchers = new Set<PathWatcher>();

	constructor(options: TensorboardStoreOptions) {
		this.id = options.id;
		this.label = options.label;
		this.#root = resolve(options.root);
		this.uri = this.#root;
		this.#experiment = basename(this.#root) || this.#root;
		this.#memoryBudgetBytes = options.memoryBudgetBytes ?? memoryBudgetBytes;
	}

	async experiments(): Promise<readonly Experiment[]> {
		return [{ id: this.#experiment, name: this.#experiment, lifecycleStage: "active", tags: {} }];
	}

	async *refresh(signal?: AbortSignal): AsyncIterable<RunDelta> {
		const removed = await this.#lookForRuns(signal);
		if (removed.length > 0) yield { upserted: [], removed, grown: [] };
		const runs = [...this.#runs.values()].sort((a, b) => b.newestWriteMs - a.newestWriteMs);
		for (const batch of batchesOf(runs.filter((run) => !run.isAnnounced))) {
			await inParallel(batch, parallelRuns, (run) => run.read(signal, headBytes));
			yield this.#announce(batch);
		}
		let toAnnounce: TensorboardRun[] = [];
		let announcedAtMs = Date.now();
		for (const run of runs) {
			if (run.isPending) await run.read(signal);
			toAnnounce.push(run);
			if (Date.now() - announcedAtMs < announceEveryMs) continue;
			yield* this.#announceChanged(toAnnounce);
			toAnnounce = [];
			announcedAtMs = Date.now();
			this.#saveMemory();
		}
		yield* this.#announceChanged(toAnnounce);
		this.#saveMemory();
	}

	async search(search: RunSearch, signal?: AbortSignal): Promise<readonly Run[]> {
		for await (const _ of this.refresh(signal)) throwIfCancelled(signal);
		return searchRuns(
			[...this.#runs.values()].map((run) => run.toRun()),
			search,
			"file",
		);
	}

	async run(runId: string, signal?: AbortSignal): Promise<Run> {
		const run = await this.#find(runId);
		await run.read(signal);
		return run.toRun();
	}

	async history(runId: string, metric: string, signal?: AbortSignal): Promise<Series> {
		const run = await this.#recall(runId, signal);
		const series = run.series(metric);
		if (series) return series;
		throw metricMissing(runId, metric);
	}

	async artifacts(runId: string, path: string, signal?: AbortSignal): Promise<readonly ArtifactEntry[]> {
		return new LocalArtifacts((await this.#find(runId)).folder).list(path, signal);
	}

	async readArtifact(runId: string, path: string, range?: ByteRange, signal?: AbortSignal): Promise<ArtifactBytes> {
		return new LocalArtifacts((await this.#find(runId)).folder).read(path, range, signal);
	}

	async media(runId: string, signal?: AbortSignal): Promise<readonly MediaSeries[]> {
		const run = await this.#recall(runId, signal);
		return run.media().map(({ tag, kind, places }) => ({
			tag,
			kind,
			samples: places.map(({ step, timeMs }) => ({ step, timestampMs: timeMs })),
		}));
	}

	async readMedia(runId: string, tag: string, index: number, signal?: AbortSignal): Promise<MediaContent> {
		const run = await this.#recall(runId, signal);
		const found = run.media().find((media) => media.tag === tag);
		const place = found?.places[index];
		if (!found || !place) {
			throw new GammaError("artifact.missing", `The run ${runId} has no sample ${index} of ${tag}.`);
		}
		const bytes = await readPlace(join(run.folder, place.file), place.offset, place.length);
		if (found.kind === "text") return { kind: "text", text: textOfTensor(bytes) };
		return { kind: "image", mimeType: imageMimeType(bytes) ?? "application/octet-stream", bytes };
	}

	watch(onHint: () => void): Disposable {
		const watcher = new PathWatcher(onHint);
		this.#watchers.add(watcher);
		watcher.setPaths(this.#watchedPaths());
		return {
			dispose: () => {
				this.#watchers.delete(watcher);
				watcher.dispose();
			},
		};
	}

	dispose(): void {
		for (const watcher of this.#watchers) watcher.dispose();
		this.#watchers.clear();
		this.#runs.clear();
	}

	/** Brings the list of runs and their files up to date without reading any; gives the ids of runs that are gone. */
	async #lookForRuns(signal?: AbortSignal): Promise<string[]> {
		const folders = await findEventFolders(this.#root, signal).catch((error: unknown) => {
			if (GammaError.is(error)) throw error;
			throw new GammaError("store.missing", `There is no log folder at ${this.#root} any more.`, { cause: error });
		});
		const gone = new Set(this.#runs.keys());
		for (const folder of folders) {
			gone.delete(folder.id);
			const run = this.#runs.get(folder.id) ?? new TensorboardRun(folder, this.id, this.#experiment);
			run.update(folder.files);
			this.#runs.set(folder.id, run);
		}
		for (const id of gone) this.#runs.delete(id);
		for (const watcher of this.#watchers) watcher.setPaths(this.#watchedPaths());
		return [...gone];
	}

	/** The newest runs first: a watcher covers as many as the system allows, and polls for the rest. */
	#watchedPaths(): string[] {
		const runs = [...this.#runs.values()].sort((a, b) => b.newestWriteMs - a.newestWriteMs);
		return [this.#root, ...runs.map((run) => run.folder)];
	}

	#announce(runs: readonly TensorboardRun[]): RunDelta {
		const upserted: Run[] = [];
		const grown: { runId: string; metrics: readonly string[] | null }[] = [];
		for (const run of runs) {
			const isNew = !run.isAnnounced;
			const metrics = run.takeGrown();
			upserted.push(run.announce());
			if (!isNew && (metrics === null || metrics.length > 0)) grown.push({ runId: run.id, metrics });
		}
		return { upserted, removed: [], grown };
	}

	*#announceChanged(runs: readonly TensorboardRun[]): Iterable<RunDelta> {
		const changed = runs.filter((run) => run.hasNews);
		if (changed.length > 0) yield this.#announce(changed);
	}

	/** The run with its newest bytes read, without looking at any other. */
	async #recall(runId: string, signal?: AbortSignal): Promise<TensorboardRun> {
		const run = await this.#find(runId);
		await run.recall(signal);
		this.#saveMemory(run);
		return run;
	}

	async #find(runId: string): Promise<TensorboardRun> {
		const missing = () => new GammaError("run.missing", `There is no run ${runId} in ${this.#root}.`);
		const known = this.#runs.get(runId);
		const parts = runId === "." ? [] : runId.split("/");
		if (!known && !parts.every(isFolderName)) throw missing();
		const folder = known?.folder ?? join(this.#root, ...parts);
		const files = await listEventFiles(folder);
		if (files.length === 0) throw missing();
		const run = this.#runs.get(runId) ?? new TensorboardRun({ id: runId, folder, files }, this.id, this.#experiment);
		run.update(files);
		this.#runs.set(runId, run);
		return run;
	}

	#saveMemory(inUse?: TensorboardRun): void {
		const runs = [...this.#runs.values()].filter((run) => !run.isForgotten);
		let held = runs.reduce((sum, run) => sum + run.sizeBytes, 0);
		for (const run of runs.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
			if (held <= this.#memoryBudgetBytes) return;
			if (run === inUse) continue;
			held -= run.sizeBytes;
			run.forget();
		}
	}
}

/** Only on Windows do a backslash and a colon lead elsewhere; elsewhere run folders are named by the time of day. */
function isFolderName(part: string): boolean {
	return !["", ".", ".."].includes(part) && !part.includes("\0") && !(sep === "\\" && /[\\:]/.test(part));
}

function* batchesOf(runs: readonly TensorboardRun[]): Iterable<TensorboardRun[]> {
	for (let at = 0; at < runs.length; ) {
		const size = at === 0 ? firstBatch : nextBatch;
		yield runs.slice(at, at + size);
		at += size;
	}
}

async function readPlace(path: string, offset: number, length: number): Promise<Uint8Array> {
	const handle = await open(path, "r").catch((error: unknown) => {
		throw new GammaError("artifact.unreadable", `${path} cannot be opened any more.`, { cause: error });
	});
	try {
		const bytes = new Uint8Array(length);
		let filled = 0;
		while (filled < length) {
			const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
			if (bytesRead === 0) throw new GammaError("artifact.unreadable", `${path} became shorter while it was read.`);
			filled += bytesRead;
		}
		return bytes;
	} finally {
		await handle.close();
	}
}
