import fc from "fast-check";
import { expect, test } from "vitest";
import { finiteExtent } from "../../../../src/core/charts/extents";
import { pixelColumns } from "../../../../src/core/charts/pixelColumns";
import { rangeWindows } from "../../../../src/core/charts/rangeWindow";
import { thin } from "../../../../src/core/charts/thin";
import type { Trace } from "../../../../src/core/charts/trace";

const value = fc.oneof(
	{ weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
	{ weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity) },
);

/** Up to three attempts, each with rising x that may repeat. */
const attempts = fc.array(
	fc.array(fc.tuple(fc.double({ min: 0.001, max: 1000, noNaN: true }), value), { minLength: 1, maxLength: 120 }),
	{ minLength: 1, maxLength: 3 },
);

function traceOf(groups: readonly (readonly (readonly [number, number])[])[]): Trace {
	const sorted = groups.map((points) => [...points].sort((a, b) => a[0] - b[0]));
	const all = sorted.flat();
	const x = Float64Array.from(all, (point) => point[0]);
	const starts = sorted.map((_, i) => sorted.slice(0, i).reduce((sum, points) => sum + points.length, 0));
	return { x, y: Float64Array.from(all, (point) => point[1]), steps: x, starts, lost: 0 };
}

const situation = fc.record({
	trace: attempts.map(traceOf),
	pixels: fc.integer({ min: 1, max: 40 }),
	logX: fc.boolean(),
	ends: fc.option(
		fc.tuple(fc.double({ min: 0.001, max: 900, noNaN: true }), fc.double({ min: 0.001, max: 100, noNaN: true })),
	),
});

function thinned({ trace, pixels, logX, ends }: typeof situation extends fc.Arbitrary<infer T> ? T : never) {
	const range = ends ? ([ends[0], ends[0] + ends[1]] as const) : (finiteExtent(trace.x) ?? ([0, 1] as const));
	const edges = pixelColumns(range, pixels, logX);
	const windows = rangeWindows(trace, range);
	return { ...thin(trace, windows, edges), range, edges };
}

const columnOf = (edges: Float64Array, x: number) => edges.findLastIndex((edge) => edge <= x);

/** Least and greatest finite y, and first and last x, per pixel column. */
function columns(edges: Float64Array, points: readonly (readonly [number, number])[]) {
	const found = new Map<number, { low: number; high: number; first: number; last: number }>();
	for (const [x, y] of points) {
		if (!Number.isFinite(y)) continue;
		const column = found.get(columnOf(edges, x));
		found.set(columnOf(edges, x), {
			low: Math.min(column?.low ?? y, y),
			high: Math.max(column?.high ?? y, y),
			first: Math.min(column?.first ?? x, x),
			last: Math.max(column?.last ?? x, x),
		});
	}
	return found;
}

test("every pixel column spans exactly the values, and the x, that it truly spans", () => {
	fc.assert(
		fc.property(situation, (given) => {
			const { trace } = given;
			const { kept, range, edges } = thinned(given);
			const inRange = (i: number) => trace.x[i]! >= range[0] && trace.x[i]! <= range[1];
			const point = (i: number) => [trace.x[i]!, trace.y[i]!] as const;
			const all = [...trace.x.keys()].filter(inRange).map(point);
			const drawn = [...kept].filter(inRange).map(point);
			expect(columns(edges, drawn)).toEqual(columns(edges, all));
		}),
		{ numRuns: 500 },
	);
});

test("kept points come in drawing order, each once, at most five per column and attempt", () => {
	fc.assert(
		fc.property(situation, (given) => {
			const { kept, breaks, edges } = thinned(given);
			for (let i = 1; i < kept.length; i++) expect(kept[i]!).toBeGreaterThan(kept[i - 1]!);
			const columnCount = edges.length - 1;
			// Two neighbours outside the range per attempt, each with a gap at most.
			expect(kept.length).toBeLessThanOrEqual((breaks.length + 1) * (5 * columnCount + 4));
		}),
	);
});

test("each break is the first kept point of an attempt", () => {
	fc.assert(
		fc.property(situation, (given) => {
			const { kept, breaks } = thinned(given);
			const attemptOf = (i: number) => given.trace.starts.findLastIndex((start) => start <= i);
			const expected = [...kept.keys()].filter((k) => k > 0 && attemptOf(kept[k]!) !== attemptOf(kept[k - 1]!));
			expect(breaks).toEqual(expected);
		}),
	);
});

test("between two kept points of different columns there is a gap exactly where the history has one", () => {
	fc.assert(
		fc.property(situation, (given) => {
			const { trace } = given;
			const { kept, breaks, edges, range } = thinned(given);
			const finite = [...kept].filter((i) => Number.isFinite(trace.y[i]));
			const gaps = new Set([...kept].filter((i) => !Number.isFinite(trace.y[i])));
			const attemptOf = (i: number) => trace.starts.findLastIndex((start) => start <= i);
			const inside = (i: number) => trace.x[i]! >= range[0] && trace.x[i]! <= range[1];
			for (let k = 1; k < finite.length; k++) {
				const [a, b] = [finite[k - 1]!, finite[k]!];
				if (attemptOf(a) !== attemptOf(b) || !inside(a) || !inside(b)) continue;
				if (columnOf(edges, trace.x[a]!) === columnOf(edges, trace.x[b]!)) continue;
				const between = Array.from({ length: b - a - 1 }, (_, i) => a + 1 + i);
				expect(between.some((i) => gaps.has(i))).toBe(between.some((i) => !Number.isFinite(trace.y[i])));
			}
			expect(breaks.length).toBeLessThan(trace.starts.length);
		}),
	);
});

test("a line that crosses the range without a point in it is still drawn", () => {
	const trace = traceOf([
		[
			[0, 1],
			[10, 2],
		],
	]);
	const edges = pixelColumns([4, 6], 100, false);
	const { kept, drawn } = thin(trace, rangeWindows(trace, [4, 6]), edges);
	expect([...kept]).toEqual([0, 1]);
	expect(drawn).toBe(0);
});

test("100,000 noisy points on 400 pixels keep at most 1,600, with the one spike among them", () => {
	const n = 100_000;
	const y = Float64Array.from({ length: n }, (_, i) => Math.sin(i / 500) + ((i * 7919) % 101) / 1000);
	y[54_321] = 99;
	const x = Float64Array.from({ length: n }, (_, i) => i);
	const trace: Trace = { x, y, steps: x, starts: [0], lost: 0 };
	const { kept, drawn } = thin(trace, rangeWindows(trace, [0, n - 1]), pixelColumns([0, n - 1], 400, false));
	expect(drawn).toBeLessThanOrEqual(1600);
	expect(drawn).toBeGreaterThan(1200);
	expect(kept).toContain(54_321);
});
