import { afterEach, expect, test } from "vitest";
import { MetricHistories, statisticOf, type Wanted } from "../../../../src/core/table/metricHistories";
import { MemoryLibrary } from "../../../support/memoryLibrary";

const library = new MemoryLibrary();
const histories = new MetricHistories(library);
afterEach(() => {
	library.asked.length = 0;
});
const wanted = (id: string, statistic: Wanted["statistic"] = "max", step = 0): Wanted => ({
	key: `s/${id}`,
	metric: "acc",
	statistic,
	step,
});
const settled = () => new Promise((done) => setTimeout(done, 30));

test("minimum, maximum and the value at a step come from one reading, with the step they were logged at", async () => {
	library.setHistory("s/a", "acc", [3, 1, Number.NaN, 5, 4]);
	histories.want([wanted("a")]);
	expect(histories.read(wanted("a"))).toBeUndefined();
	await settled();
	expect(histories.read(wanted("a"))).toEqual({ value: 5, step: 3 });
	expect(histories.read(wanted("a", "min"))).toEqual({ value: 1, step: 1 });
	expect(library.asked).toEqual(["s/a acc"]);
	histories.want([wanted("a", "step", 100)]);
	await settled();
	expect(histories.read(wanted("a", "step", 100))).toEqual({ value: 4, step: 4 });
});

test("what has no value says why", async () => {
	library.setHistory("s/nan", "acc", [Number.NaN]);
	histories.want([wanted("nan"), wanted("missing")]);
	await settled();
	expect(histories.read(wanted("nan"))).toEqual({ problem: "Every logged value is NaN." });
	expect(histories.read(wanted("missing"))).toEqual({ problem: "s/missing has no metric acc." });
});

test("a history that grew is shown as it was until it is read again", async () => {
	library.setHistory("s/g", "acc", [1]);
	histories.want([wanted("g")]);
	await settled();
	library.setHistory("s/g", "acc", [1, 2]);
	library.put([], [{ key: "s/g", metrics: ["acc"] }]);
	expect(histories.read(wanted("g"))).toEqual({ value: 1, step: 0 });
	expect(histories.isUpToDate(wanted("g"))).toBe(false);
	histories.want([wanted("g")]);
	await settled();
	expect(histories.read(wanted("g"))).toEqual({ value: 2, step: 1 });
});

test("a new wish forgets what was not begun: scrolling past a thousand rows reads only the last ones", async () => {
	const many = Array.from({ length: 100 }, (_, i) => wanted(`m${i}`));
	for (const one of many) library.setHistory(one.key, "acc", [1]);
	histories.want(many);
	histories.want([wanted("m99")]);
	await settled();
	expect(library.asked).toHaveLength(5);
	expect(library.asked).toContain("s/m99 acc");
});

test("of equal steps the later value counts", () => {
	const series = {
		steps: Float64Array.of(0, 1, 1),
		values: Float64Array.of(1, 2, 3),
		timestampsMs: new Float64Array(3),
	};
	expect(statisticOf(series, "step", 1)).toEqual({ value: 3, step: 1 });
	expect(statisticOf(series, "step", -1)).toEqual({ problem: "Nothing was logged up to step -1." });
});
