import { expect, test } from "vitest";
import { csvField, csvHeader, csvParts, metricCsv, metricsCsv } from "../../../../src/ui/panels/csvParts";
import { MemoryLibrary, runWith } from "../../../support/memoryLibrary";

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

const library = new MemoryLibrary();
const runs = [
	runWith("a", { name: "warm, fox", metrics: { loss: 1, "val/acc": 0.9 } }),
	runWith("b", { metrics: { loss: 2 } }),
];
library.setHistory("s/a", "loss", [3, 1]);
library.setHistory("s/b", "loss", [2]);
library.setHistory("s/a", "val/acc", [0.9]);
const read = (key: string, metric: string) => library.history(key, metric);

async function textOf(parts: AsyncIterable<string>): Promise<string> {
	let text = "";
	for await (const part of parts) text += part;
	return text;
}

test("several metrics make one table with a column of their names; what a run has not logged is not asked for", async () => {
	const named: string[] = [];
	const text = await textOf(metricsCsv(["val/acc", "gone", "loss"], runs, read, (metric) => named.push(metric)));
	expect(text.split("\n")).toEqual([
		"run,run_id,metric,step,timestamp_ms,value",
		'"warm, fox",a,val/acc,0,1000000000000,0.9',
		'"warm, fox",a,loss,0,1000000000000,3',
		'"warm, fox",a,loss,1,1000000001000,1',
		"b,b,loss,0,1000000000000,2",
		"",
	]);
	expect(named).toEqual(["val/acc", "loss"]);
});

test("one metric needs no such column, and none at all is an error that says so", async () => {
	expect(await textOf(metricCsv("val/acc", runs, read))).toBe(`${csvHeader}"warm, fox",a,0,1000000000000,0.9\n`);
	await expect(textOf(metricCsv("gone", runs, read))).rejects.toThrow("None of the runs on the charts has gone.");
	await expect(textOf(metricsCsv(["gone"], runs, read))).rejects.toThrow("None of the runs on the charts has these");
});
