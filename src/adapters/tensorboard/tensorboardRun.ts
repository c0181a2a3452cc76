import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compareByCodePoint } from "../../core/codePoints";
import { RunLog } from "../../core/tensorboard/runLog";
import type { MediaPlace } from "../../core/tensorboard/tagLog";
import { GammaError } from "../../shared/errors";
import { type Run, type Series, toRunKey } from "../../shared/run";
import { throwIfCancelled } from "./cancelled";
import { EventFile } from "./eventFile";
import type { EventFileStat, EventFolder } from "./eventFolders";

/**
 * How long after its newest write a run still counts as being written: writers flush every 120 s by default
 * (`flush_secs` of TensorFlow, PyTorch and tensorboardX), and half a minute more for a slow disk.
 */
const quietMs = 150_000;

export type RunMedia = {
	readonly tag: string;
	readonly kind: "image" | "text";
	readonly places: readonly MediaPlace[];
};

/** One folder of event files: what was read of it, and how far. */
export class TensorboardRun {
	usedAtMs = 0;
	readonly id: string;
	readonly folder: string;
	#files: EventFile[] = [];
	#log: RunLog | null = new RunLog();
	/** The facts of a run whose points were forgotten to save memory. */
	#forgotten: Run | null = null;
	#wasRewritten = false;
	#wasSeenGrowing = false;
	#failure: string | null = null;
	#reading: Promise<void> = Promise.resolve();
	/** Counts what was learnt; the status besides depends on the time. */
	#revision = 0;
	#announced: { readonly revision: number; readonly isRunning: boolean } | null = null;

	constructor(
		{ id, folder }: EventFolder,
		private readonly storeId: string,
		private readonly experiment: string,
	) {
		this.id = id;
		this.folder = folder;
	}

