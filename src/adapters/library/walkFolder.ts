import type { Dirent } from "node:fs";
import { opendir, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { GammaError } from "../../shared/errors";
import { isMlflowFolder } from "../mlflow/folderStore";
import { isMlflowSqlite } from "../mlflow/sqliteStore";
import { isEventFileName } from "../tensorboard/eventFolders";

/** What a search of a folder came upon, as paths inside it even where a link leads elsewhere. */
export interface WalkFindings {
	readonly mlflowFolders: readonly string[];
	readonly mlflowFiles: readonly string[];
	/** Folders in which event files lie directly. */
	readonly eventFolders: readonly string[];
	/** Folders looked into, nearest first. */
	readonly visited: readonly string[];
	/** Was something left out because the folder holds too much? */
	readonly isCutShort: boolean;
}

const mostEntries = 20_000;
/** A folder with more entries holds a data set: its first entries tell whether event files are among them. */
const mostEntriesOfOne = 2_000;
/** MLflow stores are looked for this deep, event files deeper: `outputs/2026-01-01/12-00-00/tb_logs/version_0`. */
const mlflowDepth = 4;
const deepest = 8;
/** Other people's code and caches, however large. */
const passedBy = new Set([
	"node_modules",
	"site-packages",
	"__pycache__",
	"venv",
	"env",
	"wandb",
	"dist",
	"build",
	"target",
]);
/** Artifacts of a database or server: event files in them belong to its runs. */
const artifactFolders = new Set(["mlruns", "mlartifacts"]);
const databaseName = /\.(db|sqlite|sqlite3)$/i;

interface Step {
	/** Inside the searched folder, by name. */
	readonly path: string;
	/** Where it truly is. */
	readonly real: string;
	readonly depth: number;
}

/**
 * Searches a folder level by level, so that what is near is found first: at most 20,000 entries, 8 levels (4 for MLflow
 * stores), each real folder once however many links lead to it, and none that the folder itself lies in. Folders that
 * cannot be read are passed by.
 */
export async function walkFolder(folder: string, signal?: AbortSignal): Promise<WalkFindings> {
	const found = { mlflowFolders: [] as string[], mlflowFiles: [] as string[], eventFolders: [] as string[] };
	const visited = new Map<string, string>();
	const root = await realpath(folder).catch(() => null);
	let level: Step[] = root === null ? [] : [{ path: folder, real: root, depth: 0 }];
	let entries = 0;
	let isCutShort = false;
	while (level.length > 0) {
		const next: Step[] = [];
		for (const step of level) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The search for stores was cancelled.");
			if (visited.has(step.real)) continue;
			if (entries > mostEntries) return { ...found, visited: [...visited.values()], isCutShort: true };
			visited.set(step.real, step.path);
			const inside = await entriesOf(step.path);
			entries += inside.length;
			const isSearchedBelow = await lookAt(step, inside, found);
			if (!isSearchedBelow || step.depth === deepest) continue;
			if (inside.length < mostEntriesOfOne) next.push(...(await below(step, inside, root ?? "")));
			else isCutShort ||= inside.some((entry) => entry.isDirectory());
		}
		level = next;
	}
	return { ...found, visited: [...visited.values()], isCutShort };
}

/** Takes note of the stores a folder holds itself. Says whether there is a reason to look at the folders in it. */
async function lookAt(
	{ path, depth }: Step,
	inside: readonly Dirent[],
	found: { mlflowFolders: string[]; mlflowFiles: string[]; eventFolders: string[] },
): Promise<boolean> {
	const mayHoldMlflow = depth <= mlflowDepth;
	if (mayHoldMlflow && mayBeMlflowFolder(path, inside) && (await isMlflowFolder(path))) {
		found.mlflowFolders.push(path);
		return false;
	}
	if (artifactFolders.has(basename(path))) return false;
	if (inside.some((entry) => !entry.isDirectory() && isEventFileName(entry.name))) found.eventFolders.push(path);
	for (const entry of mayHoldMlflow ? inside : []) {
		const file = join(path, entry.name);
		if (!entry.isDirectory() && databaseName.test(entry.name) && (await isMlflowSqlite(file)))
			found.mlflowFiles.push(file);
	}
	return true;
}

/** Cheap first look: a file store always holds its experiments (numbered folders) or a `.trash`. */
function mayBeMlflowFolder(path: string, inside: readonly Dirent[]): boolean {
	return basename(path) === "mlruns" || inside.some((entry) => entry.name === ".trash" || /^\d+$/.test(entry.name));
}

async function entriesOf(path: string): Promise<Dirent[]> {
	const entries: Dirent[] = [];
	try {
		for await (const entry of await opendir(path, { bufferSize: 256 })) {
			entries.push(entry);
			if (entries.length === mostEntriesOfOne) break;
		}
	} catch {
		// Gone meanwhile, or not ours to read.
	}
	return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function below(step: Step, inside: readonly Dirent[], root: string): Promise<Step[]> {
	const steps: Step[] = [];
	const depth = step.depth + 1;
	for (const entry of inside) {
		if (entry.name.startsWith(".") || passedBy.has(entry.name)) continue;
		const path = join(step.path, entry.name);
		if (entry.isDirectory()) steps.push({ path, real: join(step.real, entry.name), depth });
		else if (entry.isSymbolicLink()) {
			const real = await realFolder(path);
			if (real !== null && !passedBy.has(basename(real)) && !holds(real, root)) steps.push({ path, real, depth });
		}
	}
	return steps;
}

async function realFolder(path: string): Promise<string | null> {
	try {
		return (await stat(path)).isDirectory() ? await realpath(path) : null;
	} catch {
		return null;
	}
}

function holds(outer: string, inner: string): boolean {
	return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}
