import { join } from "node:path";
import { type RunMeta, readRunMeta, toRun, unreadableMeta } from "../../core/mlflow/runMeta";
import type { Run } from "../../shared/run";
import { type FileReader, type FileStamp, isSameStamp, UnreadableFile } from "./fileReader";
import { type ExperimentFolder, readExperiments } from "./folderExperiments";
import { maxMetaBytes, parseMeta } from "./metaYaml";
import { type RunContents, RunFolder } from "./runFolder";
import { RunInputs } from "./runInputs";

/** Folders of an experiment that are no runs (file_store.py, RESERVED_EXPERIMENT_FOLDERS). */
const reserved = new Set(["tags", "datasets", "traces", "models"]);
/** MLflow's rule for a run's id (validation.py). */
export const runIdPattern = /^[a-zA-Z0-9][\p{L}\p{N}_-]{0,255}$/u;

/** A folder's time may not tell changes apart that are closer than this (FAT: 2 s). */
const coarsestTimeMs = 2000;
/** So long is a folder without a meta.yaml looked at again: a run being made. */
const beingMadeMs = 60_000;
/** Runs whose files are all looked at every time; of the others a share. */
const maxTracked = 256;
const metaShare = 2000;
const filesShare = 100;

/** What is known of one run. */
export interface KnownRun {
	readonly id: string;
	readonly path: string;
	experiment: ExperimentFolder;
	meta: RunMeta;
	metaStamp: FileStamp | null;
	metaProblem: string | null;
	/** Every file's state, for a run that may be growing; null for one that rests. */
	tracked: RunFolder | null;
	/** When an ended run stops being tracked: late lines may still arrive. */
	releaseAtMs: number | null;
	/** Of the files as they were read, once a later look found them unchanged since. */
	fingerprint: string | null;
	readAtMs: number;
	contents: RunContents | null;
	/** As it was announced last; null before that. */
	run: Run | null;
}

interface Listed {
	readonly stamp: FileStamp | null;
	readonly atMs: number;
	/** Folders without a meta.yaml, and when they were first seen. */
	readonly unfinished: ReadonlyMap<string, number>;
}

/** Which runs a file store has, and which of them may have changed since they were last read. */
export class FolderIndex {
	experiments: ReadonlyMap<string, ExperimentFolder> = new Map();
	readonly runs = new Map<string, KnownRun>();
	/** Runs to read: new ones, and those that changed. */
	readonly unread = new Set<KnownRun>();
	readonly #tracked = new Set<KnownRun>();
	readonly #listed = new Map<string, Listed>();
	readonly #inputs: RunInputs;
	#metaCursor = 0;
	#filesCursor = 0;
	#isFirst = true;

	constructor(
		private readonly storeId: string,
		private readonly reader: FileReader,
	) {
		this.#inputs = new RunInputs(reader);
	}

