import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCallback } from "../../../../src/core/session/parseCallback";

describe("how the browser came back from a sign-in", () => {
	test("a code with its state", () => {
		expect(parseCallback("state=s1&code=6b8fdb14-5cad&windowId=_blank")).toEqual({
			kind: "code",
			state: "s1",
			code: "6b8fdb14-5cad",
		});
	});

	test("a denial, as Supabase Auth words it", () => {
		const query = "error=access_denied&error_description=The+user+has+denied+your+application+access.&state=s1";
		expect(parseCallback(query)).toEqual({
			kind: "failed",
			state: "s1",
			isDenied: true,
			reason: "The user has denied your application access.",
		});
	});

	test("another failure is not taken for a denial", () => {
		const query = "state=s1&error=access_denied&error_code=signup_disabled&error_description=Signups%20not%20allowed";
		expect(parseCallback(query)).toEqual({
			kind: "failed",
			state: "s1",
			isDenied: false,
			reason: "Signups not allowed",
		});
		expect(parseCallback("state=s1&error=server_error")).toMatchObject({ isDenied: false, reason: "server_error" });
	});

	test.each([
		"",
		"code=a",
		"state=s1",
		"state=&code=a",
		"state=s1&code=",
		"state=s1&state=s2&code=a",
		"state=s1&code=a&code=b",
		`state=s1&code=${"a".repeat(513)}`,
		"error=access_denied",
	])("%s is none", (query) => expect(parseCallback(query)).toBeNull());

	test("no text makes it fail, and what it takes has what was written", () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (left, right) => {
				for (const query of [left, `state=${left}&code=${right}`, `${left}&state=a&error=${right}`]) {
					const callback = parseCallback(query);
					if (callback) expect(callback.state.length).toBeGreaterThan(0);
				}
			}),
		);
	});
});
