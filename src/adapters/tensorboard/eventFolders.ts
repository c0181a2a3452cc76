import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { compareByCodePoint } from "../../core/codePoints";
import { throwIfCancelled } from "./cancelled";
import { inParallel } from "./inParallel";

/** One event file as the file system tells of it. */
export interface EventFileStat {
	readonly name: string;
	readonly sizeBytes: number;
	readonly mtimeMs: number;
	/** The file itself, whatever its name. */
	readonly inode: number;
}

export interface EventFolder {
	/** The folder's path relative to the log folder, `/` between parts; `.` for the log folder itself. */
	readonly id: string;
	readonly folder: string;
	/** In the order TensorBoard reads them: by name. */
	readonly files: readonly EventFileStat[];
}

/** A log folder is a few levels deep; what is beyond these is no log folder, or made to keep us busy. */
const maxDepth = 40;
const maxFolders = 100_000;
/** Enough to keep a disk busy, few enough for a network file system. */
const parallelReads = 16;
/** Looking whether a folder is a log folder must stay instant in any repository. */
const maxFoldersToRecognise = 3000;
const maxDepthToRecognise = 8;

/** Never hold logs, but tens of thousands of folders. */
const passedBy = new Set([".git", "node_modules"]);

/** TensorBoard's own rule; a `.profile-empty` file only marks the folder for its profiler. */
export function isEventFileName(name: string): boolean {
	return name.includes("tfevents") && !name.endsWith(".profile-empty");
}

/** Does an event file lie in the folder or a few levels below it? False for anything that is no readable folder. */
export async function holdsEventFiles(path: string): Promise<boolean> {
	let level = [path];
	let seen = 0;
	for (let depth = 0; depth < maxDepthToRecognise && level.length > 0; depth++) {
		const below: string[] = [];
		let isFound = false;
		await inParallel(level, parallelReads, async (folder) => {
			if (isFound || ++seen > maxFoldersToRecognise) return;
			for (const entry of await entriesOf(folder)) {
				if (entry.isDirectory() && !passedBy.has(entry.name)) below.push(join(folder, entry.name));
				else if (isEventFileName(entry.name) && !entry.isDirectory()) isFound = true;
			}
		});
		if (isFound) return true;
		level = below;
	}
	return false;
}

/**
 * Every folder at or below the log folder that holds event files of its own. Links to folders are followed, as TensorBoard does,
 * but each target once, and none that is in the log folder already or holds it.
 */
export async function findEventFolders(root: string, signal?: AbortSignal): Promise<EventFolder[]> {
	const found: EventFolder[] = [];
	const realRoot = await realpath(root);
	const linked: string[] = [];
	let level: string[] = ["."];
	let seen = 0;
	for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
		const below: string[] = [];
		await inParallel(level, parallelReads, async (id) => {
			throwIfCancelled(signal);
			if (++seen > maxFolders) return;
			const folder = join(root, id);
			const entries = await entriesOf(folder);
			for (const entry of entries) {
				if (passedBy.has(entry.name)) continue;
				const child = id === "." ? entry.name : `${id}/${entry.name}`;
				if (entry.isDirectory()) below.push(child);
				else if (entry.isSymbolicLink()) {
					const target = await folderBehind(join(folder, entry.name));
					if (target === null || [realRoot, ...linked].some((other) => overlap(target, other))) continue;
					linked.push(target);
					below.push(child);
				}
			}
			const files = await statEventFiles(folder, entries);
			if (files.length > 0) found.push({ id, folder, files });
		});
		level = below;
	}
	return found;
}

/** The event files that lie in one folder; none where it cannot be read. */
export async function listEventFiles(folder: string): Promise<EventFileStat[]> {
	return statEventFiles(folder, await entriesOf(folder));
}

async function statEventFiles(folder: string, entries: readonly Dirent[]): Promise<EventFileStat[]> {
	const names = entries.map((entry) => entry.name).filter(isEventFileName);
	const files: EventFileStat[] = [];
	for (const name of names.sort(compareByCodePoint)) {
		const stats = await stat(join(folder, name)).catch(() => null);
		if (!stats?.isFile()) continue;
		files.push({ name, sizeBytes: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino });
	}
	return files;
}

async function entriesOf(folder: string): Promise<Dirent[]> {
	return readdir(folder, { withFileTypes: true }).catch(() => []);
}

async function folderBehind(link: string): Promise<string | null> {
	const stats = await stat(link).catch(() => null);
	return stats?.isDirectory() ? realpath(link).catch(() => null) : null;
}

function overlap(a: string, b: string): boolean {
	return a === b || a.startsWith(withSeparator(b)) || b.startsWith(withSeparator(a));
}

function withSeparator(path: string): string {
	return path.endsWith(sep) ? path : path + sep;
}
