import { expect, test } from "vitest";
import { isLater, MetricLineReader } from "../../../../src/core/mlflow/metricLines";

function read(text: string) {
	const bytes = new TextEncoder().encode(text);
	const lines = new MetricLineReader(bytes, 0, bytes.length);
	const points: [number, number, number][] = [];
	while (lines.next()) points.push([lines.timestampMs, lines.value, lines.step]);
	return { points, offset: lines.offset, malformedLine: lines.malformedLine };
}

test("three fields are time, value and step", () => {
	expect(read("1757 0.5 3\n1758 -inf -2\n").points).toEqual([
		[1757, 0.5, 3],
		[1758, Number.NEGATIVE_INFINITY, -2],
	]);
});

test("two fields, and five, have step 0, as in MLflow's reader", () => {
	expect(read("1757 0.5\n1757 0.5 3 dataset abc123\n").points).toEqual([
		[1757, 0.5, 0],
		[1757, 0.5, 0],
	]);
});

test("half a last line is kept back, and the next part begins with it", () => {
	const { points, offset } = read("1757 0.5 3\n1758 0.2");
	expect(points.length).toBe(1);
	expect(offset).toBe(11);
	expect(read("1757 0.5 3\n1 2").points.length).toBe(1);
});

test("Windows line ends do no harm", () => {
	expect(read("1757 0.5 3\r\n").points).toEqual([[1757, 0.5, 3]]);
});

test.each([
	"",
	"1757",
	"1757 0.5 3 dataset",
	"1757  0.5 3",
	"1757 0.5 3 a b c",
	"x 0.5 3",
	"1757 y 3",
	"1757 0.5 z",
	`1 ${"9".repeat(5000)} 1`,
])("the malformed line %j costs no other", (line) => {
	const { points, malformedLine } = read(`1 1 1\n${line}\n2 2 2\n`);
	expect(points).toEqual([
		[1, 1, 1],
		[2, 2, 2],
	]);
	expect(malformedLine).toBe(2);
});

test("the latest point has the greatest step, then time, then value; NaN gives way to nothing", () => {
	const point = (step: number, timestampMs: number, value: number) => ({ step, timestampMs, value });
	expect(isLater(point(5, 1, 0), point(4, 9, 9))).toBe(true);
	expect(isLater(point(4, 10, 0), point(4, 9, 9))).toBe(true);
	expect(isLater(point(4, 9, 10), point(4, 9, 9))).toBe(true);
	expect(isLater(point(4, 9, 9), point(4, 9, 9))).toBe(false);
	expect(isLater(point(4, 9, Number.NaN), point(4, 9, 9))).toBe(false);
	expect(isLater(point(4, 9, 9), point(4, 9, Number.NaN))).toBe(false);
});
