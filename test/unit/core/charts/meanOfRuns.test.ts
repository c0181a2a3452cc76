import fc from "fast-check";
import { expect, test } from "vitest";
import { binnedRun } from "../../../../src/core/charts/binnedRun";
import { meanOfRuns } from "../../../../src/core/charts/meanOfRuns";
import type { SettledRun } from "../../../../src/core/charts/settledRun";
import { settledRun } from "../../../../src/core/charts/settledRun";

const runOf = (points: readonly (readonly [number, number])[]): SettledRun => ({
	x: Float64Array.from(points, ([x]) => x),
	y: Float64Array.from(points, ([, y]) => y),
});

const run = fc
	.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.double({ min: -1e3, max: 1e3, noNaN: true })), {
		selector: ([x]) => x,
		minLength: 1,
		maxLength: 40,
	})
	.map((points) => runOf(points.sort((a, b) => a[0] - b[0])));

/** The run's value at x by the definition: exact, or on the straight line between neighbours; nothing outside its extent. */
function valueAt({ x, y }: SettledRun, at: number): number | undefined {
	const right = x.findIndex((other) => other >= at);
	if (right < 0 || (right === 0 && x[0] !== at)) return undefined;
	if (x[right] === at) return y[right];
	const share = (at - x[right - 1]!) / (x[right]! - x[right - 1]!);
	return y[right - 1]! + share * (y[right]! - y[right - 1]!);
}

test("mean, spread and count agree with the plain definition at every x that any run has", () => {
	fc.assert(
		fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
			const { x, mean, deviation, counts } = meanOfRuns(runs);
			expect([...x]).toEqual([...new Set(runs.flatMap((one) => [...one.x]))].sort((a, b) => a - b));
			for (const [i, at] of x.entries()) {
				const values = runs.map((one) => valueAt(one, at)).filter((value) => value !== undefined);
				const average = values.reduce((a, b) => a + b, 0) / values.length;
				const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
				expect(counts[i]).toBe(values.length);
				expect(mean[i]).toBeCloseTo(average, 6);
				expect(deviation[i]).toBeCloseTo(values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0, 5);
			}
		}),
	);
});

test("close values of large size keep their spread", () => {
	const { deviation } = meanOfRuns([runOf([[0, 1e9]]), runOf([[0, 1e9 + 1]]), runOf([[0, 1e9 + 2]])]);
	expect(deviation[0]).toBeCloseTo(1, 9);
});

test("a run counts only inside its own extent", () => {
	const { x, counts } = meanOfRuns([
		runOf([
			[0, 1],
			[10, 1],
		]),
		runOf([
			[4, 3],
			[6, 3],
		]),
	]);
	expect([...x]).toEqual([0, 4, 6, 10]);
	expect([...counts]).toEqual([1, 2, 2, 1]);
});

test("where a run was restarted its later attempt counts; NaN is left out and repeats are averaged", () => {
	const x = Float64Array.from([0, 1, 2, 3, 1, 2, 2]);
	const y = Float64Array.from([9, 8, 7, 6, 5, Number.NaN, 4]);
	const settled = settledRun({ x, y, steps: x, starts: [0, 4], lost: 0 });
	expect([...settled.x]).toEqual([0, 1, 2]);
	expect([...settled.y]).toEqual([9, 5, 4]);
	const twice = Float64Array.from([1, 1, 1]);
	expect([...settledRun({ x: twice, y: Float64Array.from([1, 2, 6]), steps: twice, starts: [0], lost: 0 }).y]).toEqual([
		3,
	]);
});

test("binning keeps the mean of what falls in a bin and stays inside the extent", () => {
	const points = Array.from({ length: 1000 }, (_, i) => [i + 1, i % 2] as const);
	for (const logX of [false, true]) {
		const binned = binnedRun(runOf(points), [1, 1000], 10, logX);
		expect(binned.x.length).toBeLessThanOrEqual(10);
		expect(binned.x.every((x, i) => x >= 1 && x <= 1000 && (i === 0 || x > binned.x[i - 1]!))).toBe(true);
	}
	expect([...binnedRun(runOf(points), [1, 1000], 1, false).y]).toEqual([0.5]);
});
