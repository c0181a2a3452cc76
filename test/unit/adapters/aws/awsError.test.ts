import { expect, test } from "vitest";
import { toAwsError } from "../../../../src/adapters/aws/awsError";
import { toClockSkew } from "../../../../src/adapters/aws/clockSkew";
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

test.each([
	["behind", "10 min", -10 * 60_000],
	["ahead of", "1 h", 65 * 60_000],
])("a clock is said to be %s by %s, by the answer's own time", (side, length, offMs) => {
	const nowMs = Date.parse("2026-11-25T06:00:00Z");
	const server = new Date(nowMs - offMs).toUTCString();
	const words = `This machine's clock is ${length} ${side} AWS's, which AWS refuses: set the time, then try again.`;
	const hidden = thrown("RequestTimeTooSkewed", "too large", { $response: { headers: { date: server } } });
	expect(toClockSkew(hidden, nowMs)).toMatchObject({ code: "aws.clockSkew", message: words });
	const s3 = thrown("RequestTimeTooSkewed", "too large", { ServerTime: new Date(nowMs - offMs).toISOString() });
	expect(toClockSkew(s3, nowMs).message).toBe(words);
});

test("a clock of which the answer tells nothing, or too little, is wrong all the same", () => {
	for (const more of [{}, { ServerTime: "yesterday" }, { $response: { headers: { date: new Date().toUTCString() } } }])
		expect(toClockSkew(thrown("RequestTimeTooSkewed", "", more)).message).toMatch(/clock is wrong by minutes/);
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
