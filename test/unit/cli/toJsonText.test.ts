import { expect, test } from "vitest";
import { toJsonText } from "../../../src/cli/toJsonText";

test("what JSON has no number for is a text", () => {
	expect(toJsonText([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(
		'["NaN","Infinity","-Infinity"]',
	);
	expect(toJsonText({ a: null, b: undefined, c: -0 })).toBe('{"a":null,"b":null,"c":-0.0}');
});

test("every digit of a long integer is written, for readers whose integers have no limit", () => {
	expect(toJsonText([2 ** 53, 2 ** 60, -(2 ** 62), 1e20, 2 ** 53 + 2])).toBe(
		"[9007199254740992,1152921504606846976,-4611686018427387904,100000000000000000000,9007199254740994]",
	);
	expect(toJsonText([1e21, 1.5, 1e-7, Number.MAX_VALUE])).toBe("[1e+21,1.5,1e-7,1.7976931348623157e+308]");
});
