import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import type { CheckpointContents } from "../../core/artifacts/checkpointContents";
import { isShardIndexName, joinShards, mostIndexBytes, parseShardIndex } from "../../core/artifacts/shardIndex";
import type { ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactReaders } from "./artifactPorts";

const filesAtOnce = 4;

/** What a checkpoint holds, from its header, or from those of all its files where it is their index; null for anything else. */
export async function readCheckpoint(
	readers: Pick<ArtifactReaders, "contents">,
	place: ArtifactPlace,
	{ path, sizeBytes }: Pick<PlaceEntry, "path" | "sizeBytes">,
): Promise<CheckpointContents | null> {
	const reading = (of: string) => (range: ByteRange) => place.read(of, range, null);
	if (!isShardIndexName(path)) return readers.contents(reading(path), sizeBytes);
	const { bytes } = await place.read(path, { offset: 0, length: mostIndexBytes }, null);
	const index = parseShardIndex(new TextDecoder().decode(bytes));
	const folder = path.slice(0, path.lastIndexOf("/") + 1);
	const contents = new Map<string, CheckpointContents | null>();
	const waiting = [...index.shards];
	const worker = async () => {
		for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
			contents.set(name, await readers.contents(reading(folder + name), null).catch(absent));
		}
	};
	await Promise.all(Array.from({ length: filesAtOnce }, worker));
	return joinShards(index, contents);
}

/** The rest of a checkpoint is worth seeing where one file of it is gone. */
function absent(error: unknown): null {
	if (GammaError.is(error, "artifact.missing")) return null;
	throw error;
}
