import { expect, test } from "vitest";
import { formatAge, formatCount, formatNumber } from "../../../../webview/common/number";

test("a value is short and still tells what it is", () => {
	expect([0.913249, 12, 1234567, 0.00001234, 0, -0.5, 1e300].map(formatNumber)).toEqual([
		"0.91325",
		"12",
		"1.235e6",
		"1.234e-5",
		"0",
		"−0.5",
		"1e300",
	]);
	expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatNumber)).toEqual([
		"NaN",
		"∞",
		"−∞",
	]);
});

test("a count has its thousands apart, an age its nearest unit", () => {
	expect(formatCount(100_000)).toBe("100,000");
	expect([2_000, 400_000, 7_200_000, 300_000_000, -5].map(formatAge)).toEqual(["2 s", "7 min", "2 h", "3 d", "0 s"]);
});
