import { join } from "node:path";
import type { RunDataset } from "../../shared/run";
import { type FileReader, type FileStamp, isSameStamp, UnreadableFile } from "./fileReader";
import { MetricFile } from "./metricFile";
import type { RunInputs } from "./runInputs";

/** MLflow allows 8,000 characters in a tag; what is longer than this is no param or tag. */
const maxTextBytes = 1 << 20;
/** Folders below `metrics`, `params` and `tags` come from slashes in keys. */
const maxDepth = 64;
const kinds = ["params", "tags", "metrics"];

/** A run's folder as it was read last. */
export interface RunContents {
	readonly params: Readonly<Record<string, string>>;
	readonly metrics: Readonly<Record<string, number>>;
	readonly tags: Readonly<Record<string, string>>;
	readonly datasets: readonly RunDataset[];
	/** Newest time of a metric's last line, or of a file where stamps are kept. */
	readonly lastSignMs: number | null;
	/** One sentence with the path; null for a sound run. */
	readonly problem: string | null;
}

export interface FolderChange {
	readonly contents: RunContents;
	/** Metrics whose files changed. */
	readonly grown: readonly string[];
	readonly isChanged: boolean;
}

interface TextFile {
	readonly text: string;
	readonly stamp: FileStamp | null;
}

/**
 * One run's params, metrics and tags. With `keepsStamps` a second look reads only the files that changed, and of metric
 * files only what was appended; without it every look is a first one, and costs a third less.
 */
export class RunFolder {
	readonly #texts = new Map<string, TextFile>();
	readonly #metrics = new Map<string, MetricFile>();
	#problem: string | null = null;
	#newestMs = 0;

	constructor(
		private readonly reader: FileReader,
		readonly path: string,
		private readonly keepsStamps: boolean,
		private readonly inputs: RunInputs | null = null,
	) {}

	/** `isRunning`: half a last line, or an empty file, is then to be expected and no problem. */
	update(isRunning: boolean): FolderChange {
		this.#problem = null;
		const seen = new Set<string>();
		const changes = { texts: 0, grown: [] as string[] };
		const present = this.#present();
		const params = present.has("params") ? this.#readTexts("params", seen, changes) : [];
		const tags = present.has("tags") ? this.#readTexts("tags", seen, changes) : [];
		const metrics = present.has("metrics") ? this.#readMetrics(isRunning, seen, changes) : [];
		const datasets = present.has("inputs") ? this.#readDatasets() : [];
		const vanished = [...this.#texts.keys(), ...this.#metrics.keys()].filter((path) => !seen.has(path));
		for (const path of vanished) {
			this.#texts.delete(path);
			this.#metrics.delete(path);
		}
		return {
			contents: {
				params: Object.fromEntries(params),
				metrics: Object.fromEntries(metrics),
				tags: Object.fromEntries(tags),
				datasets,
				lastSignMs: this.#newestMs === 0 ? null : this.#newestMs,
				problem: this.#problem,
			},
			grown: changes.grown,
			isChanged: changes.texts > 0 || changes.grown.length > 0 || vanished.length > 0,
		};
	}

	/** Only the tags, as an experiment's folder has them too. */
	readTags(): { readonly tags: Readonly<Record<string, string>>; readonly problem: string | null } {
		const tags = this.#present().has("tags") ? this.#readTexts("tags", new Set(), { texts: 0 }) : [];
		return { tags: Object.fromEntries(tags), problem: this.#problem };
	}

	/** Size and newest time of everything `update` reads, without reading it. */
	fingerprint(): { readonly text: string; readonly newestMs: number } {
		let newestMs = 0;
		let sizeBytes = 0;
		let count = 0;
		for (const kind of [...kinds, "inputs"]) {
			if (this.reader.stamp(join(this.path, kind)) === null) continue;
			this.#walk(join(this.path, kind), "", 0, (_key, path) => {
				const stamp = this.reader.stamp(path);
				newestMs = Math.max(newestMs, stamp?.modifiedMs ?? 0);
				sizeBytes += stamp?.sizeBytes ?? 0;
				count++;
			});
		}
		return { text: `${newestMs}/${sizeBytes}/${count}`, newestMs };
	}

