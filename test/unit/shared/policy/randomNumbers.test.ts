import { expect, test } from "vitest";
import { exactLog, RandomNumbers } from "../../../../src/shared/policy/randomNumbers";

test("the numbers are those of the authors' xoshiro128** from the words 1, 2, 3, 4", () => {
	const random = RandomNumbers.fromWords([1, 2, 3, 4]);
	// Worked out by the algorithm in exact integers, in Python.
	const expected = [
		11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
	];
	expect(Array.from(expected, () => random.next())).toEqual(expected);
});

test("a seed and a stream give the same numbers again; another of either gives others", () => {
	const first = (seed: number, stream?: number) => {
		const random = new RandomNumbers(seed, stream);
		return [random.next(), random.next(), random.normal(), random.normal(), random.uniform()];
	};
	expect(first(5, 3)).toEqual(first(5, 3));
	expect(first(5)).toEqual(first(5, 0));
	const all = [first(0), first(1), first(0, 1), first(1, 1), first(2 ** 32 - 1), first(0, 2)].map(String);
	expect(new Set(all).size).toBe(all.length);
});

test("the logarithm needs no engine's own and is right to fifteen digits", () => {
	for (const x of [1, 0.999999, 0.75, Math.SQRT1_2, 0.5, 0.1, 1e-5, 1e-300, 5e-324]) {
		expect(Math.abs(exactLog(x) - Math.log(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(Math.log(x))) * 2);
	}
});

test("uniform numbers fill 0 to 1 evenly, normal ones have mean 0 and variance 1", () => {
	const random = new RandomNumbers(1);
	const count = 20_000;
	const uniform = Array.from({ length: count }, () => random.uniform());
	expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
	for (let tenth = 0; tenth < 10; tenth++) {
		const share = uniform.filter((value) => Math.floor(value * 10) === tenth).length / count;
		expect(share).toBeCloseTo(0.1, 1);
	}
	const normal = Array.from({ length: count }, () => random.normal());
	const mean = normal.reduce((sum, value) => sum + value, 0) / count;
	const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
	expect(Math.abs(mean)).toBeLessThan(0.03);
	expect(Math.abs(variance - 1)).toBeLessThan(0.05);
	expect(normal.filter((value) => Math.abs(value) > 1.96).length / count).toBeCloseTo(0.05, 2);
});
