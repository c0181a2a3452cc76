import * as z from "zod/mini";

/** What a whole object's bytes must come to, by what its bucket says; see `PlaceChecksum` for what each is. */
export const checksumSchema = z.discriminatedUnion("kind", [
	z.object({ kind: z.enum(["sha256", "sha1"]), base64: z.string() }),
	z.object({ kind: z.literal("md5"), hex: z.string() }),
	z.object({ kind: z.literal("md5Parts"), hex: z.string(), parts: z.number(), partBytes: z.nullable(z.number()) }),
]);

export const storedArtifactSchema = z.object({
	/** The whole key in the bucket. */
	key: z.string(),
	sizeBytes: z.number(),
	modifiedAt: z.nullable(z.string()),
	etag: z.nullable(z.string()),
	/** As S3 calls it, e.g. `GLACIER`; a relay of before says nothing of it. */
	storageClass: z._default(z.nullable(z.string()), null),
});

export type StoredArtifact = z.infer<typeof storedArtifactSchema>;

/** A page of a project's folder of its bucket. */
export const artifactPageSchema = z.object({
	items: z.array(storedArtifactSchema),
	/** Whole beginnings of keys up to the next `/`; only where that was asked for. */
	folders: z._default(z.array(z.string()), []),
	/** The bucket that was listed. */
	bucket: z._default(z.nullable(z.string()), null),
	next: z.nullable(z.string()),
});
export type ArtifactPage = z.infer<typeof artifactPageSchema>;

/** A link that downloads one version of one artifact, and what is to come. */
export const artifactLinkSchema = z.object({
	url: z.string(),
	/** ISO 8601, UTC. */
	expiresAt: z.string(),
	sizeBytes: z.number(),
	/** As HTTP writes it, with its quotes. */
	etag: z._default(z.nullable(z.string()), null),
	checksum: z._default(z.nullable(checksumSchema), null),
});
export type ArtifactLink = z.infer<typeof artifactLinkSchema>;

/** Seconds that a link of the relay works at most: long enough for an evening's download, and over by the next day. */
export const longestLinkSeconds = 43_200;
