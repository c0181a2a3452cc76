import { type ErrorCode, GammaError } from "../../shared/errors";
import { toClockSkew } from "./clockSkew";

const expired = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/;
const without = /^(CredentialsProviderError|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId)$/;
const throttled =
	/^(Throttling(Exception)?|ThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;
const skewed = /^(RequestTimeTooSkewed|RequestInTheFuture|InvalidSignatureException|SignatureDoesNotMatch)$/;
const forbidden = /^(AccessDenied(Exception)?|UnauthorizedOperation)$/;
const network = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** What AWS's clients throw, told by what it is. `doing` ends the sentence "AWS refused to …". */
export function toAwsError(error: unknown, doing: string): GammaError {
	if (GammaError.is(error)) return error;
	const name = error instanceof Error ? error.name : "";
	const said = (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, "");
	const fail = (code: ErrorCode & `aws.${string}`, text: string) => new GammaError(code, text, { cause: error });
	if (/region (is missing|not accepted)/i.test(said))
		return fail(
			"aws.noRegion",
			"AWS needs a region: set AWS_REGION, or gamma.aws.region in the editor, such as eu-central-1.",
		);
	// The client's words for every reason why the browser's sign-in is to be made, e.g. that it was never made here.
	if (/SSO session.* was not found/i.test(said))
		return fail("aws.expiredToken", "You are not signed in to AWS: sign in (aws sso login) and repeat this.");
	if (/to refresh this SSO session/i.test(said) || expired.test(name) || /token.*expired|expired.*token/i.test(said))
		return fail("aws.expiredToken", "The sign-in to AWS has expired: sign in again (aws sso login) and repeat this.");
	if (without.test(name))
		return fail(
			"aws.noCredentials",
			"AWS does not know you: sign in (aws sso login), or set AWS_PROFILE; in CI, let the workflow take on a role first.",
		);
	if (skewed.test(name) && isSkew(name, said)) return toClockSkew(error);
	if (throttled.test(name))
		return fail(
			"aws.throttled",
			`AWS takes no more requests just now, so it would not ${doing}: try again in a minute.`,
		);
	if (forbidden.test(name))
		return fail(
			"aws.refused",
			`AWS refused to ${doing}: ${said || "the rights are missing"}. “Gamma: Copy AWS Policy” has the rights to ask for.`,
		);
	if (network.test(codeOf(error)) || name === "TimeoutError")
		return fail(
			"aws.unreachable",
			`AWS cannot be reached (${codeOf(error) || name}): check the network and AWS_REGION.`,
		);
	return fail("aws.refused", `AWS refused to ${doing}: ${said || name || "it gives no reason"}.`);
}

/** A wrong signature is one of a wrong clock only where AWS speaks of the time. */
function isSkew(name: string, said: string): boolean {
	return /^Request/.test(name) || /signature (expired|not yet current)/i.test(said);
}

function codeOf(error: unknown): string {
	for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
		if ("code" in at && typeof at.code === "string") return at.code;
	}
	return "";
}
