import { expect, test } from "vitest";
import { isInBrushes, moved } from "../../../../webview/charts/brushes";
import {
	firstColumns,
	firstScatter,
	quantityIds,
	toQuantity,
	type ValuedRun,
} from "../../../../webview/charts/quantities";

const runs = (
	params: readonly Record<string, string>[],
	metrics: readonly Record<string, number>[] = [],
): ValuedRun[] =>
	params.map((own, i) => ({
		run: {
			key: `s/${i}`,
			name: `run-${i}`,
			experimentName: "e",
			status: "FINISHED",
			colour: i,
			isBaseline: false,
			startTimeMs: null,
			lastSignMs: null,
			group: `${i}`,
			problem: null,
		},
		values: { key: `s/${i}`, params: own, metrics: metrics[i] ?? {} },
	}));

test("a numeric param is placed by its value, over wide ratios by its logarithm", () => {
	const narrow = toQuantity("param:bs", runs([{ bs: "10" }, { bs: "20" }, { bs: "30" }]));
	expect([0, 1, 2].map((i) => narrow.place(`s/${i}`))).toEqual([0, 0.5, 1]);
	const wide = toQuantity("param:lr", runs([{ lr: "1e-4" }, { lr: "1e-3" }, { lr: "1e-2" }]));
	expect(wide.isLog).toBe(true);
	expect(wide.place("s/1")).toBeCloseTo(0.5);
});

test("words are placed apart, and a param that is a number only sometimes is words", () => {
	const words = toQuantity("param:opt", runs([{ opt: "sgd" }, { opt: "adam" }, { opt: "3" }]));
	expect(words.ticks.map(({ label }) => label)).toEqual(["3", "adam", "sgd"]);
	expect(words.place("s/0")).toBe(1);
});

test("no value, NaN and infinities have no place", () => {
	const metric = toQuantity("metric:acc", runs([{}, {}, {}], [{ acc: 1 }, { acc: Number.NaN }, {}]));
	expect([0, 1, 2].map((i) => metric.place(`s/${i}`))).toEqual([0.5, null, null]);
	expect(metric.text("s/1")).toBe("NaN");
});

test("names like those of objects' own members are just names", () => {
	const odd = runs([{ constructor: "1", toString: "2" }]);
	expect(quantityIds(odd)).toEqual(["param:constructor", "param:toString"]);
	expect(toQuantity("param:hasOwnProperty", odd).text("s/0")).toBeNull();
});

test("it begins with what differs and says most", () => {
	const some = runs(
		[
			{ lr: "0.1", same: "x", seed: "1" },
			{ lr: "0.2", same: "x", seed: "2" },
		],
		[
			{ "train/loss": 1, "val/acc": 0.5 },
			{ "train/loss": 2, "val/acc": 0.6 },
		],
	);
	expect(firstColumns(some)).toEqual(["param:lr", "param:seed", "metric:val/acc", "metric:train/loss"]);
	expect(firstScatter(some)).toEqual({ x: "param:lr", y: "metric:val/acc" });
});

test("a brush keeps what lies within it", () => {
	const some = runs([{ lr: "1" }, { lr: "2" }, {}]);
	const column = toQuantity("param:lr", some);
	const kept = (low: number, high: number) =>
		some.filter(({ run }) => isInBrushes(run.key, [column], { "param:lr": [low, high] })).length;
	expect([kept(0, 1), kept(0.5, 1), kept(0.2, 0.8)]).toEqual([2, 1, 0]);
	expect(moved([0, 1], 1)).toEqual([0.5, 1]);
	expect(moved([0.5, 1], 1)).toEqual([0.5, 1]);
});
