/**
 * Random numbers that follow from a seed, the same bits in every JavaScript engine: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled
 * Linear Pseudorandom Number Generators", ACM TOMS 47, 2021), its four words filled by SplitMix32 steps from the seed and the
 * stream (an episode's number). Only arithmetic that IEEE 754 and ECMAScript define to the bit: no Math.log, no Math.cos.
 */
export class RandomNumbers {
	readonly #words = new Uint32Array(4);
	#spare: number | null = null;

	constructor(seed: number, stream = 0) {
		let state = (seed ^ Math.imul(stream, 0x9e3779b1)) >>> 0;
		for (let at = 0; at < 4; at++) {
			state = (state + 0x9e3779b9) >>> 0;
			let mixed = state;
			mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
			mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
			this.#words[at] = mixed ^ (mixed >>> 16);
		}
	}

	/** Continues from these four words: for comparison with the authors' own program. */
	static fromWords(words: readonly [number, number, number, number]): RandomNumbers {
		const numbers = new RandomNumbers(0);
		numbers.#words.set(words);
		return numbers;
	}

	/** A whole number of 32 bits. */
	next(): number {
		const words = this.#words;
		const [a = 0, b = 0, c = 0, d = 0] = words;
		const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
		words[2] = c ^ a;
		words[3] = d ^ b;
		words[1] = b ^ (c ^ a);
		words[0] = a ^ (d ^ b);
		words[2] = c ^ a ^ (b << 9);
		words[3] = rotated(d ^ b, 11);
		return result;
	}

	/** At least 0 and below 1, of 53 bits. */
	uniform(): number {
		return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) / 2 ** 53;
	}

	/** Of mean 0 and variance 1: Marsaglia's polar method. */
	normal(): number {
		if (this.#spare !== null) {
			const spare = this.#spare;
			this.#spare = null;
			return spare;
		}
		for (;;) {
			const x = 2 * this.uniform() - 1;
			const y = 2 * this.uniform() - 1;
			const square = x * x + y * y;
			if (square >= 1 || square === 0) continue;
			const factor = Math.sqrt((-2 * exactLog(square)) / square);
			this.#spare = y * factor;
			return x * factor;
		}
	}
}

function rotated(word: number, by: number): number {
	return (word << by) | (word >>> (32 - by));
}

/** The natural logarithm of 0 < x ≤ 1 by the series of artanh, of additions and multiplications alone; error below 1e-15. */
export function exactLog(x: number): number {
	let halvings = 0;
	let rest = x;
	while (rest < Math.SQRT1_2) {
		rest *= 2;
		halvings++;
	}
	const t = (rest - 1) / (rest + 1);
	const square = t * t;
	let sum = 0;
	for (let power = 23; power >= 1; power -= 2) sum = sum * square + 1 / power;
	return 2 * t * sum - halvings * Math.LN2;
}
