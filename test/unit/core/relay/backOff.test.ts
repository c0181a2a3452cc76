import { expect, test } from "vitest";
import { backOffMs } from "../../../../src/core/relay/backOff";

const between = (failures: number, askedMs: number | null = null) => [
	backOffMs(failures, askedMs, () => 0),
	backOffMs(failures, askedMs, () => 1),
];

test("waits longer with every failure, by chance, from a second to half a minute", () => {
	expect([1, 2, 3, 4, 5, 6, 50].map((failures) => between(failures))).toEqual([
		[1_000, 2_000],
		[2_000, 4_000],
		[4_000, 8_000],
		[8_000, 16_000],
		[15_000, 30_000],
		[15_000, 30_000],
		[15_000, 30_000],
	]);
});

test("waits as long as the relay asks for, and not less than by itself", () => {
	expect(between(1, 120_000)).toEqual([120_000, 120_000]);
	expect(between(6, 2_000)).toEqual([15_000, 30_000]);
});
