import { readdir, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { percentDecoded } from "../../core/percentDecoded";

/** Folders that MLflow puts artifacts into beside a database. */
const besideDatabase = ["", "mlruns", "mlartifacts", "artifacts"];

/**
 * The folder of a run's artifacts on this machine, or null. Beside the store first (it may have been moved or copied, and
 * a hostile store may name any folder); then the folder the URI names, when it ends as MLflow's own do: `…/<run>/artifacts`.
 * An empty folder beside the store yields to the URI's own: file stores make one even when artifacts go elsewhere.
 */
export async function locateArtifacts(
	artifactUri: string | null,
	storeRoot: string,
	experimentId: string,
	runId: string,
): Promise<string | null> {
	const path = artifactUri === null ? "" : pathOfUri(artifactUri);
	if (path === null || !isPlain(runId)) return null;
	const parts = partsOf(path);
	const tails = parts
		.map((_, start) => parts.slice(start))
		.filter((tail) => tail.includes(runId) && tail.every(isPlain));
	if (isPlain(experimentId)) {
		for (const folder of besideDatabase) tails.push([folder, experimentId, runId, "artifacts"]);
	}
	const beside = await firstInside(storeRoot, tails);
	if (beside?.isFilled) return beside.folder;
	const own = await ownFolder(artifactUri, storeRoot, runId);
	return own ?? beside?.folder ?? null;
}

/** The path in a URI that can be a folder here; null for one of another kind (`s3://…`). */
function pathOfUri(uri: string): string | null {
	const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
	if (scheme === undefined) return uri;
	if (scheme !== "file" && scheme !== "mlflow-artifacts") return null;
	return percentDecoded(uri.slice(scheme.length + 1).replace(/^\/\/[^/]*/, ""));
}

function partsOf(path: string): string[] {
	return path.split(/[\\/]/).filter((part) => part !== "");
}

function isPlain(part: string): boolean {
	return part !== "" && part !== "." && part !== ".." && !/[\\/\0]/.test(part);
}

async function firstInside(
	storeRoot: string,
	tails: readonly (readonly string[])[],
): Promise<{ folder: string; isFilled: boolean } | null> {
	const root = await realpath(storeRoot).catch(() => null);
	if (root === null) return null;
	let empty: string | null = null;
	for (const tail of tails) {
		const folder = await realpath(join(root, ...tail)).catch(() => null);
		if (folder === null || !folder.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
		const entries = await readdir(folder).catch(() => null);
		if (entries === null) continue;
		if (entries.length > 0) return { folder, isFilled: true };
		empty ??= folder;
	}
	return empty === null ? null : { folder: empty, isFilled: false };
}

/** Where the URI itself leads, if that is a folder MLflow may have made for this run. */
async function ownFolder(artifactUri: string | null, storeRoot: string, runId: string): Promise<string | null> {
	if (artifactUri === null || /^mlflow-artifacts:/i.test(artifactUri)) return null;
	const written = pathOfUri(artifactUri) ?? "";
	// MLflow resolves the escapes of a plain path too: its files then lie elsewhere than the path seems to say.
	const paths = written === artifactUri ? [percentDecoded(written), written] : [written];
	for (const path of new Set(paths)) {
		const parts = partsOf(path);
		if (parts.at(-1) !== "artifacts" || parts.at(-2) !== runId || parts.includes("..")) continue;
		const local = sep === "\\" ? path.replace(/^\/(?=[a-z]:)/i, "") : path;
		const folder = await readable(resolve(storeRoot, "..", local), runId);
		if (folder !== null) return folder;
	}
	return null;
}

async function readable(path: string, runId: string): Promise<string | null> {
	try {
		const folder = await realpath(path);
		// A link under that name must not lead anywhere else either.
		if (!folder.endsWith(join(sep, runId, "artifacts"))) return null;
		await readdir(folder);
		return folder;
	} catch {
		return null;
	}
}