	/** Looks for what changed; answers the ids of runs that are gone. */
	async scan(signal?: AbortSignal): Promise<readonly string[]> {
		const before = this.experiments;
		this.experiments = await readExperiments(this.reader, before);
		const gone = new Set<string>();
		for (const run of this.runs.values()) {
			const experiment = this.experiments.get(run.experiment.id);
			if (experiment?.path === run.experiment.path) this.#follow(run, experiment);
			else this.#drop(run, gone);
		}
		for (const id of before.keys()) if (!this.experiments.has(id)) this.#listed.delete(id);
		for (const experiment of this.experiments.values()) {
			signal?.throwIfAborted();
			if (before.get(experiment.id)?.path !== experiment.path) this.#listed.delete(experiment.id);
			await this.#scanExperiment(experiment, gone);
		}
		if (!this.#isFirst) await this.#lookAgain();
		this.#isFirst = false;
		return [...gone].filter((id) => !this.runs.has(id));
	}

	/** The folders where changes show, the likeliest first. */
	watchedPaths(): string[] {
		const tracked = [...this.#tracked].flatMap((run) => run.tracked?.watchedPaths() ?? []);
		const experiments = [...this.experiments.values()].map(({ path }) => path).slice(0, 200);
		return [this.reader.root, join(this.reader.root, ".trash"), ...experiments, ...tracked];
	}

	/** Reads one run's files; null when nothing of it changed. `grown` names its changed metrics, null for any. */
	read(known: KnownRun): { readonly run: Run; readonly grown: readonly string[] | null } | null {
		this.unread.delete(known);
		const isRunning = known.meta.status === "RUNNING" || known.meta.status === "SCHEDULED";
		if (isRunning && known.tracked === null && this.#tracked.size < maxTracked) {
			this.#tracked.add(known);
			known.tracked = new RunFolder(this.reader, known.path, true, this.#inputs);
		}
		const wasFirst = known.contents === null;
		known.readAtMs = Date.now();
		const folder = known.tracked ?? new RunFolder(this.reader, known.path, false, this.#inputs);
		const change = folder.update(isRunning);
		known.contents = change.contents;
		const run = this.#toRun(known);
		if (known.run !== null && isSameRun(run, known.run)) return null;
		const grown = wasFirst ? [] : known.tracked === null ? null : change.grown;
		known.run = run;
		return { run, grown };
	}

	#toRun(known: KnownRun): Run {
		const { meta, experiment, contents } = known;
		const times = [meta.startTimeMs, meta.endTimeMs, contents?.lastSignMs ?? null].filter((time) => time !== null);
		const run = toRun({
			storeId: this.storeId,
			id: known.id,
			experimentId: experiment.id,
			experimentName: experiment.name,
			experimentStage: experiment.stage,
			meta,
			params: contents?.params ?? {},
			metrics: contents?.metrics ?? {},
			tags: contents?.tags ?? {},
			lastSignMs: times.length > 0 ? Math.max(...times) : null,
			problem: known.metaProblem ?? contents?.problem ?? experiment.problem,
		});
		return contents?.datasets.length ? { ...run, datasets: contents.datasets } : run;
	}

	/** An experiment was renamed or restored in place. */
	#follow(run: KnownRun, experiment: ExperimentFolder): void {
		if (run.experiment === experiment) return;
		run.experiment = experiment;
		this.unread.add(run);
	}

	#drop(run: KnownRun, gone: Set<string>): void {
		this.runs.delete(run.id);
		this.unread.delete(run);
		this.#tracked.delete(run);
		gone.add(run.id);
	}

	async #scanExperiment(experiment: ExperimentFolder, gone: Set<string>): Promise<void> {
		const last = this.#listed.get(experiment.id);
		const stamp = this.reader.stamp(experiment.path);
		const nowMs = Date.now();
		const isAsListed =
			last !== undefined && isSameStamp(stamp, last.stamp) && last.atMs - (stamp?.modifiedMs ?? 0) > coarsestTimeMs;
		const names = isAsListed ? [...last.unfinished.keys()] : this.#runFolders(experiment.path);
		const unfinished = new Map<string, number>();
		for (const id of names) {
			if (this.runs.has(id) || (await this.#add(experiment, id))) continue;
			const sinceMs = last?.unfinished.get(id) ?? nowMs;
			if (nowMs - sinceMs < beingMadeMs) unfinished.set(id, sinceMs);
		}
		this.#listed.set(experiment.id, { stamp, atMs: nowMs, unfinished });
		if (isAsListed || last === undefined) return;
		const present = new Set(names);
		for (const run of this.runs.values()) {
			if (run.experiment.id === experiment.id && !present.has(run.id)) this.#drop(run, gone);
		}
	}

	#runFolders(path: string): string[] {
		try {
			return this.reader.listFolders(path).filter((name) => !reserved.has(name) && runIdPattern.test(name));
		} catch (error) {
			if (error instanceof UnreadableFile) return [];
			throw error;
		}
	}

	/** Whether the folder is a run (now). */
	async #add(experiment: ExperimentFolder, id: string): Promise<boolean> {
		const known = await this.readMeta(experiment, id);
		if (known === null || known === "elsewhere") return known !== null;
		if (!this.#isFirst && isBeingWritten(known)) return false;
		this.runs.set(id, known);
		this.unread.add(known);
		return true;
	}

	/** A run by its meta.yaml; null without one, `elsewhere` for a copy that names another experiment, which MLflow leaves out. */
	async readMeta(experiment: ExperimentFolder, id: string): Promise<KnownRun | "elsewhere" | null> {
		const path = join(experiment.path, id);
		const file = join(path, "meta.yaml");
		const found = (meta: RunMeta, metaStamp: FileStamp | null, metaProblem: string | null): KnownRun => ({
			id,
			path,
			experiment,
			meta,
			metaStamp,
			metaProblem,
			tracked: null,
			releaseAtMs: null,
			fingerprint: null,
			readAtMs: 0,
			contents: null,
			run: null,
		});
		try {
			const { text, stamp } = this.reader.readStamped(file, maxMetaBytes);
			const yaml = await parseMeta(text);
			if (yaml === null) return found(unreadableMeta, stamp, `${file} is ${text === "" ? "empty" : "damaged"}.`);
			const { meta, problem } = readRunMeta(yaml, id);
			if (meta.experimentId !== null && meta.experimentId !== experiment.id) return "elsewhere";
			return found(meta, stamp, problem === null ? null : `${file} ${problem}.`);
		} catch (error) {
			if (!(error instanceof UnreadableFile)) throw error;
			return error.isMissing ? null : found(unreadableMeta, this.reader.stamp(file), `${file} ${error.reason}.`);
		}
	}

	/** Marks the known runs that changed: the tracked ones by every file, a share of the others by fewer. */
	async #lookAgain(): Promise<void> {
		const resting = [...this.runs.values()].filter((run) => run.tracked === null);
		for (const run of this.#tracked) {
			await this.#lookAtMeta(run);
			this.unread.add(run);
			if (run.releaseAtMs === null || run.releaseAtMs > Date.now()) continue;
			this.#tracked.delete(run);
			run.tracked = null;
			run.releaseAtMs = null;
		}
		for (const run of shareOf(resting, this.#metaCursor, metaShare)) await this.#lookAtMeta(run);
		for (const run of shareOf(resting, this.#filesCursor, filesShare)) this.#lookAtFiles(run);
		this.#metaCursor = (this.#metaCursor + metaShare) % Math.max(1, resting.length);
		this.#filesCursor = (this.#filesCursor + filesShare) % Math.max(1, resting.length);
	}

	async #lookAtMeta(run: KnownRun): Promise<void> {
		const stamp = this.reader.stamp(join(run.path, "meta.yaml"));
		if (isSameStamp(stamp, run.metaStamp)) return;
		const now = await this.readMeta(run.experiment, run.id);
		// While MLflow rewrites it in place it may be empty for a moment: what was read before stands.
		if (now === null || now === "elsewhere" || isBeingWritten(now)) return;
		run.meta = now.meta;
		run.metaStamp = now.metaStamp;
		run.metaProblem = now.metaProblem;
		const isRunning = run.meta.status === "RUNNING" || run.meta.status === "SCHEDULED";
		run.releaseAtMs = isRunning || run.tracked === null ? null : Date.now() + beingMadeMs;
		this.unread.add(run);
	}

	#lookAtFiles(run: KnownRun): void {
		if (run.contents === null) return;
		const { text, newestMs } = new RunFolder(this.reader, run.path, false).fingerprint();
		const isAsRead = run.fingerprint === null ? newestMs + coarsestTimeMs < run.readAtMs : run.fingerprint === text;
		run.fingerprint = text;
		if (!isAsRead) this.unread.add(run);
	}
}

/** Damaged a moment after it was written: MLflow is not done with it. */
function isBeingWritten(known: KnownRun): boolean {
	return known.metaProblem !== null && Date.now() - (known.metaStamp?.modifiedMs ?? 0) < coarsestTimeMs;
}

/** `count` of them from `start` on, around the end. */
function shareOf<T>(all: readonly T[], start: number, count: number): readonly T[] {
	if (all.length <= count) return all;
	const part = all.slice(start, start + count);
	return part.length === count ? part : [...part, ...all.slice(0, count - part.length)];
}

function isSameRun(a: Run, b: Run): boolean {
	return toComparable(a) === toComparable(b);
}

function toComparable(run: Run): string {
	return JSON.stringify(run, (_, value: unknown) => (typeof value === "number" ? String(value) : value));
}
