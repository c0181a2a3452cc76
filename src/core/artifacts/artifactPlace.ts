import type { ArtifactBytes, ByteRange } from "../stores/trackingStore";

/** A file or folder in a place where artifacts are. */
export interface PlaceEntry {
	/** From the place's root, `/` between parts, none at its ends. */
	readonly path: string;
	readonly isDir: boolean;
	/** Null where the place does not say, as for folders. */
	readonly sizeBytes: number | null;
	readonly modifiedMs: number | null;
	/** As S3 calls it, e.g. `GLACIER`; null elsewhere. */
	readonly storageClass: string | null;
}

export interface PlacePage {
	readonly entries: readonly PlaceEntry[];
	/** What to give as `cursor` for the page after; null on the last. */
	readonly next: string | null;
}

/** One version of a file: what a download is held to from its first byte to its last. */
export interface PlaceStat {
	readonly sizeBytes: number | null;
	/** Changes with the file; null where the place does not say. */
	readonly version: string | null;
	/** What the whole file's bytes must come to. */
	readonly checksum: PlaceChecksum | null;
}

export type PlaceChecksum =
	| { readonly kind: "sha256" | "sha1"; readonly base64: string }
	| { readonly kind: "md5"; readonly hex: string }
	/** S3's ETag of an upload in parts: the MD5 of the parts' MD5s; `partBytes` null where the server does not say. */
	| { readonly kind: "md5Parts"; readonly hex: string; readonly parts: number; readonly partBytes: number | null };

/** A local file on its way into a place. */
export interface PlaceUpload {
	readonly filePath: string;
	readonly path: string;
	readonly signal: AbortSignal;
	/** Bytes sent since the last call. */
	onProgress(bytes: number): void;
}

export interface PlaceChanges {
	/** Leaves nothing behind after a failure or a cancel. Replaces a file of this path only where `replaces` is set. */
	upload(upload: PlaceUpload & { readonly replaces: boolean }): Promise<void>;
	/** A file, or a folder with all that is in it; how many files went. */
	delete(path: string, isDir: boolean, signal: AbortSignal): Promise<number>;
}

/**
 * The port to one place of artifacts: a run's in a tracking store, a prefix of a bucket, a folder. Every method rejects with a
 * `GammaError`: `artifact.missing`, `artifact.outside`, `artifact.unreadable`, `artifact.changed`, `store.*`, `aws.*`, `relay.*` or `call.cancelled`.
 */
export interface ArtifactPlace {
	/** Unique and stable, for rows and documents. */
	readonly id: string;
	/** One page of one folder; the first is quick, however many there are. */
	list(folder: string, cursor: string | null, signal?: AbortSignal): Promise<PlacePage>;
	/** Files below a folder, at any depth, whose path in it begins so: a page at most, found without listing the rest; absent where only listing finds them. */
	startingWith?(folder: string, start: string, signal?: AbortSignal): Promise<readonly PlaceEntry[]>;
	stat(path: string, signal?: AbortSignal): Promise<PlaceStat>;
	/** `version` of `stat`: rejects with `artifact.changed` where the file is another by now. */
	read(path: string, range: ByteRange, version: string | null, signal?: AbortSignal): Promise<ArtifactBytes>;
	/** Null where the place is only read. */
	readonly changes: PlaceChanges | null;
	/** Whose account answers for it: the person's own at AWS, or the relay's; absent where none is asked for. */
	readonly account?: "aws" | "relay";
	/** `s3://…`; null where it has no such address. */
	s3Uri(path: string): string | null;
	/** A link that downloads the file for so many seconds; null where nobody can make one. */
	readonly sign: ((path: string, seconds: number) => Promise<string>) | null;
	/** Seconds; absent where no links are made. */
	readonly longestLinkSeconds?: number;
}
