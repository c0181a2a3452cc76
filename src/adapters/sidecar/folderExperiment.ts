import { randomBytes } from "node:crypto";
import {
	closeSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { writeYaml } from "../../core/sidecar/writeYaml";
import { GammaError } from "../../shared/errors";
import { parseMeta } from "../mlflow/metaYaml";

/** Two sidecars that start at once make one experiment, not two of a name. */
const lockName = ".gamma.lock";
const staleLockMs = 10_000;
const defaultId = "0";

/** The id of the experiment of that name in an MLflow folder, made when there is none. Rejects with `store.refused` for a deleted one. */
export async function findOrMakeExperiment(root: string, name: string): Promise<string> {
	mkdirSync(root, { recursive: true });
	const release = await lock(join(root, lockName));
	try {
		const found = await findExperiment(root, name);
		if (found !== null) return found;
		const isDeleted = (await findExperiment(join(root, ".trash"), name)) !== null;
		if (isDeleted)
			throw new GammaError(
				"store.refused",
				`The experiment ${JSON.stringify(name)} was deleted; restore it, or name another with --experiment.`,
			);
		return makeExperiment(root, name);
	} finally {
		release();
	}
}

async function findExperiment(parent: string, name: string): Promise<string | null> {
	for (const id of foldersOf(parent)) {
		const text = readOrNull(join(parent, id, "meta.yaml"));
		const meta = text === null ? null : await parseMeta(text);
		if (meta === null || String(meta.get("name")) !== name || String(meta.get("experiment_id")) !== id) continue;
		if (meta.get("lifecycle_stage") === "deleted")
			throw new GammaError(
				"store.refused",
				`The experiment ${JSON.stringify(name)} was deleted; restore it, or name another with --experiment.`,
			);
		return id;
	}
	return null;
}

function makeExperiment(root: string, name: string): string {
	const hasDefault = foldersOf(root).includes(defaultId);
	const id = name === "Default" && !hasDefault ? defaultId : newId();
	const now = Date.now();
	makeWhole(root, id, {
		"meta.yaml": writeYaml({
			artifact_location: pathToFileURL(join(root, id)).href,
			creation_time: now,
			experiment_id: id,
			last_update_time: now,
			lifecycle_stage: "active",
			name,
		}),
	});
	return id;
}

/** A folder with its files, there as a whole or not at all: a reader fails on one without its meta.yaml. */
export function makeWhole(
	root: string,
	path: string,
	files: Readonly<Record<string, string>>,
	folders: readonly string[] = [],
): void {
	const making = join(root, `.gamma-${randomBytes(8).toString("hex")}`);
	mkdirSync(making);
	try {
		for (const folder of folders) mkdirSync(join(making, folder), { recursive: true });
		for (const [name, text] of Object.entries(files)) writeFileSync(join(making, name), text);
		renameSync(making, join(root, path));
	} catch (error) {
		rmSync(making, { recursive: true, force: true });
		throw error;
	}
}

/** As MLflow makes them: 18 digits, the first no zero. */
function newId(): string {
	const digits = BigInt(`0x${randomBytes(8).toString("hex")}`) % 900_000_000_000_000_000n;
	return String(digits + 100_000_000_000_000_000n);
}

function foldersOf(parent: string): string[] {
	try {
		return readdirSync(parent, { withFileTypes: true })
			.filter((entry) => entry.isDirectory() && /^\w/.test(entry.name) && entry.name !== "models")
			.map(({ name }) => name);
	} catch {
		return [];
	}
}

function readOrNull(path: string): string | null {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return null;
	}
}

async function lock(path: string): Promise<() => void> {
	for (;;) {
		try {
			closeSync(openSync(path, "wx"));
			return () => rmSync(path, { force: true });
		} catch (error) {
			if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
		}
		try {
			if (Date.now() - statSync(path).mtimeMs > staleLockMs) rmSync(path, { force: true });
		} catch {
			// It was released.
		}
		await wait(20);
	}
}
