import type { RunKey } from "../../shared/run";
import type { RunLibrary } from "../stores/runLibrary";
import type { ArtifactBytes, ByteRange } from "../stores/trackingStore";
import type { ArtifactPlace, PlacePage, PlaceStat } from "./artifactPlace";

/** Rows of one page: a store lists a folder whole, the view does not draw it whole. */
const pageEntries = 500;

/** What a run logged, as its tracking store gives it: only read. */
export class RunArtifacts implements ArtifactPlace {
	readonly id: string;
	readonly changes = null;
	readonly sign = null;

	constructor(
		private readonly library: Pick<RunLibrary, "artifacts" | "readArtifact">,
		private readonly key: RunKey,
	) {
		this.id = `run:${key}`;
	}

	async list(folder: string, cursor: string | null, signal?: AbortSignal): Promise<PlacePage> {
		const entries = await this.library.artifacts(this.key, folder, signal);
		const from = cursor === null ? 0 : Number(cursor);
		const page = entries.slice(from, from + pageEntries);
		return {
			entries: page.map((entry) => ({ ...entry, modifiedMs: null, storageClass: null })),
			next: from + pageEntries < entries.length ? String(from + pageEntries) : null,
		};
	}

	async stat(path: string, signal?: AbortSignal): Promise<PlaceStat> {
		const { totalBytes } = await this.library.readArtifact(this.key, path, { offset: 0, length: 1 }, signal);
		return { sizeBytes: totalBytes, version: null, checksum: null };
	}

	async read(path: string, range: ByteRange, _version: string | null, signal?: AbortSignal): Promise<ArtifactBytes> {
		return this.library.readArtifact(this.key, path, range, signal);
	}

	s3Uri(): null {
		return null;
	}
}
