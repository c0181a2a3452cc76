import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from "@aws-sdk/client-s3";
import type { PlaceChecksum } from "../../core/artifacts/artifactPlace";

/**
 * What an object's bytes must come to, by what S3 says of it: a checksum that was sent with it, else its ETag where that is
 * an MD5 (not with KMS), else that of an upload in parts of one size. Null where it says nothing that can be checked.
 * Source: docs.aws.amazon.com, "Checking object integrity".
 */
export async function checksumOf(
	client: S3Client,
	about: { readonly Bucket: string; readonly Key: string },
	head: HeadObjectCommandOutput,
	abortSignal: AbortSignal,
): Promise<PlaceChecksum | null> {
	const { ChecksumSHA256, ChecksumSHA1, ChecksumType, ETag, ServerSideEncryption } = head;
	if (ChecksumType !== "COMPOSITE") {
		// Of an upload in parts the checksum is of the parts' checksums and ends with their number.
		if (ChecksumSHA256 && !ChecksumSHA256.includes("-")) return { kind: "sha256", base64: ChecksumSHA256 };
		if (ChecksumSHA1 && !ChecksumSHA1.includes("-")) return { kind: "sha1", base64: ChecksumSHA1 };
	}
	const [, hex, count] = /^"?([0-9a-f]{32})(?:-(\d+))?"?$/.exec(ETag ?? "") ?? [];
	if (hex === undefined || (ServerSideEncryption ?? "AES256") !== "AES256") return null;
	if (count === undefined) return { kind: "md5", hex };
	const parts = Number(count);
	const told = await firstPartBytes(client, about, head, abortSignal);
	const isPart = told !== null && Math.ceil((head.ContentLength ?? 0) / told) === parts;
	return { kind: "md5Parts", hex, parts, partBytes: isPart ? told : null };
}

async function firstPartBytes(
	client: S3Client,
	about: { readonly Bucket: string; readonly Key: string },
	{ ETag }: HeadObjectCommandOutput,
	abortSignal: AbortSignal,
): Promise<number | null> {
	const command = new HeadObjectCommand({ ...about, PartNumber: 1, ...(ETag === undefined ? {} : { IfMatch: ETag }) });
	const answer = await client.send(command, { abortSignal }).catch(() => null);
	return answer?.ContentLength || null;
}
