import { GammaError } from "../../shared/errors";

const expired = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired)$/;
const without = /^(CredentialsProviderError|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId)$/;
const network = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** What AWS's clients throw, told by what it is. `doing` ends the sentence "AWS refused to …". */
export function toAwsError(error: unknown, doing: string): GammaError {
	if (GammaError.is(error)) return error;
	const name = error instanceof Error ? error.name : "";
	const said = (error instanceof Error ? error.message : String(error)).trim().replace(/\.$/, "");
	const fail = (code: "aws.noCredentials" | "aws.expiredToken" | "aws.refused" | "aws.unreachable", text: string) =>
		new GammaError(code, text, { cause: error });
	if (/region (is missing|not accepted)/i.test(said))
		return new GammaError("settings.invalid", "AWS needs a region: set AWS_REGION, such as eu-central-1.");
	if (expired.test(name) || /token.*expired|expired.*token/i.test(said))
		return fail("aws.expiredToken", "The sign-in to AWS has expired: sign in again (aws sso login) and repeat this.");
	if (without.test(name))
		return fail(
			"aws.noCredentials",
			"AWS does not know you: sign in (aws sso login), or set AWS_PROFILE; in CI, let the workflow take on a role first.",
		);
	if (network.test(codeOf(error)) || name === "TimeoutError")
		return fail(
			"aws.unreachable",
			`AWS cannot be reached (${codeOf(error) || name}): check the network and AWS_REGION.`,
		);
	return fail("aws.refused", `AWS refused to ${doing}: ${said || name || "it gives no reason"}.`);
}

function codeOf(error: unknown): string {
	for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
		if ("code" in at && typeof at.code === "string") return at.code;
	}
	return "";
}
