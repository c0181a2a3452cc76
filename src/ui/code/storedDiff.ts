import type { RunLibrary } from "../../core/stores/runLibrary";
import { GammaError } from "../../shared/errors";
import type { ArtifactEntry, Run, RunKey } from "../../shared/run";

/** Where a run stored its uncommitted changes. */
export type StoredDiff =
	| { readonly kind: "artifact"; readonly path: string; readonly sizeBytes: number | null }
	| { readonly kind: "tag"; readonly tag: string };

/** MLflow 3 writes the first (mlflow.utils.mlflow_tags.MLFLOW_GIT_DIFF); the others are people's own. */
const diffTags = ["mlflow.git.diff", "mlflow.source.git.diff", "git.diff"];
const diffFolders = ["git", "code", "source", "diff"];
/** An editor takes longer over more. */
const maxDiffBytes = 10 * 1024 * 1024;

/**
 * The uncommitted changes a run stored, the likeliest first: W&B's `diff.patch`, `uncommitted*`, then any patch or diff
 * in the artifact root or in `git/`, `code/`, `source/`, `diff/`; then tags.
 */
export async function findStoredDiffs(library: RunLibrary, run: Run, signal?: AbortSignal): Promise<StoredDiff[]> {
	const tags = diffTags.filter((tag) => run.tags[tag]?.trim()).map((tag): StoredDiff => ({ kind: "tag", tag }));
	const root = await listed(library, run.key, "", signal);
	const folders = root.filter((entry) => entry.isDir && diffFolders.includes(entry.path.toLowerCase()));
	const inside = await Promise.all(folders.map((folder) => listed(library, run.key, folder.path, signal)));
	const files = [root, ...inside].flat().filter((entry) => !entry.isDir && /\.(diff|patch)$/i.test(entry.path));
	const artifacts = files
		.sort((a, b) => likelihood(b.path) - likelihood(a.path) || (a.path < b.path ? -1 : 1))
		.map(({ path, sizeBytes }): StoredDiff => ({ kind: "artifact", path, sizeBytes }));
	return [...artifacts, ...tags];
}

/** The text of a stored diff. Rejects with `artifact.unreadable` beyond 10 MB, `run.missing` without its run. */
export async function readStoredDiff(
	library: RunLibrary,
	key: RunKey,
	run: Run | undefined,
	diff: StoredDiff,
	signal?: AbortSignal,
): Promise<string> {
	if (diff.kind === "tag") {
		const text = run?.tags[diff.tag];
		if (text === undefined) throw new GammaError("run.missing", "The run that stored these changes is no longer open.");
		return text;
	}
	const { bytes, totalBytes } = await library.readArtifact(key, diff.path, { offset: 0, length: maxDiffBytes }, signal);
	if ((totalBytes ?? bytes.length) > maxDiffBytes) {
		throw new GammaError("artifact.unreadable", `${diff.path} is larger than 10 MB: download it from the run's page.`);
	}
	return new TextDecoder().decode(bytes);
}

function likelihood(path: string): number {
	const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
	if (name === "diff.patch") return 3;
	if (name.startsWith("uncommitted")) return 2;
	return /diff.*\./.test(name) ? 1 : 0;
}

/** A store that has no artifacts, or none to be reached, has no diff there; the tags may still. */
async function listed(
	library: RunLibrary,
	key: RunKey,
	path: string,
	signal?: AbortSignal,
): Promise<readonly ArtifactEntry[]> {
	try {
		return await library.artifacts(key, path, signal);
	} catch (error) {
		if (GammaError.is(error, "artifact.missing", "artifact.unreadable", "artifact.outside", "store.unreachable"))
			return [];
		throw error;
	}
}
