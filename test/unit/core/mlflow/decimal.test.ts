import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDecimal, parseInteger } from "../../../../src/core/mlflow/decimal";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const decimal = (text: string) => parseDecimal(bytesOf(`#${text} `), 1, 1 + text.length);
const integer = (text: string) => parseInteger(bytesOf(`#${text} `), 1, 1 + text.length);

describe("a decimal number", () => {
	test("is read to the last bit, as the engine reads it, whatever double was written", () => {
		fc.assert(
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
				expect(Object.is(decimal(Object.is(value, -0) ? "-0" : String(value)), value)).toBe(true);
			}),
			{ numRuns: 5000 },
		);
	});

	test("is read to the last bit with any digits, point and exponent", () => {
		const digits = fc.stringMatching(/^[0-9]{1,24}$/);
		const exponent = fc.option(fc.integer({ min: -330, max: 320 }), { nil: null });
		fc.assert(
			fc.property(digits, digits, fc.boolean(), exponent, (whole, fraction, isNegative, power) => {
				const text = `${isNegative ? "-" : ""}${whole}.${fraction}${power === null ? "" : `e${power}`}`;
				expect(Object.is(decimal(text), Number(text)), text).toBe(true);
			}),
			{ numRuns: 20_000 },
		);
	});

	test("of seventeen digits, as Python writes most, is exact", () => {
		for (let i = 0; i < 200_000; i++) {
			const text = (Math.random() * 10 ** ((i % 12) - 4)).toPrecision(17);
			if (!Object.is(decimal(text), Number(text))) expect.fail(`${text} was read as ${decimal(text)}`);
		}
	});

	test.each([
		["nan", Number.NaN],
		["NaN", Number.NaN],
		["-inf", Number.NEGATIVE_INFINITY],
		["inf", Number.POSITIVE_INFINITY],
		["Infinity", Number.POSITIVE_INFINITY],
		["-0.0", -0],
		["+5", 5],
		[".5", 0.5],
		["5.", 5],
		["1e400", Number.POSITIVE_INFINITY],
		["9007199254740993", 9007199254740992],
		["5e-324", 5e-324],
	])("may be written %s", (text, value) => {
		expect(Object.is(decimal(text), value)).toBe(true);
	});

	test.each(["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1_0", "one", "12a", "--1", "infin", "1e5.5"])(
		"is not %j",
		(text) => {
			expect(decimal(text)).toBeUndefined();
		},
	);
});

describe("an integer", () => {
	test.each([
		["0", 0],
		["-17", -17],
		["1757000000000", 1757000000000],
		["9223372036854775807", 2 ** 63],
	])("may be written %s", (text, value) => {
		expect(integer(text)).toBe(value);
	});

	test.each(["", "-", "1.0", "1e3", "12x", "99999999999999999x"])("is not %j", (text) => {
		expect(integer(text)).toBeUndefined();
	});
});
