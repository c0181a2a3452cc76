import { Problem } from "../problem";

/** An error of AWS's client: its name says what went wrong, or only the status does, where the answer had no body. */
interface AwsError {
	readonly name?: unknown;
	readonly Code?: unknown;
	readonly $metadata?: { readonly httpStatusCode?: unknown };
}

const runner = "whoever runs the relay must";

/** What S3 said, as a problem that tells who can do something about it, and neither a key id nor an address. */
export function toS3Problem(error: unknown, bucket: string): Problem {
	if (error instanceof Problem) return error;
	const { name, Code, $metadata } = (typeof error === "object" && error !== null ? error : {}) as AwsError;
	const said = `${String(Code ?? "")} ${String(name ?? "")}`;
	const status = $metadata?.httpStatusCode;
	if (/Expired|TokenRefreshRequired/.test(said)) {
		return new Problem(502, `The relay's AWS credentials have expired: ${runner} renew them.`);
	}
	if (/CredentialsProvider|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|InvalidToken/.test(said)) {
		return new Problem(502, `The relay has no AWS credentials that S3 takes: ${runner} give it some.`);
	}
	if (/RequestTimeTooSkewed/.test(said)) {
		return new Problem(502, `The relay's clock is wrong, so that AWS refuses it: ${runner} set it.`);
	}
	if (/NoSuchBucket/.test(said))
		return new Problem(404, `There is no bucket ${bucket}: an owner corrects the project.`);
	if (/NoSuchKey|NotFound/.test(said) || status === 404) return new Problem(404, "There is no artifact of this key.");
	if (/AccessDenied|Forbidden|AllAccessDisabled/.test(said) || status === 403) {
		return new Problem(
			502,
			`The relay may not read the bucket ${bucket}: ${runner} let it, in IAM or in the bucket's policy.`,
		);
	}
	if (/PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation/.test(said) || status === 301) {
		return new Problem(502, `The bucket ${bucket} is in another region than the relay's AWS_REGION.`);
	}
	if (/InvalidBucketName/.test(said)) return new Problem(404, `No bucket can be called ${bucket}.`);
	if (/InvalidArgument|InvalidRequest/.test(said) || status === 400) {
		return new Problem(400, "S3 does not take the request: the cursor may be of another list.");
	}
	return new Problem(503, "S3 cannot be reached or is busy; try again in a moment.");
}
