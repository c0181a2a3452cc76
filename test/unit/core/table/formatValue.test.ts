import { expect, test } from "vitest";
import { formatChange, formatMean, formatNumber, formatRuntime } from "../../../../src/core/table/formatValue";

test.each([
	[0.913_245_6, "0.91325"],
	[0.93, "0.93"],
	[1200, "1200"],
	[123_456.789, "123457"],
	[0.000_012_345_6, "1.2346e-5"],
	[1e-7, "1e-7"],
	[2.5e9, "2.5e9"],
	[0, "0"],
	[Number.NaN, "NaN"],
	[Number.NEGATIVE_INFINITY, "-Infinity"],
])("%d is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

test("a change carries its sign", () => {
	expect([formatChange(0.008), formatChange(-0.01), formatChange(0)]).toEqual(["+0.008", "-0.01", "0"]);
});

test("a mean is no finer than its deviation", () => {
	expect(formatMean(0.913_24, 0.004_1)).toBe("0.9132 ± 0.0041");
	expect(formatMean(12.3456, 1.5)).toBe("12.3 ± 1.5");
	expect(formatMean(3, 0)).toBe("3 ± 0");
	expect(formatMean(1e-6, 2e-7)).toBe("1e-6 ± 2e-7");
});

test.each([
	[400, "0.4 s"],
	[43_000, "43 s"],
	[363_000, "6 min 3 s"],
	[7_500_000, "2 h 5 min"],
	[273_600_000, "3 d 4 h"],
])("%d ms is %s", (ms, text) => expect(formatRuntime(ms)).toBe(text));
