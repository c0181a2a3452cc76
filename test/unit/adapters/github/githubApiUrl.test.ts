import { expect, test } from "vitest";
import { githubApiUrl } from "../../../../src/adapters/github/githubApiUrl";

test.each([
	[undefined, "https://api.github.com"],
	["", "https://api.github.com"],
	["http://127.0.0.1:4100", "http://127.0.0.1:4100"],
	["http://[::1]:4100", "http://[::1]:4100"],
	["https://evil.example", "https://api.github.com"],
	["http://127.0.0.1:4100@evil.example", "https://api.github.com"],
	["http://127.0.0.1.evil.example:80", "https://api.github.com"],
])("GAMMA_GITHUB_API_URL=%s is %s: the person's token leaves for no other host", (given, expected) => {
	expect(githubApiUrl({ GAMMA_GITHUB_API_URL: given })).toBe(expected);
});
