import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerBound, upperBound } from "../../../../src/core/charts/bounds";
import { finiteExtent, innerExtent } from "../../../../src/core/charts/extents";
import { quantile } from "../../../../src/core/charts/quantile";

const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 500 });

test("a quantile is the value at its rank of the sorted values", () => {
	fc.assert(
		fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, q) => {
			const sorted = Float64Array.from(given).sort();
			expect(quantile(Float64Array.from(given), q)).toBe(sorted[Math.floor(q * (given.length - 1))]);
		}),
		{ numRuns: 300 },
	);
});

test("the inner extent leaves out 2.5 % at either end, rounded down", () => {
	fc.assert(
		fc.property(values, (given) => {
			const sorted = Float64Array.from(given).sort();
			const skipped = Math.floor(given.length * 0.025);
			const [low, high] = innerExtent(Float64Array.from(given))!;
			expect(low).toEqual(sorted[skipped]);
			expect(high).toEqual(sorted[given.length - 1 - skipped]);
		}),
	);
});

test("an extent counts finite values only", () => {
	expect(finiteExtent(Float64Array.from([Number.NaN, 3, Infinity, -2]))).toEqual([-2, 3]);
	expect(finiteExtent(Float64Array.from([Number.NaN]))).toBeNull();
	expect(innerExtent(new Float64Array())).toBeNull();
});

test("bounds enclose the equal values of a rising array", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: -1, max: 10 }), (given, wanted) => {
			const rising = Float64Array.from(given).sort();
			expect(lowerBound(rising, wanted)).toBe(rising.filter((value) => value < wanted).length);
			expect(upperBound(rising, wanted)).toBe(rising.filter((value) => value <= wanted).length);
		}),
	);
});
