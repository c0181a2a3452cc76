import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	findDivergence,
	findNotFinite,
	findOldCheckpoint,
	findOverfitting,
	findPlateau,
	findSlower,
	findWorseThanBaseline,
} from "../../../../src/core/insights/detectors";
import type { Series } from "../../../../src/shared/run";

/** Noise that is the same every time. */
function noise(seed: number) {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		return state / 0x3fffffff - 1;
	};
}

/** A history of `count` points, ten steps and one second apart. */
function history(
	count: number,
	valueAt: (share: number, at: number) => number,
	msAt = (at: number) => at * 1_000,
): Series {
	const all = Array.from({ length: count }, (_, at) => at);
	return {
		steps: Float64Array.from(all, (at) => at * 10),
		values: Float64Array.from(all, (at) => valueAt(at / (count - 1), at)),
		timestampsMs: Float64Array.from(all, msAt),
	};
}

const random = noise(7);
const falls = history(300, (share) => 2 * Math.exp(-4 * share) + 0.05 * random());
const diverges = history(
	300,
	(share) => 2 * Math.exp(-6 * share) + (share > 0.6 ? 8 * (share - 0.6) : 0) + 0.05 * random(),
);
const levels = history(300, (share) => 2 * Math.exp(-12 * share) + 0.3 + 0.02 * random());
const rises = history(300, (share) => 0.9 * (1 - Math.exp(-4 * share)) + 0.01 * random());

describe("what is not finite", () => {
	test("is found where it begins", () => {
		const series = history(50, (_, at) => (at >= 30 ? Number.NaN : at === 20 ? Number.POSITIVE_INFINITY : 1));
		expect(findNotFinite("loss", series)).toEqual({ step: 200, sentence: "loss is Infinity since step 200." });
		expect(findNotFinite("loss", falls)).toBeNull();
	});
});

describe("divergence", () => {
	test("is a loss that leaves its least value by far, and says from where", () => {
		const finding = findDivergence("val/loss", diverges);
		expect(finding?.sentence).toMatch(/^val\/loss rises since step \d+: from about 0\.\d+ to 3\.\d+\.$/);
		expect(finding?.step).toBeGreaterThan(1_600);
		expect(finding?.step).toBeLessThan(2_000);
	});

	test.each([
		["that falls", falls],
		["that levels out", levels],
		["that is noise alone", history(300, () => 1 + 0.3 * random())],
		["of ten points", history(10, (share) => share * 5)],
	])("is none of a loss %s", (_, series) => {
		expect(findDivergence("loss", series)).toBeNull();
	});

	test("is none of a metric that should rise", () => {
		expect(findDivergence("val/acc", rises)).toBeNull();
	});
});

describe("a plateau", () => {
	test("is a fifth of the steps without progress, after there was some", () => {
		expect(findPlateau("loss", levels)?.sentence).toMatch(
			/^loss has not improved for \d+ steps \(best about 0\.(29|3)\d*\)\.$/,
		);
		const accuracy = history(300, (share) => Math.min(0.9, share * 3) + 0.005 * random());
		expect(findPlateau("val/acc", accuracy)?.sentence).toMatch(/best about 0\.9/);
	});

	test.each([
		["still falls", falls],
		["never came down", history(300, () => 1 + 0.1 * random())],
		["is short", history(30, () => 1)],
	])("is none of a loss that %s", (_, series) => {
		expect(findPlateau("loss", series)).toBeNull();
	});
});

describe("overfitting", () => {
	const validation = history(150, (share) => 1 - share * 0.8 + (share > 0.5 ? (share - 0.5) * 2 : 0) + 0.02 * random());

	test("is a validation loss that rises while the training loss falls", () => {
		const finding = findOverfitting(falls, validation);
		expect(finding?.sentence).toContain("The validation loss rises since step");
		expect(finding?.step).toBeGreaterThan(600);
		expect(finding?.step).toBeLessThan(950);
	});

	test("is none where both fall, or both rise", () => {
		expect(
			findOverfitting(
				falls,
				history(150, (share) => 2 - share + 0.02 * random()),
			),
		).toBeNull();
		expect(findOverfitting(diverges, validation)).toBeNull();
	});
});

describe("beside a baseline's band", () => {
	const steps = Array.from({ length: 30 }, (_, at) => at * 100);
	const band = { steps, means: steps.map(() => 0.5), deviations: steps.map(() => 0.02), count: 5 };

	test("worse is outside of it at each of the last points", () => {
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => 0.6),
				band,
			),
		).toEqual({
			step: 2_990,
			sentence: "loss is 0.6 at step 2990, the baseline 0.5 ± 0.04 there (n = 5).",
		});
		expect(
			findWorseThanBaseline(
				"acc",
				history(300, () => 0.4),
				band,
			),
		).not.toBeNull();
	});

	test("better, within it, or out of it once is none", () => {
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => 0.4),
				band,
			),
		).toBeNull();
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => 0.53),
				band,
			),
		).toBeNull();
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, (_, at) => (at === 299 ? 0.9 : 0.5)),
				band,
			),
		).toBeNull();
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => Number.NaN),
				band,
			),
		).toBeNull();
	});

	test("one run has no spread: five per cent", () => {
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => 0.51),
				{ ...band, count: 1 },
			),
		).toBeNull();
		expect(
			findWorseThanBaseline(
				"loss",
				history(300, () => 0.54),
				{ ...band, count: 1 },
			),
		).not.toBeNull();
	});
});

test("a training that slows to less than half is said with both rates; a pause is not", () => {
	const slowsAt = (at: number) => (at < 180 ? at * 1_000 : 180_000 + (at - 180) * 4_000);
	expect(findSlower(history(200, () => 1, slowsAt))).toEqual({
		step: 1_990,
		sentence: "It does 2.5 steps a second, 10 before.",
	});
	expect(
		findSlower(
			history(
				200,
				() => 1,
				(at) => at * 1_000 + (at > 190 ? 600_000 : 0),
			),
		),
	).toBeNull();
	expect(findSlower(falls)).toBeNull();
});

test("a checkpoint is old by the pace of those before it, and never within ten minutes", () => {
	const every = (ms: number, count = 5) => Array.from({ length: count }, (_, at) => at * ms);
	expect(findOldCheckpoint(every(300_000), 1_200_000 + 2_460_000)).toEqual({
		sentence: "The newest checkpoint is 41 min old; one came every 5 min before.",
	});
	expect(findOldCheckpoint(every(300_000), 1_200_000 + 700_000)).toBeNull();
	expect(findOldCheckpoint(every(1_000), 4_000 + 599_000)).toBeNull();
	expect(findOldCheckpoint([0, 1], 1e12)).toBeNull();
});

test("whatever the numbers, a detector answers, and names a step of the history", () => {
	const point = fc.double({ noDefaultInfinity: false });
	fc.assert(
		fc.property(fc.array(point, { maxLength: 120 }), fc.constantFrom("loss", "acc", "x"), (values, metric) => {
			const series = history(Math.max(1, values.length), (_, at) => values[at] ?? 0);
			for (const finding of [
				findNotFinite(metric, series),
				findDivergence(metric, series),
				findPlateau(metric, series),
				findOverfitting(series, series),
				findSlower(series),
			]) {
				if (finding !== null) expect([...series.steps]).toContain(finding.step);
			}
		}),
	);
});
