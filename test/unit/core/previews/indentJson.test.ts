import * as fc from "fast-check";
import { expect, test } from "vitest";
import { indentJson } from "../../../../src/core/previews/indentJson";

test("gives what JSON.stringify gives, for any value", () => {
	void fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
		}),
	);
});

test("takes the indents a file has for its own", () => {
	expect(indentJson('{\n        "a" : [ 1,2 ,\n{ } ]}')).toBe('{\n  "a": [\n    1,\n    2,\n    {}\n  ]\n}');
});

test("keeps every digit, and Python's NaN", () => {
	expect(indentJson("[12345678901234567890,1.0,1e400,NaN,-Infinity]")).toBe(
		"[\n  12345678901234567890,\n  1.0,\n  1e400,\n  NaN,\n  -Infinity\n]",
	);
});

test("shows text that is cut off, or no JSON at all, as far as it goes", () => {
	expect(indentJson('{"a": [1, "b')).toBe('{\n  "a": [\n    1,\n    "b');
	expect(indentJson("]}]")).toBe("\n]\n}\n]");
	expect(indentJson("<html>")).toBe("<html>");
});

test("a million brackets make no million-wide lines", () => {
	expect(indentJson("[".repeat(200_000)).length).toBeLessThan(200_000 * 90);
});
