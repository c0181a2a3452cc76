import { describe, expect, test } from "vitest";
import { problemOfAddress, toRelayTarget } from "../../../../src/core/relay/relayTarget";

const none = { url: "", supabaseUrl: "", supabaseAnonKey: "" };
const supabase = { supabaseUrl: "https://abc.supabase.co/", supabaseAnonKey: " sb_publishable_x " };

describe("the relay that the settings name", () => {
	test("is this machine's where they name none, whatever else is set", () => {
		expect(toRelayTarget(none)).toEqual({ kind: "local" });
		expect(toRelayTarget({ ...none, ...supabase, url: "  " })).toEqual({ kind: "local" });
	});

	test("is asked with a token where nobody signs in", () => {
		expect(toRelayTarget({ ...none, url: "https://gamma.example.org/" })).toEqual({
			kind: "token",
			url: "https://gamma.example.org",
		});
		expect(toRelayTarget({ ...none, url: "http://127.0.0.1:8080" })).toMatchObject({ kind: "token" });
	});

	test("is signed in to with both Supabase settings", () => {
		expect(toRelayTarget({ ...supabase, url: "https://gamma.example.org/team" })).toEqual({
			kind: "signIn",
			url: "https://gamma.example.org/team",
			service: { url: "https://abc.supabase.co", anonKey: "sb_publishable_x" },
		});
	});

	test.each([
		[{ ...none, url: "http://gamma.example.org" }, /^gamma\.relay\.url: .*only asked over https/],
		[{ ...none, url: "gamma.example.org" }, /^gamma\.relay\.url: .*starts with https/],
		[{ ...none, url: "file:///etc/passwd" }, /starts with https/],
		[{ ...none, url: "https://me:secret@gamma.example.org" }, /Leave name and password out/],
		[{ ...none, url: "http://localhost.evil.example" }, /only asked over https/],
		[{ ...none, url: "https://a.example", supabaseUrl: "https://b.example" }, /set together/],
		[{ ...none, url: "https://a.example", supabaseAnonKey: "k" }, /set together/],
		[
			{ url: "https://a.example", supabaseUrl: "http://b.example", supabaseAnonKey: "k" },
			/^gamma\.relay\.supabaseUrl: /,
		],
	])("%j is said to be wrong, without what is secret in it", (settings, reason) => {
		const target = toRelayTarget(settings);
		expect(target).toEqual({ kind: "invalid", reason: expect.stringMatching(reason) });
		expect(JSON.stringify(target)).not.toContain("secret");
	});
});

test.each(["http://localhost:3000", "http://[::1]:1/x", "https://x.example"])("%s may be given a token", (url) => {
	expect(problemOfAddress(url, "relay")).toBeUndefined();
});