	/** Folders in which a change of this run shows. */
	watchedPaths(): string[] {
		const files = [...this.#texts.keys(), ...this.#metrics.keys()];
		return [...new Set([this.path, join(this.path, "metrics"), ...files.map((file) => join(file, ".."))])];
	}

	#present(): ReadonlySet<string> {
		const listing = this.#list(this.path);
		for (const kind of kinds) {
			if (listing?.files.includes(kind) || listing?.others.includes(kind))
				this.#report(join(this.path, kind), "is no folder");
		}
		return new Set(listing?.folders);
	}

	#readTexts(kind: string, seen: Set<string>, changes: { texts: number }): [string, string][] {
		const found: [string, string][] = [];
		this.#walk(join(this.path, kind), "", 0, (key, path) => {
			seen.add(path);
			const known = this.#texts.get(path);
			if (known !== undefined && isSameStamp(known.stamp, this.reader.stamp(path))) {
				found.push([key, known.text]);
				return;
			}
			const read = this.keepsStamps
				? this.reader.readStamped(path, maxTextBytes)
				: { text: this.reader.readText(path, maxTextBytes), stamp: null };
			if (this.keepsStamps) {
				this.#texts.set(path, read);
				this.#newestMs = Math.max(this.#newestMs, read.stamp?.modifiedMs ?? 0);
			}
			changes.texts++;
			found.push([key, read.text]);
		});
		return found;
	}

	#readDatasets(): RunDataset[] {
		try {
			return this.inputs?.read(this.path, (path, reason) => this.#report(path, reason)) ?? [];
		} catch (error) {
			this.#reportError(error);
			return [];
		}
	}

	#readMetrics(isRunning: boolean, seen: Set<string>, changes: { grown: string[] }): [string, number][] {
		const found: [string, number][] = [];
		this.#walk(join(this.path, "metrics"), "", 0, (key, path) => {
			seen.add(path);
			const file = this.#metrics.get(path) ?? new MetricFile(this.reader, path);
			const stamp = this.#metrics.has(path) ? this.reader.stamp(path) : null;
			if (this.keepsStamps) this.#metrics.set(path, file);
			if (file.update(stamp) !== "same") changes.grown.push(key);
			const modifiedMs = this.keepsStamps ? file.modifiedMs : 0;
			this.#newestMs = Math.max(this.#newestMs, modifiedMs, file.lastTimestampMs ?? 0);
			if (file.latest !== null) found.push([key, file.latest.value]);
			if (file.problem !== null) this.#report(path, `${file.problem}, which is left out`);
			else if (!isRunning && file.isCutShort) this.#report(path, "ends in the middle of a line, which is left out");
			else if (!isRunning && file.latest === null) this.#report(path, "is empty");
		});
		return found;
	}

	#walk(folder: string, prefix: string, depth: number, visit: (key: string, path: string) => void): void {
		const listing = this.#list(folder);
		if (listing === undefined) return;
		for (const name of listing.files) {
			const path = join(folder, name);
			try {
				visit(prefix + name, path);
			} catch (error) {
				this.#reportError(error);
			}
		}
		for (const name of listing.others) this.#report(join(folder, name), "is no file of this store");
		if (depth === maxDepth) return;
		for (const name of listing.folders) this.#walk(join(folder, name), `${prefix}${name}/`, depth + 1, visit);
	}

	#list(folder: string): ReturnType<FileReader["list"]> | undefined {
		try {
			return this.reader.list(folder);
		} catch (error) {
			this.#reportError(error);
			return undefined;
		}
	}

	#reportError(error: unknown): void {
		if (!(error instanceof UnreadableFile)) throw error;
		// Removed between the listing and the reading, as a deleted tag is.
		if (!error.isMissing) this.#report(error.path, error.reason);
	}

	#report(path: string, reason: string): void {
		this.#problem ??= `${path} ${reason}.`;
	}
}
