import { expect, test } from "vitest";
import { toAwsError } from "../../../../src/adapters/aws/awsError";
import { GammaError } from "../../../../src/shared/errors";

/** As AWS's clients throw it. */
function thrown(name: string, message: string, more: object = {}): Error {
	return Object.assign(new Error(message), { name }, more);
}

test.each([
	["ExpiredToken", "The provided token has expired.", "aws.expiredToken"],
	["ExpiredTokenException", "expired", "aws.expiredToken"],
	[
		"CredentialsProviderError",
		"The SSO session associated with this profile has expired: token expired",
		"aws.expiredToken",
	],
	["CredentialsProviderError", "Could not load credentials from any providers", "aws.noCredentials"],
	["InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "aws.noCredentials"],
	["UnrecognizedClientException", "The security token included in the request is invalid.", "aws.noCredentials"],
	["TimeoutError", "socket timed out", "aws.unreachable"],
	["Error", "Region is missing", "aws.noRegion"],
	["Error", 'Region not accepted: region="" is not a valid hostname component.', "aws.noRegion"],
	["AccessDenied", "Access Denied", "aws.refused"],
	["ValidationException", "1 validation error detected", "aws.refused"],
	["ThrottlingException", "Rate exceeded", "aws.throttled"],
	["SlowDown", "Please reduce your request rate.", "aws.throttled"],
	[
		"RequestTimeTooSkewed",
		"The difference between the request time and the current time is too large.",
		"aws.clockSkew",
	],
	["InvalidSignatureException", "Signature expired: 2026 is now earlier than 2027", "aws.clockSkew"],
	["SignatureDoesNotMatch", "The signature we calculated does not match", "aws.refused"],
] as const)("%s (%s) is %s", (name, message, code) => {
	const error = toAwsError(thrown(name, message), "do this");
	expect(error.code).toBe(code);
	expect(error.message).toMatch(/^[A-Z].*[^.]\.$/s);
});

test("what the network breaks is told by its code, however deep it lies", () => {
	const broken = thrown("Error", "fetch failed", { cause: thrown("Error", "connect", { code: "ECONNREFUSED" }) });
	expect(toAwsError(broken, "do this")).toMatchObject({
		code: "aws.unreachable",
		message: "AWS cannot be reached (ECONNREFUSED): check the network and AWS_REGION.",
	});
});

test("a refusal says what was refused and AWS's own reason, once", () => {
	const said = toAwsError(thrown("AccessDenied", "User x is not authorized.  "), "begin the training t").message;
	expect(said).toBe(
		"AWS refused to begin the training t: User x is not authorized. “Gamma: Copy AWS Policy” has the rights to ask for.",
	);
	expect(toAwsError(thrown("SomeException", ""), "begin").message).toBe("AWS refused to begin: SomeException.");
	expect(toAwsError("odd", "begin").message).toBe("AWS refused to begin: odd.");
});

test("an error of Gamma's own stays what it is", () => {
	const own = new GammaError("git.failed", "Own.");
	expect(toAwsError(own, "x")).toBe(own);
});
