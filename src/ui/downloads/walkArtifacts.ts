import type { RunLibrary } from "../../core/stores/runLibrary";
import type { ArtifactEntry, RunKey } from "../../shared/run";

/** A hostile server could list folders without end. */
const maxDepth = 64;
const maxFiles = 100_000;

/**
 * Every file below a folder of a run's artifacts (`path` empty: all of them), folder by folder, sorted as the store sorts.
 * An entry that does not lie in the folder it was listed for is passed by.
 */
export async function* walkArtifacts(
	library: RunLibrary,
	key: RunKey,
	path: string,
	signal: AbortSignal,
): AsyncIterable<ArtifactEntry> {
	const waiting: { path: string; depth: number }[] = [{ path, depth: 0 }];
	let files = 0;
	for (let folder = waiting.pop(); folder && files < maxFiles; folder = waiting.pop()) {
		const { path: parent, depth } = folder;
		const entries = await library.artifacts(key, parent, signal);
		const inside = entries.filter((entry) => liesIn(parent, entry.path));
		for (const entry of inside) {
			if (entry.isDir) continue;
			files++;
			yield entry;
		}
		const folders = depth < maxDepth ? inside.filter((entry) => entry.isDir) : [];
		waiting.push(...folders.reverse().map((entry) => ({ path: entry.path, depth: depth + 1 })));
	}
}

function liesIn(parent: string, path: string): boolean {
	return parent === "" ? path !== "" : path.startsWith(`${parent}/`) && path.length > parent.length + 1;
}
