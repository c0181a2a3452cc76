import { ListObjectsV2Command, type ListObjectsV2CommandInput, type S3Client } from "@aws-sdk/client-s3";

/** An object as a list tells it. */
export interface ListedObject {
	readonly key: string;
	readonly sizeBytes: number | null;
	readonly modified: Date | null;
	readonly etag: string | null;
	readonly storageClass: string | null;
}

export interface ListedKeys {
	readonly objects: readonly ListedObject[];
	/** Beginnings up to the delimiter; none without one. */
	readonly prefixes: readonly string[];
	/** What to give as `ContinuationToken`; null on the last page. */
	readonly next: string | null;
}

/**
 * One page of keys, each as it is: XML has no way to write most control characters and makes a line feed of a carriage
 * return, so that a key would be that of another object. Rejects with the client's own errors.
 */
export async function listKeys(
	client: S3Client,
	input: ListObjectsV2CommandInput,
	abortSignal: AbortSignal,
): Promise<ListedKeys> {
	const page = await client.send(new ListObjectsV2Command({ ...input, EncodingType: "url" }), { abortSignal });
	// Some servers take the wish and do not grant it; they say so by not repeating it.
	const plain = page.EncodingType === "url" ? decoded : (key: string) => key;
	return {
		objects: (page.Contents ?? []).map(({ Key = "", Size, LastModified, ETag, StorageClass }) => ({
			key: plain(Key),
			sizeBytes: Size ?? null,
			modified: LastModified ?? null,
			etag: ETag ?? null,
			storageClass: StorageClass ?? null,
		})),
		prefixes: (page.CommonPrefixes ?? []).map(({ Prefix = "" }) => plain(Prefix)),
		next: page.NextContinuationToken ?? null,
	};
}

/** As forms are encoded: AWS writes a space as `+`, others as `%20`, all a plus as `%2B`. */
function decoded(key: string): string {
	try {
		return decodeURIComponent(key.replaceAll("+", " "));
	} catch {
		return key;
	}
}
