import fc from "fast-check";
import { expect, test } from "vitest";
import { processSeconds, relativeSeconds } from "../../../../src/core/charts/elapsed";
import { epochMetric, epochsAt } from "../../../../src/core/charts/epochs";
import { placeOnAxis } from "../../../../src/core/charts/placeOnAxis";
import { attemptsOf } from "../../../../src/core/charts/trace";
import { seriesOf } from "../../../support/series";

const history = (series: ReturnType<typeof seriesOf>, startTimeMs: number | null = null) => ({
	series,
	epochs: null,
	startTimeMs,
});

test("a restart from a checkpoint begins a new attempt and keeps the old attempt's points", () => {
	const trace = placeOnAxis(
		history(
			seriesOf([
				[0, 5],
				[10, 4],
				[20, 3],
				[10, 4],
				[20, 2],
			]),
		),
		"step",
		false,
	);
	expect(trace.starts).toEqual([0, 3]);
	expect([...trace.x]).toEqual([0, 10, 20, 10, 20]);
});

test("x never falls within an attempt, on any axis", () => {
	const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.double()), { maxLength: 300 });
	const times = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 300, maxLength: 300 });
	fc.assert(
		fc.property(
			points,
			times,
			fc.constantFrom("step", "epoch", "relative", "process", "wall"),
			fc.boolean(),
			(given, timesMs, axis, logX) => {
				const series = seriesOf(
					given,
					[...timesMs].sort((a, b) => a - b),
				);
				const epochs = seriesOf(given.map(([step]) => [step, Math.floor(step / 7)]));
				const trace = placeOnAxis({ series, epochs, startTimeMs: null }, axis as "step", logX);
				for (const [from, to] of attemptsOf(trace)) {
					for (let i = from + 1; i < to; i++) expect(trace.x[i]!).toBeGreaterThanOrEqual(trace.x[i - 1]!);
				}
				expect(trace.x.length + trace.lost).toBe(given.length);
				if (logX) expect(trace.x.every((x) => x > 0)).toBe(true);
			},
		),
	);
});

test("a history that goes back again and again was interleaved: it is sorted, not cut to splinters", () => {
	const points = Array.from({ length: 400 }, (_, i) => [i % 2 === 0 ? i : i - 3, i] as const);
	const trace = placeOnAxis(history(seriesOf(points)), "step", false);
	expect(trace.starts).toEqual([0]);
	expect([...trace.x]).toEqual([...trace.x].sort((a, b) => a - b));
});

test("relative time counts from the run's start, or from the first point where that is earlier", () => {
	const series = seriesOf(
		[
			[0, 1],
			[1, 1],
		],
		[5_000, 7_000],
	);
	expect([...placeOnAxis(history(series, 4_000), "relative", false).x]).toEqual([1, 3]);
	expect([...placeOnAxis(history(series, 6_000), "relative", false).x]).toEqual([0, 2]);
	expect([...placeOnAxis(history(series), "wall", false).x]).toEqual([5_000, 7_000]);
});

test("process time takes out a night between two attempts, and a long pause", () => {
	const night = 8 * 3_600_000;
	const times = [0, 1_000, 2_000, 3_000 + night, 4_000 + night, 5_000 + 2 * night, 6_000 + 2 * night];
	const steps = Float64Array.from([0, 1, 2, 1, 2, 3, 4]);
	expect([...processSeconds(Float64Array.from(times), steps, 0)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("process time never falls and never exceeds the relative time", () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(1e9)), { minLength: 1 }), (given) => {
			const times = Float64Array.from(given.map(([, time]) => time)).sort();
			const steps = Float64Array.from(given, ([step]) => step);
			const process = processSeconds(times, steps, times[0]!);
			const relative = relativeSeconds(times, times[0]!);
			for (let i = 0; i < process.length; i++) {
				expect(process[i]!).toBeLessThanOrEqual(relative[i]! + 1e-6);
				if (i > 0) expect(process[i]!).toBeGreaterThanOrEqual(process[i - 1]! - 1e-6);
			}
		}),
	);
});

test("the epoch of a step is the one logged at it or nearest before it", () => {
	const epochs = seriesOf([
		[0, 0],
		[100, 1],
		[200, 2],
		[200, 2.5],
	]);
	expect([...epochsAt(Float64Array.from([0, 99, 100, 150, 250, 50]), epochs)]).toEqual([0, 0, 1, 1, 2.5, 0]);
	expect([...epochsAt(Float64Array.from([-1]), epochs)]).toEqual([Number.NaN]);
});

test("the epoch metric is found by its last part", () => {
	expect(epochMetric(["loss", "train/epoch", "epoch"])).toBe("epoch");
	expect(epochMetric(["val/epoch_loss", "trainer/epoch", "eval/epoch"])).toBe("eval/epoch");
	expect(epochMetric(["epoch_time", "epochs"])).toBeNull();
});
