import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { GammaError } from "../../shared/errors";
import { isMlflowFolder } from "../mlflow/folderStore";
import { isMlflowSqlite } from "../mlflow/sqliteStore";
import { isEventFileName } from "../tensorboard/eventFolders";

/** What a search of a folder came upon; real paths. */
export interface WalkFindings {
	readonly mlflowFolders: readonly string[];
	readonly mlflowFiles: readonly string[];
	/** Folders in which event files lie directly. */
	readonly eventFolders: readonly string[];
	/** Folders looked into, nearest first. */
	readonly visited: readonly string[];
	/** Was it left unfinished because the folder holds too much? */
	readonly isCutShort: boolean;
}

const mostEntries = 20_000;
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
	readonly path: string;
	readonly depth: number;
}

/**
 * Searches a folder level by level, so that what is near is found first: at most 20,000 entries, 8 levels (4 for MLflow
 * stores), each real folder once however many links lead to it. Folders that cannot be read are passed by.
 */
export async function walkFolder(folder: string, signal?: AbortSignal): Promise<WalkFindings> {
	const mlflowFolders: string[] = [];
	const mlflowFiles: string[] = [];
	const eventFolders: string[] = [];
	const visited = new Set<string>();
	const root = await realpath(folder).catch(() => null);
	let level: Step[] = root === null ? [] : [{ path: root, depth: 0 }];
	let entries = 0;
	while (level.length > 0) {
		const next: Step[] = [];
		for (const step of level) {
			if (signal?.aborted) throw new GammaError("call.cancelled", "The search for stores was cancelled.");
			if (visited.has(step.path)) continue;
			visited.add(step.path);
			const inside = await readdir(step.path, { withFileTypes: true }).catch(() => []);
			entries += inside.length;
			if (entries > mostEntries) {
				return { mlflowFolders, mlflowFiles, eventFolders, visited: [...visited], isCutShort: true };
			}
			if (step.depth <= mlflowDepth && mayBeMlflowFolder(step.path, inside) && (await isMlflowFolder(step.path))) {
				mlflowFolders.push(step.path);
				continue;
			}
			if (artifactFolders.has(basename(step.path))) continue;
			if (inside.some((entry) => !entry.isDirectory() && isEventFileName(entry.name))) eventFolders.push(step.path);
			for (const entry of step.depth <= mlflowDepth ? inside : []) {
				const path = join(step.path, entry.name);
				if (!entry.isDirectory() && databaseName.test(entry.name) && (await isMlflowSqlite(path))) {
					mlflowFiles.push(await realpath(path));
				}
			}
			if (step.depth < deepest) next.push(...(await below(step, inside)));
		}
		level = next;
	}
	return { mlflowFolders, mlflowFiles, eventFolders, visited: [...visited], isCutShort: false };
}

/** Cheap first look: a file store always holds its experiments (numbered folders) or a `.trash`. */
function mayBeMlflowFolder(path: string, inside: readonly Dirent[]): boolean {
	return basename(path) === "mlruns" || inside.some((entry) => entry.name === ".trash" || /^\d+$/.test(entry.name));
}

async function below(step: Step, inside: readonly Dirent[]): Promise<Step[]> {
	const steps: Step[] = [];
	for (const entry of inside) {
		if (entry.name.startsWith(".") || passedBy.has(entry.name)) continue;
		const path = join(step.path, entry.name);
		if (entry.isDirectory()) steps.push({ path, depth: step.depth + 1 });
		else if (entry.isSymbolicLink()) {
			const isFolder = await stat(path).then(
				(found) => found.isDirectory(),
				() => false,
			);
			const real = isFolder ? await realpath(path).catch(() => null) : null;
			if (real !== null && !passedBy.has(basename(real))) steps.push({ path: real, depth: step.depth + 1 });
		}
	}
	return steps;
}
