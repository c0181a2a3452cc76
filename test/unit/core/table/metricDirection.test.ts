import { describe, expect, test } from "vitest";
import { metricDirection, summarise, verdictOf } from "../../../../src/core/table/metricDirection";

describe("which way a metric is better", () => {
	test.each([
		"loss",
		"val/loss",
		"valLoss",
		"train_error",
		"ppl",
		"rmse",
		"accuracy_loss",
		"eval/word_error_rate_loss",
	])("%s: the lower", (metric) => expect(metricDirection(metric)).toBe("lower"));
	test.each([
		"acc",
		"val/acc",
		"top1",
		"f1",
		"reward",
		"episode_return",
		"loss/val_acc",
		"map50",
		"ROC_AUC".toLowerCase(),
	])("%s: the higher", (metric) => expect(metricDirection(metric)).toBe("higher"));
	test.each(["lr", "epoch", "grad_norm", "glossary", "", "facet"])("%s: not known", (metric) =>
		expect(metricDirection(metric)).toBeNull(),
	);
});

describe("how a change reads", () => {
	test("better and worse follow the direction", () => {
		expect(verdictOf(-0.1, "lower", null)).toBe("better");
		expect(verdictOf(-0.1, "higher", null)).toBe("worse");
	});
	test("no more than the seeds' spread is noise, and nothing is said without a direction", () => {
		expect(verdictOf(0.01, "higher", 0.02)).toBe("within noise");
		expect(verdictOf(0.03, "higher", 0.02)).toBe("better");
		expect(verdictOf(0.03, null, 0.02)).toBeNull();
		expect(verdictOf(0, null, null)).toBe("same");
		expect(verdictOf(Number.NaN, "lower", null)).toBeNull();
	});
});

describe("mean and spread", () => {
	test("the sample deviation of three seeds", () => {
		expect(summarise([1, 2, 3])).toEqual({ mean: 2, deviation: 1, count: 3 });
	});
	test("NaN is left out of the count, one value has no spread, none is nothing", () => {
		expect(summarise([1, Number.NaN])).toEqual({ mean: 1, deviation: null, count: 1 });
		expect(summarise([Number.NaN])).toBeNull();
	});
	test("digits far from zero are kept", () => {
		expect(summarise([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])?.deviation).toBeCloseTo(Math.sqrt(30), 9);
	});
});
