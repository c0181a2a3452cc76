import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";

/** A hostile server could list folders without end. */
const maxDepth = 64;
const maxFiles = 100_000;

/** Every file below a folder of a place, page by page; an entry that does not lie in the folder it was listed for is passed by. */
export async function* walkPlace(
	place: Pick<ArtifactPlace, "list">,
	folder: string,
	signal: AbortSignal,
): AsyncIterable<PlaceEntry> {
	const waiting = [{ folder, depth: 0 }];
	let files = 0;
	for (let next = waiting.pop(); next && files < maxFiles; next = waiting.pop()) {
		const start = next.folder === "" ? "" : `${next.folder}/`;
		let cursor: string | null = null;
		do {
			signal.throwIfAborted();
			const page = await place.list(next.folder, cursor, signal);
			for (const entry of page.entries) {
				if (!entry.path.startsWith(start) || entry.path.length <= start.length) continue;
				if (entry.isDir && next.depth < maxDepth) waiting.push({ folder: entry.path, depth: next.depth + 1 });
				if (entry.isDir) continue;
				files++;
				yield entry;
			}
			cursor = page.next;
		} while (cursor !== null && files < maxFiles);
	}
}
