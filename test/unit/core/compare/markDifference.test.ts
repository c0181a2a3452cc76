import fc from "fast-check";
import { expect, test } from "vitest";
import { markDifference } from "../../../../src/core/compare/markDifference";

test("only what is not in the base is marked", () => {
	expect(markDifference("warmup of 500 steps", "warmup of 1000 steps")).toEqual([
		{ text: "warmup of ", isChanged: false },
		{ text: "10", isChanged: true },
		{ text: "00 steps", isChanged: false },
	]);
});

test("equal texts and texts that share next to nothing have no marks", () => {
	expect(markDifference("same", "same")).toBeNull();
	expect(markDifference("abcdef", "uvwxyz")).toBeNull();
});

test("the pieces are the text, and without the marked ones a part of the base, whatever the texts", () => {
	fc.assert(
		fc.property(
			fc.string({ unit: "grapheme", maxLength: 60 }),
			fc.string({ unit: "grapheme", maxLength: 60 }),
			(base, text) => {
				const pieces = markDifference(base, text);
				if (pieces === null) return;
				expect(pieces.map((piece) => piece.text).join("")).toBe(text);
				const rest = [...base];
				for (const character of pieces.filter((piece) => !piece.isChanged).flatMap((piece) => [...piece.text])) {
					const at = rest.indexOf(character);
					expect(at).toBeGreaterThanOrEqual(0);
					rest.splice(0, at + 1);
				}
			},
		),
	);
});

test("megabytes take no longer than a blink", () => {
	const start = performance.now();
	markDifference("a".repeat(100_000), `${"b".repeat(100_000)}a`);
	expect(performance.now() - start).toBeLessThan(1000);
});
