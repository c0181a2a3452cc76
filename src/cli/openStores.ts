import { findStores } from "../adapters/library/findStores";
import { openStore } from "../adapters/library/openStore";
import { chooseStores } from "../core/stores/chooseStores";
import { isRemoteUri } from "../core/stores/storeUri";
import type { StoreAuth, StoreLocation, TrackingStore } from "../core/stores/trackingStore";
import { GammaError } from "../shared/errors";

export interface StoreOptions {
	readonly store?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The stores a command is about: the one named, else `MLFLOW_TRACKING_URI`'s, else those of the folder it was started in; does
 * `work` with them and closes them. A server named only by a file of the folder is not contacted: anyone may have written it.
 * Rejects with `store.missing` when there is none.
 */
export async function withStores<T>(
	options: StoreOptions,
	work: (stores: readonly TrackingStore[]) => Promise<T>,
): Promise<T> {
	const locations = await locationsOf(options, process.cwd(), process.env);
	const stores: TrackingStore[] = [];
	try {
		for (const location of locations) stores.push(await openStore(location));
		return await work(stores);
	} finally {
		for (const store of stores) store.dispose();
	}
}

/** As `withStores` chooses them; rejects with `store.missing` when there is none. */
export async function locationsOf(
	options: StoreOptions,
	folder: string,
	environment: Environment,
): Promise<readonly StoreLocation[]> {
	const named = options.store ?? environment.MLFLOW_TRACKING_URI?.trim();
	if (named) return [withAuth(named, environment)];
	const found = chooseStores(await findStores(folder, {}), { isTrusted: true, allowedHosts: new Set() });
	if (found.open.length > 0) return found.open;
	const [asked] = found.asked;
	throw new GammaError(
		"store.missing",
		asked
			? `A file of this folder names the server ${asked.uri}; to read from it, say so with --store ${asked.uri}.`
			: "There is no mlflow.db, mlruns or TensorBoard log here; name a store with --store, or set MLFLOW_TRACKING_URI.",
	);
}

/** MLflow's own variables sign in to whichever server is asked for. */
export function withAuth(uri: string, environment: Environment): StoreLocation {
	if (!isRemoteUri(uri)) return { uri };
	const username = environment.MLFLOW_TRACKING_USERNAME;
	const token = environment.MLFLOW_TRACKING_TOKEN;
	const auth: StoreAuth | undefined = username
		? { kind: "basic", username, password: environment.MLFLOW_TRACKING_PASSWORD ?? "" }
		: token
			? { kind: "bearer", token }
			: undefined;
	return auth ? { uri, auth } : { uri };
}

/** Asks one store after the other; the first that has the run answers. Rejects with `run.missing` when none has. */
export async function fromRunsStore<T>(
	stores: readonly TrackingStore[],
	runId: string,
	ask: (store: TrackingStore) => Promise<T>,
): Promise<T> {
	const failures: unknown[] = [];
	for (const store of stores) {
		try {
			return await ask(store);
		} catch (error) {
			// A TensorBoard run's id is a path: another store may have it too, with that metric.
			const isOfAnother = isOfStore(error) || GammaError.is(error, "run.missing", "metric.missing", "artifact.missing");
			if (stores.length === 1 || !isOfAnother) throw error;
			failures.push(error);
		}
	}
	throw (
		failures.find((error) => !GammaError.is(error, "run.missing")) ??
		new GammaError("run.missing", `There is no run ${runId} in any of the ${stores.length} stores here.`)
	);
}

/** A store that cannot be read must not hide what another one has. */
export function isOfStore(error: unknown): error is GammaError {
	return GammaError.is(error) && (error.code.startsWith("store.") || error.code === "platform.unsupported");
}
