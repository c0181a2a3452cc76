import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { NewRun, RecordedRun } from "../../core/sidecar/recordedRun";
import { parseStoreUri } from "../../core/stores/storeUri";
import type { StoreLocation } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import { isMlflowFolder } from "../mlflow/folderStore";
import { FolderRun } from "./folderRun";
import { ServerRun } from "./serverRun";

/** Makes the run where it is to be written. Rejects with `store.refused` for what Gamma does not write to. */
export async function startRun(location: StoreLocation, run: NewRun, spoolFolder: string): Promise<RecordedRun> {
	const target = parseStoreUri(location.uri);
	if (target.kind === "server") return ServerRun.start({ location, run, spoolFolder });
	if (/^sqlite/i.test(location.uri.trim())) throw isSqlite(target.path);
	return FolderRun.start(await writableFolder(resolve(target.path)), run);
}

/** An MLflow folder, the one in a project's folder, or a place for a new one. */
async function writableFolder(path: string): Promise<string> {
	const found = statOrNull(path);
	if (found === null) {
		if (/\.(db|sqlite3?)$/i.test(path)) throw isSqlite(path);
		return path;
	}
	if (!found.isDirectory()) throw isSqlite(path);
	const real = realpathSync(path);
	if ((await isMlflowFolder(real)) || basename(real) === "mlruns") return real;
	const inside = join(real, "mlruns");
	if (await isMlflowFolder(inside)) return inside;
	if (statOrNull(join(real, "mlflow.db")) !== null) throw isSqlite(join(real, "mlflow.db"));
	if (readdirSync(real).length === 0) return real;
	throw new GammaError(
		"store.refused",
		`${path} is no MLflow folder; name one with --store, or a folder that is empty or not there yet.`,
	);
}

function isSqlite(path: string): GammaError {
	return new GammaError(
		"store.refused",
		`gamma exec does not write into the file ${path}: start a server over it (mlflow server --backend-store-uri sqlite:///${path}) and give its address with --store, or give a folder.`,
	);
}

function statOrNull(path: string) {
	try {
		return statSync(path);
	} catch {
		return null;
	}
}
