import { expect, test } from "vitest";
import { PointColumns } from "../../../../src/core/mlflow/pointColumns";

test("points come out by time, then step, then value, NaN where 0 would be", () => {
	const columns = new PointColumns(1);
	for (const [step, value, timestampMs] of [
		[2, 5, 20],
		[1, 1, 20],
		[1, Number.NaN, 20],
		[1, -1, 20],
		[9, 9, 10],
	] as const) {
		columns.push(step, value, timestampMs);
	}
	const { steps, values, timestampsMs } = columns.toSeries();
	expect([...timestampsMs]).toEqual([10, 20, 20, 20, 20]);
	expect([...steps]).toEqual([9, 1, 1, 1, 2]);
	expect([...values]).toEqual([9, -1, Number.NaN, 1, 5]);
});

test("what was handed out stays as it was while the history grows", () => {
	const columns = new PointColumns(2);
	columns.push(0, 1, 1);
	const early = columns.toSeries();
	for (let step = 1; step < 1000; step++) columns.push(step, step, step);
	expect(early.steps.length).toBe(1);
	early.values[0] = 77;
	expect(columns.toSeries().values[0]).toBe(1);
	expect(columns.length).toBe(1000);
	columns.clear();
	expect(columns.toSeries().steps.length).toBe(0);
});
