import fc from "fast-check";
import { expect, test } from "vitest";
import { smooth } from "../../../../src/core/charts/smooth";
import type { Trace } from "../../../../src/core/charts/trace";

const traceOf = (points: readonly (readonly [number, number])[], starts: readonly number[] = [0]): Trace => {
	const x = Float64Array.from(points, ([at]) => at);
	return { x, y: Float64Array.from(points, ([, y]) => y), steps: x, starts: points.length ? starts : [], lost: 0 };
};

const points = fc
	.array(fc.tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })), {
		minLength: 1,
	})
	.map((all) => all.sort((a, b) => a[0] - b[0]));
const strength = fc.double({ min: 0.01, max: 1, noNaN: true });

test("a smoothed value never leaves the values it is made from", () => {
	fc.assert(
		fc.property(points, strength, (given, smoothing) => {
			const smoothed = smooth(traceOf(given), smoothing, 1e4);
			const values = given.map(([, y]) => y);
			for (const [i, value] of smoothed.entries()) {
				expect(value).toBeLessThanOrEqual(Math.max(...values.slice(0, i + 1)) + 1e-9);
				expect(value).toBeGreaterThanOrEqual(Math.min(...values.slice(0, i + 1)) - 1e-9);
			}
		}),
	);
});

test("the unit of the axis makes no difference", () => {
	fc.assert(
		fc.property(points, strength, (given, smoothing) => {
			const inSteps = smooth(traceOf(given), smoothing, 1e4);
			const inThousands = smooth(traceOf(given.map(([x, y]) => [x * 1024, y])), smoothing, 1e4 * 1024);
			for (const [i, value] of inSteps.entries()) expect(inThousands[i]).toBeCloseTo(value, 6);
		}),
	);
});

test("each value is the mean of all before it, weighted by their distance on the axis (W&B's description)", () => {
	fc.assert(
		fc.property(points, strength, (given, smoothing) => {
			const smoothed = smooth(traceOf(given), smoothing, 1e4);
			const weight = Math.min(Math.sqrt(smoothing), 0.999);
			const last = given.length - 1;
			const weights = given.map(([x]) => weight ** (((given[last]![0] - x) / 1e4) * 1000));
			const sum = given.reduce((total, [, y], i) => total + y * weights[i]!, 0);
			expect(smoothed[last]).toBeCloseTo(sum / weights.reduce((a, b) => a + b, 0), 6);
		}),
	);
});

test("NaN and infinities are skipped, and the average goes on behind them", () => {
	const smoothed = smooth(
		traceOf([
			[0, 1],
			[1, Number.NaN],
			[2, Infinity],
			[3, 1],
			[4, 1],
		]),
		0.9,
		4,
	);
	expect([...smoothed].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, Number.NaN, Number.NaN, 1, 1]);
});

test("a new attempt starts afresh", () => {
	const smoothed = smooth(
		traceOf(
			[
				[0, 100],
				[1, 100],
				[1, 2],
				[2, 2],
			],
			[0, 2],
		),
		0.99,
		2,
	);
	expect([...smoothed]).toEqual([100, 100, 2, 2]);
});
