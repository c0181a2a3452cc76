import { GammaError } from "../../shared/errors";
import type { RunKey } from "../../shared/run";
import type { RunLibrary } from "../stores/runLibrary";
import {
	type Checkpoint,
	checkpointFolder,
	checkpointsAmong,
	manifestPath,
	newestFirst,
	readManifest,
} from "./checkpoints";

/** A note of ten thousand checkpoints has less. */
const mostBytes = 4 << 20;

/**
 * The checkpoints of a run, newest first: as the sidecar noted them, else what looks like one in `checkpoints/` and in the
 * artifact root. Rejects as `RunLibrary.artifacts` does where the artifacts cannot be reached.
 */
export async function readCheckpoints(
	library: RunLibrary,
	key: RunKey,
	signal?: AbortSignal,
): Promise<readonly Checkpoint[]> {
	const noted = await library
		.readArtifact(key, manifestPath, { offset: 0, length: mostBytes }, signal)
		.then(({ bytes }) => readManifest(new TextDecoder().decode(bytes)), absent);
	if (noted.length > 0) return newestFirst(noted);
	const root = await library.artifacts(key, "", signal).catch(absent);
	const hasFolder = root.some(({ path, isDir }) => isDir && path === checkpointFolder);
	const inside = hasFolder ? await library.artifacts(key, checkpointFolder, signal) : [];
	return newestFirst(checkpointsAmong([...root, ...inside]));
}

/** Nothing there is an answer; a store that cannot be reached is none. */
function absent(error: unknown): [] {
	if (GammaError.is(error, "artifact.missing", "artifact.unreadable", "artifact.outside")) return [];
	throw error;
}
