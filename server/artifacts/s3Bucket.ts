import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { listKeys } from "../../src/adapters/artifacts/listKeys";
import { checksumOf } from "../../src/adapters/artifacts/s3Checksum";
import type { ArtifactLink, ArtifactPage } from "../../src/shared/relay/artifact";

/** Without an answer for so long, S3 counts as away. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 15_000 };

/**
 * S3 as the relay reads it, in a file of its own (dist/server/s3.js): AWS's client is larger than the rest of the relay.
 * Credentials are found as AWS's tools find them. Rejects with the client's own errors.
 */
export class S3Reader {
	readonly #client: S3Client;

	constructor({ region, endpoint }: { readonly region: string; readonly endpoint: string | null }) {
		this.#client = new S3Client({
			region,
			maxAttempts: 3,
			requestHandler: timeouts,
			followRegionRedirects: true,
			// A server by itself has no name for each bucket.
			...(endpoint !== null && { endpoint, forcePathStyle: true }),
		});
	}

	/** One page by key, or of one folder where `delimiter` ends its names; `cursor` is what the page before gave as `next`. */
	async list(
		bucket: string,
		asked: {
			readonly prefix: string;
			readonly limit: number;
			readonly cursor?: string | undefined;
			readonly delimiter?: string | undefined;
		},
		abortSignal: AbortSignal,
	): Promise<ArtifactPage> {
		const { prefix, limit, cursor, delimiter } = asked;
		const page = await listKeys(
			this.#client,
			{
				...{ Bucket: bucket, Prefix: prefix, MaxKeys: limit },
				...(cursor === undefined ? {} : { ContinuationToken: cursor }),
				...(delimiter === undefined ? {} : { Delimiter: delimiter }),
			},
			abortSignal,
		);
		const items = page.objects.map(({ key, sizeBytes, modified, etag, storageClass }) => ({
			...{ key, sizeBytes: sizeBytes ?? 0, storageClass },
			modifiedAt: modified?.toISOString() ?? null,
			etag: etag?.replaceAll('"', "") ?? null,
		}));
		return { items, folders: [...page.prefixes], bucket, next: page.next };
	}

	/** A link that downloads an object that is there, for so long at most: it ends with the credentials that signed it. */
	async sign(bucket: string, key: string, seconds: number, abortSignal: AbortSignal): Promise<ArtifactLink> {
		const about = { Bucket: bucket, Key: key };
		const head = await this.#client.send(new HeadObjectCommand({ ...about, ChecksumMode: "ENABLED" }), { abortSignal });
		const checksum = await checksumOf(this.#client, about, head, abortSignal);
		const name = encodeURIComponent(key.slice(key.lastIndexOf("/") + 1)).replace(
			/['()*]/g,
			(one) => `%${one.charCodeAt(0).toString(16)}`,
		);
		const command = new GetObjectCommand({
			...about,
			// Whatever somebody logged, it is saved and not shown.
			ResponseContentDisposition: `attachment; filename*=UTF-8''${name}`,
			ResponseContentType: "application/octet-stream",
		});
		const signedAtMs = Date.now();
		const url = await getSignedUrl(this.#client, command, { expiresIn: seconds });
		const { expiration } = await this.#client.config.credentials();
		const expiresAtMs = Math.min(signedAtMs + seconds * 1000, expiration?.getTime() ?? Number.POSITIVE_INFINITY);
		return {
			...{ url, expiresAt: new Date(expiresAtMs).toISOString() },
			...{ sizeBytes: head.ContentLength ?? 0, etag: head.ETag ?? null, checksum },
		};
	}

	close(): void {
		this.#client.destroy();
	}
}
