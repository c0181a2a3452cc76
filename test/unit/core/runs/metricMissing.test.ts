import { expect, test } from "vitest";
import { metricMissing } from "../../../../src/core/runs/metricMissing";

const known = ["epoch", "lr", "train/acc", "train/loss", "val/acc", "val/loss"];

test("a metric that is not there is named as it was asked for", () => {
	expect(metricMissing("r1", "val/lss")).toMatchObject({
		code: "metric.missing",
		message: 'The run r1 has no metric "val/lss".',
	});
});

test("those that were likely meant come first, and the rest is counted", () => {
	expect(metricMissing("r1", "val/lss", known).message).toBe(
		'The run r1 has no metric "val/lss". It has val/loss, val/acc, lr, train/loss, epoch, and 1 more.',
	);
	expect(metricMissing("r1", "x", ["loss"]).message).toBe('The run r1 has no metric "x". It has loss.');
});

test("names without an end, or with line breaks, stay one short line", () => {
	const { message } = metricMissing(
		"r1",
		"a\n".repeat(100_000),
		Array.from({ length: 50 }, (_, i) => `${i}\n`.repeat(5_000)),
	);
	expect(message).not.toContain("\n");
	expect(message.length).toBeLessThan(800);
});
