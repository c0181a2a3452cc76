import { describe, expect, test } from "vitest";
import { chooseForge, readForgeAddress } from "../../../../src/core/git/forgeAddress";

describe("where a repository lies at its forge", () => {
	test.each([
		["https://github.com/acme/digits.git", "github.com", "acme/digits"],
		["https://github.com/acme/digits", "github.com", "acme/digits"],
		["https://github.com/acme/digits/", "github.com", "acme/digits"],
		["https://x-access-token:ghs_secret@github.com/acme/digits.git", "github.com", "acme/digits"],
		["git@github.com:acme/digits.git", "github.com", "acme/digits"],
		["github.com:acme/digits", "github.com", "acme/digits"],
		["ssh://git@github.com/acme/digits.git", "github.com", "acme/digits"],
		["ssh://git@ssh.github.com:443/acme/digits.git", "github.com", "acme/digits"],
		["git+ssh://git@github.com/acme/digits.git", "github.com", "acme/digits"],
		["HTTPS://GitHub.com/Acme/Digits.js", "github.com", "Acme/Digits.js"],
		["https://git.example.com:8443/team/mnist.git", "git.example.com", "team/mnist"],
	])("%s", (url, host, repository) => {
		expect(readForgeAddress(url)).toEqual({ host, repository });
	});

	test.each([
		"/home/ada/digits.git",
		"../digits.git",
		"C:\\code\\digits",
		"C:/code/digits",
		"file:///srv/acme/digits.git",
		"https://github.com/",
		"https://github.com/acme",
		"https://gitlab.com/group/sub/name.git",
		"git@github.com:",
		"https:///acme/digits",
		"ext::sh -c touch% /tmp/pwn",
		"https://github.com/acme/di gits",
		"",
	])("%j is at none that Gamma knows", (url) => {
		expect(readForgeAddress(url)).toBeNull();
	});
});

describe("of several remotes", () => {
	const fork = { name: "fork", url: "git@github.com:ada/digits.git" };
	const origin = { name: "origin", url: "git@github.com:acme/digits.git" };
	const upstream = { name: "upstream", url: "git@github.com:main/digits.git" };

	test("origin counts, then upstream, then the first one at a forge", () => {
		expect(chooseForge([fork, upstream, origin])?.repository).toBe("acme/digits");
		expect(chooseForge([fork, upstream])?.repository).toBe("main/digits");
		expect(chooseForge([{ name: "disk", url: "/srv/digits.git" }, fork])?.repository).toBe("ada/digits");
	});

	test("none at a forge, and none at all", () => {
		expect(chooseForge([{ name: "origin", url: "/srv/digits.git" }])).toBeNull();
		expect(chooseForge([])).toBeNull();
	});
});
