import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

/** A stand-in takes any keys; nothing of this machine may be found before them. */
export const s3Credentials = { accessKeyId: "AKIAGAMMATESTSGAMMA1", secretAccessKey: "a secret of the tests" };

export function s3ClientOf(url: string, options: { readonly maxAttempts?: number } = {}): S3Client {
	return new S3Client({
		region: "us-east-1",
		endpoint: url,
		forcePathStyle: true,
		credentials: s3Credentials,
		requestChecksumCalculation: "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
		...options,
	});
}

/** A bucket with these objects; what is larger than a part goes up in parts of 8 MiB. */
export async function fillBucket(
	client: S3Client,
	bucket: string,
	objects: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
	await client.send(new CreateBucketCommand({ Bucket: bucket }));
	for (const [key, body] of Object.entries(objects)) await putObject(client, bucket, key, body);
}

export async function putObject(
	client: S3Client,
	bucket: string,
	key: string,
	body: Uint8Array | string,
): Promise<void> {
	const Body = typeof body === "string" ? Buffer.from(body) : body;
	if (Body.length > 8 * 2 ** 20) {
		await new Upload({ client, params: { Bucket: bucket, Key: key, Body }, partSize: 8 * 2 ** 20 }).done();
	} else {
		await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
	}
}
