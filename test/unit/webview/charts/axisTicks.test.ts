import { expect, test } from "vitest";
import { formatSeconds, formatX, linearTicks, logTicks, xTicks } from "../../../../webview/charts/axisTicks";

const labels = (ticks: readonly { label: string }[]) => ticks.map((tick) => tick.label);

test("ticks are round, within the range and told apart by just enough digits", () => {
	expect(labels(linearTicks(0, 1, 5))).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
	expect(labels(linearTicks(0.9131, 0.9139, 4))).toEqual(["0.9132", "0.9134", "0.9136", "0.9138"]);
	expect(labels(linearTicks(0, 2_000_000, 4))).toEqual(["0", "500k", "1.0M", "1.5M", "2.0M"]);
	expect(labels(linearTicks(0, 0.0002, 4))).toEqual(["0", "0.00005", "0.00010", "0.00015", "0.00020"]);
	expect(labels(linearTicks(0, 2e-7, 2))).toEqual(["0", "1e-7", "2e-7"]);
	expect(labels(linearTicks(-1, 1, 2))).toEqual(["−1", "0", "1"]);
});

test("a broken range has no ticks instead of endless ones", () => {
	expect(linearTicks(Number.NaN, 1, 5)).toEqual([]);
	expect(linearTicks(1, 1 + 1e-15, 5).length).toBeLessThan(20);
	expect(linearTicks(-Number.MAX_VALUE, Number.MAX_VALUE, 5).length).toBeLessThan(20);
	expect(logTicks(0, 10, 5)).toEqual([]);
});

test("a log axis has decades, and 2 and 5 of each where few are in sight", () => {
	expect(labels(logTicks(0.001, 1000, 8))).toEqual(["0.001", "0.01", "0.1", "1", "10", "100", "1000"]);
	expect(labels(logTicks(1, 100, 6))).toEqual(["1", "2", "5", "10", "20", "50", "100"]);
	expect(logTicks(1e-12, 1e12, 6).length).toBeLessThan(9);
});

test("steps have no ticks between whole numbers", () => {
	expect(labels(xTicks("step", false, 0, 2, 6))).toEqual(["0", "1", "2"]);
});

test("times have ticks at round times of day and of duration", () => {
	expect(labels(xTicks("relative", false, 0, 5400, 6))).toEqual([
		"0 s",
		"15 min",
		"30 min",
		"45 min",
		"1 h",
		"1:15 h",
		"1:30 h",
	]);
	const start = new Date(2026, 10, 21, 22, 0).getTime();
	const wall = labels(xTicks("wall", false, start, start + 4 * 3600_000, 4));
	expect(wall.slice(0, 2)).toEqual(["22:00", "23:00"]);
	expect(wall[2]).not.toMatch(/:/);
});

test("a duration is said as people say it", () => {
	expect([0, 7, 200, 3600, 7500, 90_000, -30].map((seconds) => formatSeconds(seconds, 1))).toEqual([
		"0 s",
		"7 s",
		"3:20 min",
		"1 h",
		"2:05 h",
		"1 d 1 h",
		"−30 s",
	]);
	expect(formatX("step", 1240)).toBe("1,240");
});
