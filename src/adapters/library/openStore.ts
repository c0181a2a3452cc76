import { basename } from "node:path";
import { parseStoreUri } from "../../core/stores/storeUri";
import type { StoreAuth, StoreLocation, TrackingStore } from "../../core/stores/trackingStore";
import { assertNever } from "../../shared/errors";
import { MlflowFolderStore } from "../mlflow/folderStore";
import { MlflowServerStore } from "../mlflow/serverStore";
import { MlflowSqliteStore } from "../mlflow/sqliteStore";
import { TensorboardStore } from "../tensorboard/tensorboardStore";
import { recognisePath } from "./recognise";
import { storeIdOf } from "./storeId";

/**
 * Opens a store, recognised by what it is: an MLflow folder, an SQLite file, a server, a TensorBoard log folder, or a
 * project's folder that holds one. Relative paths are relative to the working directory.
 * Rejects with `store.missing`, `store.unrecognised` or `store.refused`; a server is not contacted yet.
 */
export async function openStore(location: StoreLocation): Promise<TrackingStore> {
	const target = parseStoreUri(location.uri);
	if (target.kind === "server") {
		const { url, username, password } = target;
		const written: StoreAuth =
			username === null ? { kind: "none" } : { kind: "basic", username, password: password ?? "" };
		return new MlflowServerStore({
			id: storeIdOf(url),
			url,
			label: location.label ?? url.replace(/^https?:\/\//, ""),
			auth: location.auth ?? written,
			headers: location.headers ?? {},
		});
	}
	const { kind, path } = await recognisePath(target.path);
	const id = storeIdOf(path);
	const label = location.label ?? (basename(path) || path);
	switch (kind) {
		case "mlflow-folder":
			return new MlflowFolderStore({ id, root: path, label });
		case "mlflow-sqlite":
			return new MlflowSqliteStore({ id, file: path, label });
		case "tensorboard":
			return new TensorboardStore({ id, root: path, label });
		default:
			return assertNever(kind);
	}
}
