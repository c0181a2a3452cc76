import fc from "fast-check";
import { expect, test } from "vitest";
import { ReportThinner } from "../../../../src/core/runner/reportThinner";

const points = (step: number, values: Record<string, number>) =>
	Object.entries(values).map(([key, value]) => ({ key, value, step, timestampMs: 0 }));

test("one report a step, each with all of its metrics", () => {
	const thinner = new ReportThinner();
	expect(thinner.push(points(1, { loss: 0.5 }), 0)).toEqual([]);
	expect(thinner.push(points(1, { acc: 0.1 }), 40)).toEqual([]);
	expect(thinner.push(points(2, { loss: 0.4 }), 1_000)).toEqual([{ step: 1, values: { loss: 0.5, acc: 0.1 } }]);
	expect(thinner.settle(1_050)).toEqual([]);
	expect(thinner.settle(1_100)).toEqual([{ step: 2, values: { loss: 0.4 } }]);
	expect(thinner.settle(5_000, true)).toEqual([]);
});

test("of steps that keep being fast one in a tenth of a second is told, the newest, and what comes once an epoch", () => {
	const thinner = new ReportThinner();
	const steps = Array.from({ length: 2_000 }, (_, step) => step);
	const told = steps.flatMap((step) =>
		thinner.push(points(step, step === 1_555 ? { loss: step, "val/acc": 0.9 } : { loss: step }), step),
	);
	told.push(...thinner.settle(2_000, true));
	const told100 = told.slice(0, 100).map(({ step }) => step);
	expect(told100).toEqual(steps.slice(0, 100));
	expect(told.length).toBeGreaterThan(115);
	expect(told.length).toBeLessThan(125);
	expect(told).toContainEqual({ step: 1_555, values: { loss: 1_555, "val/acc": 0.9 } });
	expect(told.at(-1)).toEqual({ step: 1_999, values: { loss: 1_999 } });
});

test("steps that come in one piece after a pause are all told", () => {
	const thinner = new ReportThinner();
	const burst = Array.from({ length: 80 }, (_, step) => points(step, { loss: step })).flat();
	const told = [...thinner.push(burst, 0), ...thinner.settle(0, true)];
	expect(told.map(({ step }) => step)).toEqual(Array.from({ length: 80 }, (_, step) => step));
});

test("what is not finite has its name, and the machine's own load is left out", () => {
	const thinner = new ReportThinner();
	thinner.push(points(1, { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY }), 0);
	thinner.push(points(0, { "system/cpu_utilization_percentage": 5 }), 0);
	expect(thinner.settle(0, true)).toEqual([{ step: 1, values: { a: "NaN", b: "Infinity", c: "-Infinity" } }]);
});

test("of steps slower than ten a second every point is told, in order", () => {
	const step = fc.dictionary(fc.constantFrom("loss", "acc", "lr"), fc.integer(), { minKeys: 1 });
	fc.assert(
		fc.property(fc.array(fc.tuple(step, fc.integer({ min: 100, max: 5_000 })), { maxLength: 30 }), (steps) => {
			const thinner = new ReportThinner();
			let now = 0;
			const told = steps.flatMap(([values, gapMs], at) => {
				now += gapMs;
				return thinner.push(points(at, values), now);
			});
			told.push(...thinner.settle(now, true));
			expect(told).toEqual(steps.map(([values], at) => ({ step: at, values: { ...values } })));
		}),
	);
});
