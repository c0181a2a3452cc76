import { readdir, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

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
	const parts = path.split(/[\\/]/).filter((part) => part !== "");
	const tails = parts
		.map((_, start) => parts.slice(start))
		.filter((tail) => tail.includes(runId) && tail.every(isPlain));
	if (isPlain(experimentId)) {
		for (const folder of besideDatabase) tails.push([folder, experimentId, runId, "artifacts"]);
	}
	const beside = await firstInside(storeRoot, tails);
	if (beside?.isFilled) return beside.folder;
	const own = await ownFolder(artifactUri, storeRoot, parts, runId);
	return own ?? beside?.folder ?? null;
}

/** The path in a URI that can be a folder here; null for one of another kind (`s3://…`). */
function pathOfUri(uri: string): string | null {
	const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
	if (scheme === undefined) return uri;
	if (scheme !== "file" && scheme !== "mlflow-artifacts") return null;
	const path = uri.slice(scheme.length + 1).replace(/^\/\/[^/]*/, "");
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
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

async function ownFolder(
	artifactUri: string | null,
	storeRoot: string,
	parts: readonly string[],
	runId: string,
): Promise<string | null> {
	if (artifactUri === null || parts.at(-1) !== "artifacts" || parts.at(-2) !== runId || parts.includes(".."))
		return null;
	if (/^mlflow-artifacts:/i.test(artifactUri)) return null;
	try {
		const path = /^file:\/\//i.test(artifactUri) ? fileURLToPath(artifactUri) : (pathOfUri(artifactUri) ?? "");
		const folder = await realpath(resolve(storeRoot, "..", path));
		// A link under that name must not lead anywhere else either.
		if (!folder.endsWith(join(sep, runId, "artifacts"))) return null;
		await readdir(folder);
		return folder;
	} catch {
		return null;
	}
}
