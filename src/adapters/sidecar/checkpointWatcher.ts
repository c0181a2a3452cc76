import { statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { stepOfPath } from "../../core/sidecar/checkpointStep";
import type { RecordedRun } from "../../core/sidecar/recordedRun";
import type { RunProgress } from "../../core/sidecar/runProgress";
import { globFiles } from "./globFiles";
import { keepFile } from "./keepFile";

const lookEveryMs = 1000;
/** A file whose size and time stood still for so long is complete; one renamed into place brings an old time with it. */
const stillMs = 2000;
const manifestPath = "checkpoints/manifest.json";

interface Seen {
	readonly stamp: string;
	readonly sinceMs: number;
}

interface ManifestEntry {
	readonly path: string;
	readonly sizeBytes: number;
	readonly sha256: string;
	readonly step: number | null;
	readonly metrics: Readonly<Record<string, number | string>>;
	readonly timestampMs: number;
}

/** Brings a training's checkpoints to its run as they become complete. What was there before it began is left where it is. */
export class CheckpointWatcher {
	readonly #seen = new Map<string, Seen>();
	/** The stamp of each file as it was kept, or as it was at the start. */
	readonly #done = new Map<string, string>();
	readonly #manifest = new Map<string, ManifestEntry>();
	readonly #timer: NodeJS.Timeout;
	#looking: Promise<void> = Promise.resolve();
	#isLooking = false;
	#problem: string | null = null;

	constructor(
		private readonly patterns: readonly string[],
		private readonly folder: string,
		private readonly run: RecordedRun,
		private readonly progress: RunProgress,
	) {
		for (const { path } of this.#find()) {
			const stamp = stampOf(path);
			if (stamp !== null) this.#done.set(path, stamp.text);
		}
		this.#timer = setInterval(() => {
			// A large copy takes longer than a look.
			if (!this.#isLooking) void this.#look(false);
		}, lookEveryMs).unref();
	}

	/** The writer has ended: what is there is complete. Resolves with what could not be kept, or null. */
	async end(): Promise<string | null> {
		clearInterval(this.#timer);
		await this.#looking;
		await this.#look(true);
		return this.#problem;
	}

	#find() {
		return this.patterns.flatMap((pattern) => globFiles(pattern, this.folder));
	}

	#look(isLast: boolean): Promise<void> {
		this.#isLooking = true;
		this.#looking = this.#keepComplete(isLast).finally(() => {
			this.#isLooking = false;
		});
		return this.#looking;
	}

	async #keepComplete(isLast: boolean): Promise<void> {
		let hasNew = false;
		for (const { path, name } of this.#find()) {
			const stamp = stampOf(path);
			if (stamp === null || this.#done.get(path) === stamp.text) continue;
			if (!isLast && !this.#isComplete(path, stamp)) continue;
			hasNew = (await this.#keep(path, name, stamp)) || hasNew;
		}
		if (hasNew) await this.#writeManifest();
	}

	#isComplete(path: string, stamp: { text: string; modifiedMs: number }): boolean {
		const now = Date.now();
		const seen = this.#seen.get(path);
		if (seen?.stamp !== stamp.text) this.#seen.set(path, { stamp: stamp.text, sinceMs: now });
		const isStill = seen?.stamp === stamp.text && now - seen.sinceMs >= stillMs;
		return isStill || now - stamp.modifiedMs >= stillMs;
	}

	async #keep(path: string, name: string, stamp: { text: string; modifiedMs: number }): Promise<boolean> {
		const artifactPath = `checkpoints/${name}`;
		const named = stepOfPath(name);
		try {
			const kept = await keepFile(path, this.run.localPath(artifactPath), named !== null && !this.#done.has(path));
			if (kept === null) return false;
			this.#done.set(path, stamp.text);
			this.run.keep(artifactPath);
			const step = named ?? this.progress.lastStep;
			const metrics = Object.entries(this.progress.metricsAt(step)).map(
				([key, value]) => [key, Number.isFinite(value) ? value : String(value)] as const,
			);
			this.#manifest.set(name, {
				path: name,
				...kept,
				step,
				metrics: Object.fromEntries(metrics),
				timestampMs: Math.trunc(stamp.modifiedMs),
			});
			return true;
		} catch (error) {
			this.#problem = `the checkpoint ${path} is not kept (${error instanceof Error ? error.message : String(error)})`;
			return false;
		}
	}

	/** Last: whoever reads it finds the files it names. */
	async #writeManifest(): Promise<void> {
		const path = this.run.localPath(manifestPath);
		try {
			await writeFile(
				`${path}.gamma`,
				`${JSON.stringify({ version: 1, checkpoints: [...this.#manifest.values()] }, null, "\t")}\n`,
			);
			await rename(`${path}.gamma`, path);
			this.run.keep(manifestPath);
		} catch (error) {
			this.#problem = `${manifestPath} is not written (${error instanceof Error ? error.message : String(error)})`;
		}
	}
}

function stampOf(path: string): { text: string; modifiedMs: number } | null {
	try {
		const { size, mtimeMs, ino } = statSync(path);
		return { text: `${size} ${mtimeMs} ${ino}`, modifiedMs: mtimeMs };
	} catch {
		return null;
	}
}
