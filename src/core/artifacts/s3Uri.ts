import { percentDecoded } from "../percentDecoded";

export interface S3Place {
	readonly bucket: string;
	/** Ends with `/`, or is empty. */
	readonly prefix: string;
}

/** `s3://bucket/a/b` (or `s3a://`, as Spark writes) as a bucket and a folder in it; null for any other address. */
export function parseS3Uri(uri: string): S3Place | null {
	const [, bucket, rest = ""] = /^s3[an]?:\/\/([^/?#]+)(?:\/([^?#]*))?/i.exec(uri) ?? [];
	if (bucket === undefined || !/^[a-z0-9][a-z0-9._-]{1,62}$/i.test(bucket)) return null;
	return { bucket, prefix: toPrefix(percentDecoded(rest)) };
}

/** A folder's keys begin with it: it ends with `/`, so that `a/b` is not the start of `a/bc`. */
export function toPrefix(folder: string): string {
	const trimmed = folder.replace(/^\/+|\/+$/g, "");
	return trimmed === "" ? "" : `${trimmed}/`;
}
