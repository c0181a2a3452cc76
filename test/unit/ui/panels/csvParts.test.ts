import { expect, test } from "vitest";
import { csvField, csvHeader, csvParts } from "../../../../src/ui/panels/csvParts";

test("a history becomes one row per point, exact, with names quoted where they must be", () => {
	const series = {
		steps: Float64Array.of(0, 1, 2),
		timestampsMs: Float64Array.of(1000, 1000.5, 2000),
		values: Float64Array.of(0.1 + 0.2, Number.NaN, Number.NEGATIVE_INFINITY),
	};
	const text = csvHeader + [...csvParts({ name: 'a "b", c', id: "r1" }, series)].join("");
	expect(text).toBe(
		[
			"run,run_id,step,timestamp_ms,value",
			'"a ""b"", c",r1,0,1000,0.30000000000000004',
			'"a ""b"", c",r1,1,1000.5,NaN',
			'"a ""b"", c",r1,2,2000,-Infinity',
			"",
		].join("\n"),
	);
	expect(csvField("two\nlines")).toBe('"two\nlines"');
});

test("a long history comes in parts, none of them lost", () => {
	const count = 40_000;
	const series = {
		steps: Float64Array.from({ length: count }, (_, i) => i),
		timestampsMs: new Float64Array(count),
		values: new Float64Array(count),
	};
	const parts = [...csvParts({ name: "a", id: "b" }, series)];
	expect(parts.length).toBe(3);
	expect(parts.join("").split("\n").length - 1).toBe(count);
});
