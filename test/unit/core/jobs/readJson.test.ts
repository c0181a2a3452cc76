import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../../../../src/core/jobs/readJson";

test("whole numbers beyond 2^53 are texts of all their digits, all else is as JSON has it", () => {
	expect(
		readJson('{"id":9007199254740993,"n":[-90071992547409931,9007199254740991,1.2345678901234567,1e300]}'),
	).toEqual({
		id: "9007199254740993",
		n: ["-90071992547409931", 9007199254740991, 1.2345678901234567, 1e300],
	});
	expect(readJson('"12345678901234567890"')).toBe("12345678901234567890");
	const escaped = String.raw`["\\","\\\"",12345678901234567890,"\""]`;
	expect(readJson(escaped)).toEqual(["\\", '\\"', "12345678901234567890", '"']);
	void fc.assert(
		fc.property(fc.json({ noUnicodeString: false }), (text) => {
			const whole = JSON.parse(text);
			const kept = JSON.parse(JSON.stringify(readJson(text)), (_, value) => value);
			if (!/\d{16}/.test(text)) expect(kept).toEqual(whole);
		}),
	);
});

test("brackets within texts are no depth; what is nested deeper than anybody means it is refused", () => {
	const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
	const texts = JSON.stringify(["[".repeat(10_000), 'a"[{'.repeat(1_000), "\\"]);
	expect(readJson(texts)).toEqual(JSON.parse(texts));
	expect(() => readJson(nested(200))).not.toThrow();
	expect(() => readJson(nested(201))).toThrow(SyntaxError);
	expect(() => readJson(nested(1_000_000))).toThrow(SyntaxError);
	expect(() => readJson(`${"[]".repeat(300)}`)).toThrow(SyntaxError);
	for (const text of ["", "{", '"', '"\\', "nul", "1 2"]) expect(() => readJson(text)).toThrow(SyntaxError);
});

test("a key named __proto__ is a key", () => {
	const read = readJson('{"__proto__":{"x":1},"id":12345678901234567890}') as Record<string, unknown>;
	expect(Object.keys(read)).toEqual(["__proto__", "id"]);
	expect(read.x).toBeUndefined();
});
