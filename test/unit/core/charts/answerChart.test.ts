import fc from "fast-check";
import { expect, test } from "vitest";
import { answerChart } from "../../../../src/core/charts/answerChart";
import type { ChartHistory } from "../../../../src/core/charts/placeOnAxis";
import type { ChartSource } from "../../../../src/core/charts/preparedLine";
import { queryOf, seriesOf } from "../../../support/series";

const historyOf = (points: readonly (readonly [number, number])[], timesMs?: readonly number[]): ChartHistory => ({
	series: seriesOf(points, timesMs),
	epochs: null,
	startTimeMs: null,
});
const lineOf = (id: string, ...histories: readonly ChartHistory[]): ChartSource => ({
	id,
	isMean: histories.length > 1,
	histories,
	problem: null,
});
const ramp = (n: number, y: (i: number) => number = (i) => i) =>
	historyOf(Array.from({ length: n }, (_, i) => [i, y(i)] as const));

test("a short history is drawn whole", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"a",
			historyOf([
				[0, 3],
				[1, 1],
				[2, 2],
			]),
		),
	]).lines;
	expect(line).toMatchObject({ id: "a", totalPoints: 3, drawnPoints: 3, breaks: [], marks: [], problem: null });
	expect([...line!.x]).toEqual([0, 1, 2]);
	expect([...line!.y]).toEqual([3, 1, 2]);
	expect(line!.xExtent).toEqual([0, 2]);
	expect(line!.yExtent).toEqual([1, 3]);
	expect(line!.smoothed).toBeNull();
	expect(line!.low).toBeNull();
});

test("a long history says how many of its points are drawn, and a zoom brings more", () => {
	const source = lineOf(
		"a",
		ramp(100_000, (i) => Math.sin(i)),
	);
	const [whole] = answerChart(queryOf({ pixels: 400 }), [source]).lines;
	expect(whole!.totalPoints).toBe(100_000);
	expect(whole!.drawnPoints).toBeLessThanOrEqual(1600);
	const [zoomed] = answerChart(queryOf({ pixels: 400, xRange: [5_000, 5_500] }), [source]).lines;
	expect(zoomed).toMatchObject({ totalPoints: 501, drawnPoints: 501, xExtent: [0, 99_999] });
	expect([zoomed!.x[0], zoomed!.x.at(-1)]).toEqual([4_999, 5_501]);
});

test("a restart breaks the line at its join and leaves the old attempt in sight", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"a",
			historyOf([
				[0, 3],
				[1, 2],
				[2, 1],
				[1, 2],
				[2, 0],
			]),
		),
	]).lines;
	expect(line!.breaks).toEqual([3]);
	expect([...line!.steps]).toEqual([0, 1, 2, 1, 2]);
});

test("NaN and infinities become gaps and marks", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"a",
			historyOf([
				[0, 1],
				[1, Number.NaN],
				[2, 2],
				[3, Infinity],
				[4, -Infinity],
				[5, 3],
			]),
		),
	]).lines;
	expect([...line!.y]).toEqual([1, Number.NaN, 2, Number.NaN, 3]);
	expect(line!.marks).toEqual([
		{ x: 1, kind: "NaN" },
		{ x: 3, kind: "Infinity" },
		{ x: 4, kind: "-Infinity" },
	]);
	expect(line).toMatchObject({ totalPoints: 6, drawnPoints: 6, yExtent: [1, 3] });
});

test("seeds become a mean with its band and its count", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"seeds",
			historyOf([
				[0, 1],
				[1, 2],
			]),
			historyOf([
				[0, 3],
				[1, 4],
			]),
			historyOf([[0, 2]]),
		),
	]).lines;
	expect([...line!.y]).toEqual([2, 3]);
	expect([...line!.counts!]).toEqual([3, 2]);
	expect(line!.high![0]).toBeCloseTo(3, 12);
	expect(line!.low![1]).toBeCloseTo(3 - Math.SQRT2, 12);
	expect(line!.yExtent![1]).toBeCloseTo(3 + Math.SQRT2, 12);
});

test("smoothed values are those of every point, at the points that are drawn", () => {
	const points = ramp(50_000, (i) => i % 2);
	const [thinned] = answerChart(queryOf({ smoothing: 0.6, pixels: 100 }), [lineOf("a", points)]).lines;
	const [every] = answerChart(queryOf({ smoothing: 0.6, pixels: 16_384 }), [lineOf("a", points)]).lines;
	const whole = new Map([...every!.x].map((x, i) => [x, every!.smoothed![i]!]));
	for (const [i, x] of thinned!.x.entries()) if (whole.has(x)) expect(thinned!.smoothed![i]).toBe(whole.get(x));
	expect(thinned!.smoothed!.at(-1)).toBeCloseTo(0.5, 1);
});

test("a zoom does not change what smoothing makes of a point", () => {
	const source = lineOf(
		"a",
		ramp(1_000, (i) => Math.cos(i)),
	);
	const [whole] = answerChart(queryOf({ smoothing: 0.9, pixels: 2_000 }), [source]).lines;
	const [zoomed] = answerChart(queryOf({ smoothing: 0.9, pixels: 2_000, xRange: [500, 510] }), [source]).lines;
	expect([...zoomed!.smoothed!]).toEqual([...whole!.smoothed!.slice(499, 512)]);
});