	get newestWriteMs(): number {
		return Math.max(0, ...this.#files.map((file) => file.stat.mtimeMs));
	}

	get isPending(): boolean {
		return this.#files.some((file) => file.isPending);
	}

	get pendingBytes(): number {
		return this.#files.reduce((sum, file) => sum + file.pendingBytes, 0);
	}

	get sizeBytes(): number {
		return this.#log?.sizeBytes ?? 0;
	}

	get isAnnounced(): boolean {
		return this.#announced !== null;
	}

	/** Would `toRun` give something else than was announced? */
	get hasNews(): boolean {
		return (
			this.#announced?.revision !== this.#revision || this.#announced.isRunning !== this.#isBeingWritten(Date.now())
		);
	}

	/** The run as it is now, remembered as what the others know. */
	announce(): Run {
		const nowMs = Date.now();
		this.#announced = { revision: this.#revision, isRunning: this.#isBeingWritten(nowMs) };
		return this.toRun(nowMs);
	}

	/** Takes the folder's files as they are now; what cannot be a continuation of what was read is read anew. */
	update(stats: readonly EventFileStat[]): void {
		const known = new Map(this.#files.map((file) => [file.stat.name, file]));
		let isContinued = true;
		const files: EventFile[] = [];
		for (const stat of stats) {
			const file = known.get(stat.name);
			known.delete(stat.name);
			if (file) {
				if (stat.sizeBytes > file.stat.sizeBytes) this.#wasSeenGrowing = true;
				if (stat.sizeBytes !== file.stat.sizeBytes || stat.mtimeMs !== file.stat.mtimeMs) {
					this.#failure = null;
					this.#revision++;
				}
				isContinued = file.update(stat) && isContinued;
				files.push(file);
			} else {
				files.push(new EventFile(join(this.folder, stat.name), stat));
				this.#revision++;
			}
		}
		this.#files = files.sort((a, b) => compareByCodePoint(a.stat.name, b.stat.name));
		if (!isContinued || known.size > 0) this.#startOver();
	}

	/** Reads what is pending, at most about `maxBytes` of it. A file that cannot be read is the run's problem, not a failure. */
	read(signal?: AbortSignal, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
		const next = this.#reading.then(() => this.#read(maxBytes, signal));
		this.#reading = next.catch(() => {});
		return next;
	}

	async #read(maxBytes: number, signal?: AbortSignal): Promise<void> {
		if (!this.isPending || this.#failure !== null) return;
		if (this.#log === null) this.#startOver();
		let left = maxBytes;
		for (let at = 0; at < this.#files.length && left > 0; at++) {
			const file = this.#files[at];
			if (!file?.isPending) continue;
			throwIfCancelled(signal);
			if (this.#log?.isOrderBound && this.#files.slice(at + 1).some((later) => later.wasRead)) {
				// TensorBoard reads file after file, and a restart in a later one would have dropped what grew here.
				this.#startOver();
				at = -1;
				continue;
			}
			const before = file.pendingBytes;
			this.#revision++;
			try {
				await file.read(this.#log ?? new RunLog(), left, signal);
			} catch (error) {
				if (GammaError.is(error)) throw error;
				this.#failure = `${file.path} cannot be read (${errorCodeOf(error)}).`;
				return;
			}
			// The rest of this file comes before the next one.
			if (file.isPending) return;
			left -= before;
		}
	}

	/** Drops the points; they are read again when someone asks for them. */
	forget(): void {
		if (this.#log === null || this.isPending) return;
		this.#forgotten = this.toRun();
		this.#log = null;
	}

	get isForgotten(): boolean {
		return this.#log === null;
	}

	/** Has it all in memory again. */
	async recall(signal?: AbortSignal): Promise<void> {
		this.usedAtMs = Date.now();
		if (this.#log === null) this.#startOver();
		await this.read(signal);
	}

	/** The metrics that grew since last asked; null when the files were rewritten, so that any may have changed. */
	takeGrown(): readonly string[] | null {
		const grown = this.#log?.takeGrown() ?? [];
		const wasRewritten = this.#wasRewritten;
		this.#wasRewritten = false;
		return wasRewritten ? null : grown;
	}

	series(metric: string): Series | null {
		return this.#log?.series(metric) ?? null;
	}

	media(): readonly RunMedia[] {
		return this.#log?.media() ?? [];
	}

	toRun(nowMs = Date.now()): Run {
		const log = this.#log;
		const isRunning = this.#isBeingWritten(nowMs);
		const status = isRunning ? "RUNNING" : "FINISHED";
		const lastSignMs = this.#lastSignMs;
		if (log === null && this.#forgotten) return { ...this.#forgotten, status, lastSignMs };
		return {
			key: toRunKey(this.storeId, this.id),
			storeId: this.storeId,
			id: this.id,
			name: this.id,
			experimentId: this.experiment,
			experimentName: this.experiment,
			experimentStage: "active",
			status,
			lifecycleStage: "active",
			startTimeMs: log?.firstTimeMs ?? null,
			endTimeMs: isRunning ? null : (log?.lastTimeMs ?? null),
			params: Object.fromEntries(log?.params ?? []),
			metrics: Object.fromEntries(log?.lastValues() ?? []),
			tags: {},
			artifactUri: pathToFileURL(this.folder).href,
			parentRunId: null,
			commit: null,
			userId: null,
			lastSignMs,
			problem: this.#problem,
		};
	}

	/**
	 * When the run was last written. A copied, unpacked or cloned file says when that was done, its events (before the first, its name)
	 * when they were logged: the earlier one counts, unless the file was seen to grow.
	 */
	get #lastSignMs(): number | null {
		if (this.#files.length === 0) return null;
		if (this.#wasSeenGrowing) return this.newestWriteMs;
		const loggedAtMs = this.#log ? this.#log.lastTimeMs : (this.#forgotten?.lastSignMs ?? null);
		return Math.min(this.newestWriteMs, loggedAtMs ?? startedAtMs(this.#files.at(-1)?.stat.name ?? ""));
	}

	#isBeingWritten(nowMs: number): boolean {
		if (this.#log?.hasEnded) return false;
		const lastSignMs = this.#lastSignMs;
		return lastSignMs !== null && Math.abs(nowMs - lastSignMs) < quietMs;
	}

	get #problem(): string | null {
		if (this.#failure !== null) return this.#failure;
		const broken = this.#files.find((file) => file.brokenAt !== null);
		if (broken) return `${broken.path} is damaged at byte ${broken.brokenAt}: what follows there could not be read.`;
		const damaged = this.#log?.damagedRecords ?? 0;
		if (damaged === 0) return null;
		return `${this.folder} holds ${damaged === 1 ? "a damaged record" : `${damaged} damaged records`}, left out.`;
	}

	#startOver(): void {
		this.#wasRewritten = this.#log !== null && this.isAnnounced;
		this.#revision++;
		this.#log = new RunLog();
		this.#files = this.#files.map((file) => new EventFile(file.path, file.stat));
	}
}

/** Writers put the second they started into the file's name: `events.out.tfevents.1757000000.host`. Infinity for other names. */
function startedAtMs(fileName: string): number {
	const seconds = /tfevents\.(\d{9,11})\./.exec(fileName)?.[1];
	return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
}

function errorCodeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
