/** Where GitHub's REST API is: a stand-in of the tests by `GAMMA_GITHUB_API_URL`, and only one on this machine. */
export function githubApiUrl(variables: Readonly<Record<string, string | undefined>>): string {
	const given = variables.GAMMA_GITHUB_API_URL ?? "";
	return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+$/.test(given) ? given : "https://api.github.com";
}
