/**
 * Where the REST API of a host is: github.com's own, of an enterprise's cloud (`acme.ghe.com`) `api.acme.ghe.com`, of an
 * enterprise's server `/api/v3`. A stand-in of the tests by `GAMMA_GITHUB_API_URL`, and only one on this machine.
 */
export function githubApiUrl(variables: Readonly<Record<string, string | undefined>>, host = "github.com"): string {
	const given = variables.GAMMA_GITHUB_API_URL ?? "";
	if (/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+(\/api\/v3)?$/.test(given)) return given;
	if (host === "github.com") return "https://api.github.com";
	return host.endsWith(".ghe.com") ? `https://api.${host}` : `https://${host}/api/v3`;
}
