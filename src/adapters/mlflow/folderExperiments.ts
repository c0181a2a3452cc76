import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../../core/mlflow/runMeta";
import { GammaError } from "../../shared/errors";
import type { Experiment, LifecycleStage } from "../../shared/run";
import { type FileReader, type FileStamp, UnreadableFile } from "./fileReader";
import { maxMetaBytes, parseMeta } from "./metaYaml";
import { RunFolder } from "./runFolder";

const trash = ".trash";
/** MLflow's rule for an experiment's id (validation.py); `models` is the model registry. */
const experimentId = /^[a-zA-Z0-9][\p{L}\p{N}_-]{0,63}$/u;

/** Whether a folder is an MLflow file store: it holds an experiment, not only artifacts. */
export async function isMlflowFolder(path: string): Promise<boolean> {
	for (const parent of [path, join(path, trash)]) {
		const names = await readdir(parent).catch(() => []);
		for (const name of names) {
			if (!/^\d+$/.test(name)) continue;
			const meta = await stat(join(parent, name, "meta.yaml")).catch(() => null);
			if (meta?.isFile()) return true;
		}
	}
	return false;
}

/** One experiment's folder as it was read last. */
export interface ExperimentFolder {
	readonly id: string;
	readonly path: string;
	readonly name: string;
	readonly stage: LifecycleStage;
	readonly stamp: FileStamp;
	/** Why its own meta.yaml could not be read; its runs are there all the same. */
	readonly problem: string | null;
}

/** Every experiment, deleted ones included; those in `known` whose meta.yaml is as it was are not read again. */
export async function readExperiments(
	reader: FileReader,
	known: ReadonlyMap<string, ExperimentFolder> = new Map(),
): Promise<Map<string, ExperimentFolder>> {
	const found = new Map<string, ExperimentFolder>();
	for (const { parent, stage } of [
		{ parent: reader.root, stage: "active" as const },
		{ parent: join(reader.root, trash), stage: "deleted" as const },
	]) {
		for (const id of foldersOf(reader, parent)) {
			if (id === "models" || !experimentId.test(id) || found.has(id)) continue;
			const path = join(parent, id);
			const experiment = await readExperiment(reader, path, id, stage, known.get(id));
			if (experiment !== null) found.set(id, experiment);
		}
	}
	return found;
}

function foldersOf(reader: FileReader, parent: string): string[] {
	try {
		return reader.listFolders(parent).sort();
	} catch (error) {
		if (!(error instanceof UnreadableFile)) throw error;
		if (parent !== reader.root) return [];
		throw new GammaError(
			error.isMissing ? "store.missing" : "store.unreachable",
			`The MLflow folder ${parent} ${error.reason}.`,
			{ cause: error },
		);
	}
}

async function readExperiment(
	reader: FileReader,
	path: string,
	id: string,
	location: LifecycleStage,
	known: ExperimentFolder | undefined,
): Promise<ExperimentFolder | null> {
	const file = join(path, "meta.yaml");
	const now = reader.stamp(file);
	if (now === null) return null;
	if (known?.path === path && known.stamp.modifiedMs === now.modifiedMs && known.stamp.sizeBytes === now.sizeBytes) {
		return known;
	}
	try {
		const { text, stamp } = reader.readStamped(file, maxMetaBytes);
		const meta = await parseMeta(text);
		if (meta === null) return known ?? damaged(id, path, location, stamp, `${file} is damaged.`);
		// MLflow leaves out what names another experiment, such as a copy of a folder under a new name.
		if (textOf(meta.get("experiment_id")) !== id) return null;
		const stage = meta.get("lifecycle_stage") === "deleted" ? "deleted" : location;
		return { id, path, name: textOf(meta.get("name")) ?? id, stage, stamp, problem: null };
	} catch (error) {
		if (!(error instanceof UnreadableFile)) throw error;
		return error.isMissing ? null : damaged(id, path, location, now, `${file} ${error.reason}.`);
	}
}

function damaged(id: string, path: string, stage: LifecycleStage, stamp: FileStamp, problem: string): ExperimentFolder {
	return { id, path, name: id, stage, stamp, problem };
}

/** With its tags, which lie in files of their own. */
export function toExperiment(reader: FileReader, folder: ExperimentFolder): Experiment {
	const { tags } = new RunFolder(reader, folder.path, false).readTags();
	return { id: folder.id, name: folder.name, lifecycleStage: folder.stage, tags };
}
