import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { percentDecoded } from "../../core/percentDecoded";
import { GammaError } from "../../shared/errors";
import type { StoreKind } from "../../shared/run";
import { isMlflowFolder } from "../mlflow/folderStore";
import { isMlflowSqlite } from "../mlflow/sqliteStore";
import { holdsEventFiles, isEventFileName } from "../tensorboard/eventFolders";

/** A store on disk: what it is, and its real path. */
export interface RecognisedPath {
	readonly kind: Exclude<StoreKind, "mlflow-server">;
	readonly path: string;
}

/**
 * What kind of store lies at a path: an MLflow folder, an MLflow SQLite file, a TensorBoard log folder, or a project's
 * folder that holds one of these (mlflow.db before mlruns before event files).
 * Rejects with `store.missing` or `store.unrecognised`.
 */
export async function recognisePath(path: string): Promise<RecognisedPath> {
	const written = resolve(path);
	// MLflow resolves percent escapes in plain paths too, and makes its store there.
	const absolute = (await isThere(written)) ? written : resolve(percentDecoded(path));
	const found = await stat(absolute).catch((error: unknown) => {
		throw missing(written, error);
	});
	const real = await realpath(absolute);
	if (!found.isDirectory()) return recogniseFile(real);
	if (await isMlflowFolder(real)) return { kind: "mlflow-folder", path: real };
	const database = join(real, "mlflow.db");
	if (await isMlflowSqlite(database)) return { kind: "mlflow-sqlite", path: await realpath(database) };
	const folder = join(real, "mlruns");
	if (await isMlflowFolder(folder)) return { kind: "mlflow-folder", path: await realpath(folder) };
	if (await holdsEventFiles(real)) return { kind: "tensorboard", path: real };
	throw new GammaError(
		"store.unrecognised",
		`${absolute} is no store Gamma knows: it holds no MLflow experiment (a numbered folder with meta.yaml), no mlflow.db, no mlruns and no TensorBoard event files.`,
	);
}

async function isThere(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		() => false,
	);
}

async function recogniseFile(path: string): Promise<RecognisedPath> {
	if (await isMlflowSqlite(path)) return { kind: "mlflow-sqlite", path };
	if (isEventFileName(basename(path))) return { kind: "tensorboard", path: dirname(path) };
	throw new GammaError(
		"store.unrecognised",
		`${path} is neither an SQLite database with MLflow's tables nor a TensorBoard event file.`,
	);
}

function missing(path: string, cause: unknown): GammaError {
	const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
	if (code === "EACCES" || code === "EPERM") {
		return new GammaError("store.refused", `${path} may not be read by this user; change its permissions.`, { cause });
	}
	return new GammaError("store.missing", `There is no folder or file at ${path}; check the path or train something.`, {
		cause,
	});
}
