import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, relative, resolve, sep } from "node:path";
import { parseProjectSettings, projectSettingsPath } from "../../core/settings/projectSettings";
import { logFolders } from "../../core/stores/logFolders";
import type { Discovery, FindOptions } from "../../core/stores/runLibrary";
import { isRemoteUri, parseStoreUri } from "../../core/stores/storeUri";
import type { StoreAuth, StoreLocation } from "../../core/stores/trackingStore";
import { type Failure, GammaError, toFailure } from "../../shared/errors";
import { recognisePath } from "./recognise";
import { walkFolder } from "./walkFolder";

/** Folders watched for new stores: the nearest ones; what appears deeper is found at the next look. */
const mostWatched = 200;

/** The stores of a folder; see `discoverStores`. `environment` is `process.env` or the like. */
export async function findStores(
	folder: string,
	environment: FindOptions["variables"],
	signal?: AbortSignal,
): Promise<StoreLocation[]> {
	return [...(await discoverStores(folder, { variables: environment }, signal)).locations];
}

/**
 * Every store a folder offers, each once (by real path), in this order: the person's settings, `.gamma/project.json`,
 * `MLFLOW_TRACKING_URI`, then what lies in the folder. Relative paths are relative to the folder. A path that is not there
 * is offered all the same, so that opening it says what is missing. Rejects with `call.cancelled` only.
 */
export async function discoverStores(folder: string, options: FindOptions, signal?: AbortSignal): Promise<Discovery> {
	const problems: Failure[] = [];
	const project = await projectStores(folder, problems);
	const named = [
		...(options.stores ?? []).map((store) => ({ ...store, source: store.source ?? ("settings" as const) })),
		...project,
		...environmentStore(options.variables),
	].map((location) => ({ ...location, uri: absoluteUri(folder, location.uri) }));
	const walked = await walkFolder(folder, signal);
	if (walked.isCutShort) {
		problems.push({
			code: "settings.invalid",
			message: `${folder} holds too many files and folders to search them all; only the nearest were looked at. Name its stores in ${projectSettingsPath}.`,
		});
	}
	const inside = (path: string): string => relative(folder, path).split(sep).join("/");
	const logs = logFolders(walked.eventFolders.map(inside)).map((path) => join(folder, path));
	const lying = [...walked.mlflowFiles, ...walked.mlflowFolders, ...logs].map(
		(path): StoreLocation => ({ uri: path, label: inside(path) || basename(path), source: "folder" }),
	);
	return {
		locations: await eachOnce([...named, ...lying]),
		problems,
		watched: [folder, join(folder, ".gamma"), join(folder, projectSettingsPath), ...walked.visited.slice(1)].slice(
			0,
			mostWatched,
		),
	};
}

async function projectStores(folder: string, problems: Failure[]): Promise<StoreLocation[]> {
	try {
		const text = await readFile(join(folder, projectSettingsPath), "utf8");
		return parseProjectSettings(text).stores.map((store) => ({ ...store, source: "workspace" }));
	} catch (error) {
		if (GammaError.is(error)) problems.push(toFailure(error));
		else if (!isAbsent(error)) {
			problems.push({
				code: "settings.invalid",
				message: `${projectSettingsPath} cannot be read: ${toFailure(error).message}.`,
			});
		}
		return [];
	}
}

/** MLflow's own variables. The credentials go to the server they were set for, never to one a file names. */
function environmentStore(variables: FindOptions["variables"]): StoreLocation[] {
	const uri = variables.MLFLOW_TRACKING_URI?.trim();
	if (!uri) return [];
	const username = variables.MLFLOW_TRACKING_USERNAME;
	const token = variables.MLFLOW_TRACKING_TOKEN;
	const auth: StoreAuth | undefined = username
		? { kind: "basic", username, password: variables.MLFLOW_TRACKING_PASSWORD ?? "" }
		: token
			? { kind: "bearer", token }
			: undefined;
	return [{ uri, source: "environment", ...(auth ? { auth } : {}) }];
}

function absoluteUri(folder: string, uri: string): string {
	try {
		const target = parseStoreUri(uri);
		if (target.kind === "server") return uri;
		return resolve(
			folder,
			target.path.replace(/^~(?=$|[\\/])/, () => homedir()),
		);
	} catch {
		// Opening it says what is wrong with it.
		return uri;
	}
}

async function eachOnce(locations: readonly StoreLocation[]): Promise<StoreLocation[]> {
	const kept = new Map<string, StoreLocation>();
	for (const location of locations) {
		const place = await canonicalPlace(location.uri);
		if (!kept.has(place)) kept.set(place, location);
	}
	return [...kept.values()];
}

async function canonicalPlace(uri: string): Promise<string> {
	try {
		// A Windows share is another machine: it is looked at only when it is opened.
		if (isRemoteUri(uri) && !/^https?:/i.test(uri)) return uri;
		const target = parseStoreUri(uri);
		return target.kind === "server" ? target.url : (await recognisePath(target.path)).path;
	} catch {
		return uri;
	}
}

function isAbsent(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
