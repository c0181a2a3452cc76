import { describe, expect, test } from "vitest";
import { seedSiblings, spreadVerdict } from "../../../../src/core/why/seedSpread";
import type { Run } from "../../../../src/shared/run";
import { aRun } from "../../../support/aRun";

let count = 0;
const runOf = (acc: number, seed: number, change: Partial<Run> = {}) => {
	const id = `run${count++}`;
	return aRun({
		...{ id, key: `store/${id}`, name: id, status: "FINISHED", commit: "a".repeat(40) },
		...{ params: { lr: "0.1", seed: String(seed) }, metrics: { "val/acc": acc } },
		...change,
	});
};

describe("whether a difference is more than another seed would make", () => {
	const other = { commit: "b".repeat(40) };

	test("is not said where no run differs by the seed alone, and says what to do", () => {
		const [base, one] = [runOf(0.9, 1), runOf(0.8, 1, other)];
		const found = spreadVerdict("val/acc", base, one, [base, one]);
		expect(found).toMatchObject({ kind: "tooFew", verdict: "worse" });
		expect(found.sentence).toBe(
			"val/acc: 0.9 → 0.8 (-0.1, worse). No other run differs by the seed alone, so chance may have done it: run either again with two other seeds.",
		);
	});

	test("is outside for a fall that no seed reaches, with the numbers", () => {
		const bases = [0.9, 0.91, 0.89].map((acc, seed) => runOf(acc, seed));
		const others = [0.7, 0.71].map((acc, seed) => runOf(acc, seed, other));
		const [base, one] = [bases[0], others[0]];
		if (!base || !one) throw new Error("no runs");
		const found = spreadVerdict("val/acc", base, one, [...bases, ...others]);
		expect(found.kind).toBe("outside");
		expect(found.sentence).toMatch(
			/means of their seeds differ by -0\.195; seeds alone make up to ±0\.0\d+ of it \(n = 3 and 2\), so something else did it\.$/,
		);
	});

	test("is within for a fall as large as the seeds' own", () => {
		const bases = [0.9, 0.8, 0.85].map((acc, seed) => runOf(acc, seed));
		const one = runOf(0.82, 0, other);
		const base = bases[0] as Run;
		expect(spreadVerdict("val/acc", base, one, [...bases, one])).toMatchObject({ kind: "within", verdict: "worse" });
	});

	test.each([
		[0.9, 0.9, "same"],
		[0.9, Number.NaN, "notFinite"],
		[Number.POSITIVE_INFINITY, 0.9, "notFinite"],
	])("of %s and %s is %s", (from, to, kind) => {
		const [base, one] = [runOf(from, 1), runOf(to, 1, other)];
		expect(spreadVerdict("val/acc", base, one, [base, one]).kind).toBe(kind);
	});

	test("cannot be said of a metric that one of them has not", () => {
		const [base, one] = [runOf(0.9, 1), runOf(0.8, 1, { ...other, metrics: {} })];
		expect(spreadVerdict("val/acc", base, one, [])).toMatchObject({
			kind: "none",
			sentence: `${one.name} has not logged val/acc.`,
		});
	});
});

test("another seed is a run of the same commit and params that ended well; a run without params has none", () => {
	const base = runOf(0.9, 1);
	const same = runOf(0.91, 2);
	const not = [
		runOf(0.9, 3, { commit: "b".repeat(40) }),
		runOf(0.9, 4, { status: "FAILED" }),
		runOf(0.9, 5, { lifecycleStage: "deleted" }),
		runOf(0.9, 6, { params: { lr: "1", seed: "6" } }),
	];
	expect(seedSiblings(base, [base, same, ...not])).toEqual([base, same]);
	const bare = runOf(0.9, 1, { params: {} });
	expect(seedSiblings(bare, [bare, runOf(0.9, 2, { params: {} })])).toEqual([bare]);
});