test("a logarithmic axis leaves out x ≤ 0 and says so", () => {
	const [line] = answerChart(queryOf({ logX: true }), [
		lineOf(
			"a",
			historyOf([
				[0, 1],
				[1, -2],
				[10, 3],
				[100, 0],
			]),
		),
	]).lines;
	expect([...line!.x]).toEqual([1, 10, 100]);
	expect(line!.problem).toBe("1 point is not drawn: a logarithmic axis shows x above 0 only.");
	expect(line!.yLeastPositive).toBe(3);
});

test("without an epoch metric the line says what to do", () => {
	const [line] = answerChart(queryOf({ xAxis: "epoch" }), [lineOf("a", ramp(3))]).lines;
	expect(line).toMatchObject({ totalPoints: 0, xExtent: null });
	expect(line!.problem).toBe("This run has no metric named epoch; choose another x axis.");
});

test("outliers are outside the inner extent and inside the whole one", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"a",
			ramp(1_000, (i) => (i === 500 ? 1e9 : i / 1_000)),
		),
	]).lines;
	expect(line!.yExtent![1]).toBe(1e9);
	expect(line!.yInner![1]).toBeLessThan(1);
});

test("a chart of nothing is an answer without lines or points", () => {
	expect(answerChart(queryOf(), [])).toEqual({ metric: "loss", lines: [] });
	const [line] = answerChart(queryOf(), [{ id: "a", isMean: false, histories: [], problem: "Gone." }]).lines;
	expect(line).toMatchObject({ problem: "Gone.", totalPoints: 0, xExtent: null, yExtent: null, breaks: [] });
	const [mean] = answerChart(queryOf(), [{ id: "a", isMean: true, histories: [], problem: "Gone." }]).lines;
	expect(mean!.counts).toHaveLength(0);
});

test("seeds logged at other times in large numbers are binned, and their mean stays right", () => {
	const seed = (offset: number): ChartHistory => {
		const steps = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
		const values = new Float64Array(steps.length).fill(offset);
		return {
			series: { steps, values, timestampsMs: steps.map((i) => i * 10 + offset) },
			epochs: null,
			startTimeMs: null,
		};
	};
	const [line] = answerChart(queryOf({ xAxis: "wall" }), [lineOf("seeds", seed(1), seed(3), seed(5))]).lines;
	expect(line!.totalPoints).toBeLessThan(20_000);
	expect(line!.y[Math.floor(line!.y.length / 2)]).toBeCloseTo(3, 9);
});

test("every array of an answer is its own, so that it can be moved to another thread", () => {
	const history = ramp(3);
	const [line] = answerChart(queryOf({ smoothing: 0.5 }), [lineOf("a", history)]).lines;
	const arrays = [line!.x, line!.y, line!.steps, line!.smoothed!, history.series.steps, history.series.values];
	expect(new Set(arrays.map((array) => array.buffer)).size).toBe(arrays.length);
});

test("an infinity that a database holds as the greatest number is marked as one, and stretches no axis", () => {
	const [line] = answerChart(queryOf(), [
		lineOf(
			"a",
			historyOf([
				[0, 1],
				[1, Number.MAX_VALUE],
				[2, -Number.MAX_VALUE],
				[3, 2],
			]),
		),
	]).lines;
	expect(line!.marks.map((mark) => mark.kind)).toEqual(["Infinity", "-Infinity"]);
	expect(line!.yExtent).toEqual([1, 2]);
});

test("a panel whose width is no number yet gets one column", () => {
	for (const pixels of [Number.NaN, 0, -1]) {
		const [line] = answerChart(queryOf({ pixels, xRange: [-5e-324, 0] }), [lineOf("a", historyOf([[0, 7]]))]).lines;
		expect([...line!.y]).toEqual([7]);
	}
});

test("any history at all, on any axis, has an answer of equal columns", () => {
	const series = fc.array(fc.tuple(fc.double(), fc.double(), fc.double()), { maxLength: 60 }).map((points) => ({
		steps: Float64Array.from(points, (point) => point[0]),
		values: Float64Array.from(points, (point) => point[1]),
		timestampsMs: Float64Array.from(points, (point) => point[2]),
	}));
	const history = fc.record({ series, epochs: fc.option(series), startTimeMs: fc.option(fc.double()) });
	const query = fc.record({
		xAxis: fc.constantFrom("step", "epoch", "relative", "process", "wall"),
		logX: fc.boolean(),
		pixels: fc.oneof(fc.double(), fc.integer({ min: 1, max: 50 })),
		smoothing: fc.double({ min: 0, max: 1, noNaN: true }),
		xRange: fc.option(fc.tuple(fc.double(), fc.double())),
	});
	fc.assert(
		fc.property(fc.array(history, { maxLength: 4 }), query, fc.boolean(), (histories, asked, isMean) => {
			const source = { id: "a", isMean, histories, problem: null };
			const [line] = answerChart(queryOf(asked as Partial<ReturnType<typeof queryOf>>), [source]).lines;
			const columns = [
				line!.x,
				line!.y,
				line!.steps,
				line!.smoothed ?? line!.x,
				line!.low ?? line!.x,
				line!.counts ?? line!.x,
			];
			expect(new Set(columns.map((column) => column.length)).size).toBe(1);
			expect(line!.drawnPoints).toBeLessThanOrEqual(line!.totalPoints);
			expect(line!.x.every(Number.isFinite)).toBe(true);
		}),
		{ numRuns: 1_000 },
	);
});
