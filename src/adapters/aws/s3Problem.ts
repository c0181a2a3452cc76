import { GammaError } from "../../shared/errors";
import { toAwsError } from "./awsError";
import { toClockSkew } from "./clockSkew";

/**
 * What S3 said, as one sentence that says what to do. `what` names the object or the folder, as `s3://bucket/key`.
 * Rejections of a request that was called off become `call.cancelled`.
 */
export function toS3Problem(error: unknown, what: string, signal?: AbortSignal): GammaError {
	if (GammaError.is(error)) return error;
	if (signal?.aborted) return new GammaError("call.cancelled", "The request to S3 was cancelled.", { cause: error });
	const { name, status } = said(error);
	const fail = (code: ConstructorParameters<typeof GammaError>[0], text: string) =>
		new GammaError(code, text, { cause: error });
	if (/NoSuchBucket/.test(name)) return fail("artifact.missing", `There is no bucket of ${what}: correct its name.`);
	if (/RequestTimeTooSkewed|RequestInTheFuture/.test(name)) return toClockSkew(error);
	if (/SlowDown|Throttl|TooManyRequests|RequestLimitExceeded|ServiceUnavailable/.test(name) || status === 503) {
		return fail("aws.unreachable", `S3 is busy and asks to slow down: try ${what} again in a minute.`);
	}
	if (/Expired|TokenRefreshRequired/.test(name)) return toAwsError(error, `read ${what}`);
	if (/InvalidObjectState/.test(name)) {
		return fail("artifact.unreadable", `${what} is archived (Glacier): restore it in S3 before it is read.`);
	}
	if (/PreconditionFailed/.test(name) || status === 412) {
		return fail("artifact.changed", `${what} changed meanwhile: refresh and begin again.`);
	}
	if (/PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocation/.test(name) || status === 301) {
		return fail("settings.invalid", `${what} is in another region: set AWS_REGION to that of the bucket.`);
	}
	if (/NoSuchKey|NotFound/.test(name) || status === 404) {
		return fail("artifact.missing", `There is no ${what} any more: refresh the list.`);
	}
	if (/InvalidAccessKeyId|SignatureDoesNotMatch|CredentialsProvider/.test(name)) {
		return fail("aws.noCredentials", "S3 does not know you: sign in (aws sso login), or set AWS_PROFILE.");
	}
	if (/AccessDenied|Forbidden|AllAccessDisabled/.test(name) || status === 403) {
		return fail("aws.refused", `You may not read ${what}: ask who owns the bucket for s3:ListBucket and s3:GetObject.`);
	}
	if (status !== undefined && status >= 500) {
		return fail("aws.unreachable", `S3 had a fault (${status}) at ${what}: try again in a minute.`);
	}
	return toAwsError(error, `read ${what}`);
}

function said(error: unknown): { readonly name: string; readonly status: number | undefined } {
	if (typeof error !== "object" || error === null) return { name: "", status: undefined };
	const name = "name" in error ? String(error.name) : "";
	const code = "Code" in error ? String(error.Code) : "";
	const metadata = "$metadata" in error ? error.$metadata : null;
	const status =
		typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : null;
	return { name: `${name} ${code}`, status: typeof status === "number" ? status : undefined };
}
