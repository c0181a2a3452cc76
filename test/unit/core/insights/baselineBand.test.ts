import fc from "fast-check";
import { expect, test } from "vitest";
import { baselineBand } from "../../../../src/core/insights/baselineBand";
import type { Series } from "../../../../src/shared/run";

const seriesOf = (points: readonly (readonly [number, number])[]): Series => ({
	steps: Float64Array.from(points, ([step]) => step),
	values: Float64Array.from(points, ([, value]) => value),
	timestampsMs: Float64Array.from(points, ([step]) => step * 1_000),
});

test("a baseline's band is the mean and spread at each of its steps, between points of other seeds by a line", () => {
	const band = baselineBand([
		seriesOf([
			[0, 1],
			[10, 2],
			[20, 3],
		]),
		seriesOf([
			[0, 3],
			[20, 5],
		]),
	]);
	expect(band?.steps).toEqual([0, 10, 20]);
	expect(band?.means.map((one) => one + 0)).toEqual([2, 3, 4]);
	expect(band?.deviations.map((one) => Number(one.toFixed(2)))).toEqual([1.41, 1.41, 1.41]);
	expect(band?.count).toBe(2);
});

test("where a seed has ended or has no number the others count, and without a point there is no band", () => {
	const band = baselineBand([
		seriesOf([
			[0, 1],
			[10, Number.NaN],
			[20, 3],
		]),
		seriesOf([[0, 1]]),
	]);
	expect([band?.steps, band?.means, band?.deviations]).toEqual([
		[0, 20],
		[1, 3],
		[0, 0],
	]);
	const short = seriesOf([
		[0, 3],
		[10, 5],
	]);
	const long = seriesOf([
		[0, 1],
		[20, 3],
	]);
	// No line goes on beyond a seed's end.
	expect(baselineBand([long, short])?.means).toEqual([2, 3]);
	expect(baselineBand([])).toBeNull();
	expect(baselineBand([seriesOf([])])).toBeNull();
});

test("a band of one history is that history, whatever it is", () => {
	const points = fc.uniqueArray(fc.tuple(fc.nat(1_000), fc.double({ noNaN: true, min: -1e6, max: 1e6 })), {
		selector: ([step]) => step,
		minLength: 1,
	});
	fc.assert(
		fc.property(points, (all) => {
			const sorted = [...all].sort(([a], [b]) => a - b);
			const band = baselineBand([seriesOf(sorted)]);
			expect(band?.means.map((one) => one + 0)).toEqual(sorted.map(([, value]) => value + 0));
			expect(band?.deviations.every((one) => one === 0)).toBe(true);
		}),
	);
});
