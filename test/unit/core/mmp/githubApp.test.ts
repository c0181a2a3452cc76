import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readConversion, toCreationUrl, toManifest, toRelayEnvironment } from "../../../../src/core/mmp/githubApp";
import { createdPage, creationPage, refusedPage } from "../../../../src/core/mmp/githubAppPage";
import { GammaError } from "../../../../src/shared/errors";

const pem = "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----\n";
const converted = { id: 7, name: "Gamma lab", html_url: "https://github.com/apps/g", webhook_secret: "s", pem };

function codeOf(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		return GammaError.is(error) ? error.code : "another error";
	}
	return "none";
}

describe("the manifest", () => {
	test("asks for what Gamma needs and no more", () => {
		expect(
			toManifest({ relayUrl: "https://relay.lab.example/base/", organization: null }, "http://127.0.0.1:1/made"),
		).toEqual({
			name: "Gamma relay.lab.example",
			url: "https://relay.lab.example",
			description: "Shows the trainings of this repository's models branches in VS Code.",
			public: false,
			redirect_url: "http://127.0.0.1:1/made",
			hook_attributes: { url: "https://relay.lab.example/base/api/webhooks/github", active: true },
			default_permissions: { contents: "write", actions: "read", metadata: "read" },
			default_events: ["push", "workflow_run", "workflow_job"],
		});
	});

	test("has a name that GitHub takes, whoever owns it", () => {
		const organization = "an-organization-with-a-very-long-name-x";
		const { name } = toManifest({ relayUrl: "https://r.example", organization }, "");
		expect(name.length).toBeLessThanOrEqual(34);
		expect(name).toBe(name.trim());
	});

	test.each(["http://r.example", "https://localhost", "https://127.0.0.9:1", "https://[::1]:1", "ftp://r", "", "//r"])(
		"is not made for a relay that GitHub cannot reach: %j",
		(relayUrl) => {
			expect(codeOf(() => toManifest({ relayUrl, organization: null }, ""))).toBe("settings.invalid");
		},
	);
});

test("the App is created where its owner's Apps are", () => {
	expect(toCreationUrl("https://github.com/", null, "s")).toBe("https://github.com/settings/apps/new?state=s");
	expect(toCreationUrl("https://ghe.example", "lab-1", "s")).toBe(
		"https://ghe.example/organizations/lab-1/settings/apps/new?state=s",
	);
	for (const name of ["-lab", "lab/../x", "l b", "x".repeat(40), "lab?"])
		expect(codeOf(() => toCreationUrl("https://github.com", name, "s"))).toBe("settings.invalid");
});

describe("GitHub's answer", () => {
	test("is read for what the relay needs", () => {
		expect(readConversion({ ...converted, client_secret: "c" })).toEqual({
			id: 7,
			name: "Gamma lab",
			htmlUrl: "https://github.com/apps/g",
			webhookSecret: "s",
			pem,
		});
	});

	test.each([
		{ id: "7" },
		{ id: 7.5 },
		{ html_url: "javascript:alert(1)" },
		{ webhook_secret: "" },
		{ webhook_secret: null },
		{ pem: "no key" },
	])("is none with %j", (change) => {
		expect(readConversion({ ...converted, ...change })).toBeNull();
	});

	test("never throws, whatever it is", () => {
		fc.assert(fc.property(fc.jsonValue(), (value) => readConversion(value) === null));
	});
});

test("the relay's variables are one a line, the key on one of its own", () => {
	const app = readConversion(converted);
	const lines = app ? toRelayEnvironment(app).split("\n") : [];
	expect(lines.map((line) => line.split("=")[0])).toEqual([
		"GITHUB_APP_ID",
		"GITHUB_WEBHOOK_SECRET",
		"GITHUB_APP_PRIVATE_KEY",
		"",
	]);
	expect(lines[2]?.slice("GITHUB_APP_PRIVATE_KEY=".length).replaceAll("\\n", "\n")).toBe(pem.trim());
});

test("no text of another's becomes markup in a page", () => {
	const bad = `"><script>alert('x')</script>&`;
	for (const page of [creationPage(bad, { name: bad }), createdPage(bad, bad), refusedPage(bad)]) {
		expect(page).not.toContain("<script");
		expect(page).not.toMatch(/="[^"]*'/);
		expect(page).toContain("&#60;script&#62;");
	}
});
