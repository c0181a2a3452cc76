import type { S3Reader } from "./s3Bucket";

/** The bundled relay has S3's client as a file beside it (`esbuild.mjs`). */
const isBundled = typeof __filename === "string" && __filename.endsWith("main.js");

/** S3's client, loaded with the first question: a relay without artifacts never pays for it. */
export async function openS3(settings: ConstructorParameters<typeof S3Reader>[0]): Promise<S3Reader> {
	const file = isBundled ? "./s3.js" : "./s3Bucket.ts";
	const part: typeof import("./s3Bucket") = isBundled ? require(file) : await import(/* @vite-ignore */ file);
	return new part.S3Reader(settings);
}
