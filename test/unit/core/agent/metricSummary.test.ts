import { describe, expect, test } from "vitest";
import { metricSummary, windowOf } from "../../../../src/core/agent/context/metricSummary";
import type { Series } from "../../../../src/shared/run";

function series(count: number, valueAt: (step: number) => number): Series {
	const steps = Float64Array.from({ length: count }, (_, at) => at);
	return { steps, values: steps.map(valueAt), timestampsMs: steps };
}

describe("what a model is told of a metric", () => {
	test("a hundred thousand points become at most two hundred, with the first, the last and every extreme", () => {
		const spiky = series(100_000, (step) => (step === 54_321 ? 99 : step === 77_777 ? -99 : Math.sin(step / 1000)));
		const { points, total } = windowOf(spiky, null, null);
		expect(total).toBe(100_000);
		expect(points.length).toBeLessThanOrEqual(200);
		expect([points[0]?.[0], points.at(-1)?.[0]]).toEqual([0, 99_999]);
		expect(points).toContainEqual([54_321, 99]);
		expect(points).toContainEqual([77_777, -99]);
		expect(windowOf(spiky, 10, 12).points.map(([step]) => step)).toEqual([10, 11, 12]);
		expect(
			windowOf(
				series(1_000, (step) => (step === 500 ? Number.NaN : 1)),
				null,
				null,
				20,
			).points.map(([step]) => step),
		).toContain(500);
	});

	test("its shape, best, last, where its level changed and what stands out, in a few lines", () => {
		const noise = (step: number) => 0.01 * Math.sin(step * 12.9898);
		const loss = series(100_000, (step) => (step < 60_000 ? 1 : 3) + noise(step) + (step === 30_000 ? 50 : 0));
		const summary = metricSummary("val/loss", loss, null, null);
		expect(summary).toContain("val/loss: 100000 points, steps 0 to 99999");
		expect(summary).toMatch(/least 0\.99\d* at step/);
		expect(summary).toMatch(/level changes: step (59|60)\d{3} from about 1 to 3/);
		expect(summary).toMatch(/stands out: 5\d(\.\d+)? at step 30000/);
		expect(summary.length).toBeLessThan(600);
		expect(
			metricSummary(
				"accuracy",
				series(10, (step) => step),
				null,
				null,
			),
		).toMatch(/greatest 9 at step 9, shape: rises/);
		expect(
			metricSummary(
				"loss",
				series(10, () => 2),
				null,
				null,
			),
		).toMatch(/shape: flat/);
		expect(
			metricSummary(
				"loss",
				series(10, (step) => (step > 7 ? Number.NaN : 1)),
				null,
				null,
			),
		).toMatch(/not finite: 2 points, the first NaN at step 8/);
		expect(
			metricSummary(
				"loss",
				series(10, () => 2),
				50,
				60,
			),
		).toBe("loss: no points between these steps");
	});
});
