import * as vscode from "vscode";
import type { ArtifactPlace, PlaceEntry } from "../../core/artifacts/artifactPlace";
import { checkpointText } from "../../core/artifacts/checkpointText";
import { compareCheckpoints } from "../../core/artifacts/compareCheckpoints";
import type { CheckpointMark } from "../../core/artifacts/markCheckpoints";
import { previewText } from "../../core/artifacts/previewText";
import { isShardIndexName } from "../../core/artifacts/shardIndex";
import type { ByteRange } from "../../core/stores/trackingStore";
import { GammaError } from "../../shared/errors";
import type { ArtifactDocuments } from "./artifactDocuments";
import type { ArtifactReaders } from "./artifactPorts";
import { readCheckpoint } from "./readCheckpoint";

/** What the editor itself plays and shows; more of it is not loaded into memory. */
const media = /\.(png|jpe?g|gif|bmp|webp|avif|ico|svg|wav|mp3|ogg|flac|mp4|webm)$/i;
const mostMediaBytes = 32 * 2 ** 20;
const mightBeCheckpoint = /\.(ckpt|pt|pth|bin|safetensors|tar|pkl|model|weights)$|^[^.]+$/i;

export interface OpenedEntry {
	readonly place: ArtifactPlace;
	readonly entry: PlaceEntry;
	readonly mark: CheckpointMark | undefined;
}

/** Shows artifacts in read-only tabs, from as few of their bytes as that takes. */
export class ArtifactPreviews {
	constructor(
		private readonly readers: ArtifactReaders,
		private readonly documents: ArtifactDocuments,
	) {}

	async show({ place, entry }: OpenedEntry): Promise<void> {
		const name = nameOf(entry);
		const read = (range: ByteRange) => place.read(entry.path, range, null);
		if (media.test(name)) {
			const { bytes, totalBytes } = await read({ offset: 0, length: mostMediaBytes + 1 });
			if (bytes.length <= mostMediaBytes && (totalBytes ?? 0) <= mostMediaBytes)
				return this.documents.show(name, bytes);
		}
		const isOne = mightBeCheckpoint.test(name) || isShardIndexName(name);
		const contents = isOne ? await readCheckpoint(this.readers, place, entry) : null;
		if (contents) return this.documents.show(`${name} (tensors).txt`, checkpointText(entry.path, contents));
		const preview = await this.readers.preview(read, entry.path, entry.sizeBytes);
		const text = previewText(preview);
		if (text === null) return this.documents.show(`${name}.png`, preview.kind === "image" ? preview.bytes : "");
		if (text === "") return this.documents.show(`${name} (preview).txt`, `${vscode.l10n.t("The file is empty.")}\n`);
		// What was drawn as a text has not its own kind's colours; what is one, has.
		const isItself = preview.kind === "text" || preview.kind === "markdown" || preview.kind === "json";
		return this.documents.show(isItself ? name : `${name} (preview).txt`, text);
	}

	/** The older first, where their steps say which that is. */
	async compare(one: OpenedEntry, other: OpenedEntry): Promise<void> {
		const isTurned = (one.mark?.step ?? 0) > (other.mark?.step ?? 0);
		const [before, after] = isTurned ? [other, one] : [one, other];
		const [a, b] = await Promise.all([this.#side(before), this.#side(after)]);
		await this.documents.show(`${nameOf(before.entry)} → ${nameOf(after.entry)}.txt`, compareCheckpoints(a, b));
	}

	async #side({ place, entry, mark }: OpenedEntry) {
		const contents = await readCheckpoint(this.readers, place, entry);
		if (contents === null) {
			const said = `${nameOf(entry).slice(0, 200)} is neither a safetensors file nor one of torch.save: choose one that is.`;
			throw new GammaError("artifact.unreadable", said);
		}
		return { name: entry.path, contents, metrics: mark?.metrics ?? {}, step: mark?.step ?? null };
	}
}

function nameOf({ path }: PlaceEntry): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
