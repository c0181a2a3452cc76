import "../../../support/propertySeed";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines } from "../../../../src/core/edits/lineDiff";
import {
	hasMixedLineEnds,
	joinLines,
	lineEndOf,
	splitLines,
	textHash,
	withLineEnd,
} from "../../../../src/core/edits/lines";
import { type MergeConflict, mergeLines } from "../../../../src/core/edits/mergeLines";
import { toPatch } from "../../../../src/core/edits/patchText";

const lines = fc.array(fc.constantFrom("a\n", "b\n", "c\n", "d\n", "\n"), { maxLength: 30 });

describe("lines", () => {
	test("joined they are the text again, whatever its line ends", () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom("a", "\n", "\r\n", "\r", "ä"), { maxLength: 20 }), (parts) => {
				const text = parts.join("");
				expect(splitLines(text).join("")).toBe(text);
			}),
		);
	});

	test("a last line without an end gets one where others come after it", () => {
		expect(joinLines(["a", "b\n", "c"], "\r\n")).toBe("a\r\nb\nc");
	});

	test.each([
		["a\r\nb\r\n", "\r\n", false],
		["a\nb\r\nc\n", "\n", true],
		["", "\n", false],
		["a\rb\n", "\n", true],
	])("%j ends its lines with %j", (text, lineEnd, isMixed) => {
		expect([lineEndOf(text), hasMixedLineEnds(text)]).toEqual([lineEnd, isMixed]);
	});

	test("all line ends become one kind, and none is made", () => {
		expect(withLineEnd("a\r\nb\nc\rd", "\n")).toBe("a\nb\nc\nd");
	});

	test("texts that differ in little have another hash", () => {
		const texts = ["", "a", "b", "ab", "ba", "a\n", "a\r\n", "ä"];
		expect(new Set(texts.map(textHash)).size).toBe(texts.length);
	});
});

describe("the difference of two texts", () => {
	test("applied to the first is the second, and nothing that is the same is in it", () => {
		fc.assert(
			fc.property(lines, lines, (before, after) => {
				const made: string[] = [];
				let at = 0;
				for (const { oldStart, oldEnd, newStart, newEnd } of diffLines(before, after)) {
					made.push(...before.slice(at, oldStart), ...after.slice(newStart, newEnd));
					expect(oldStart).toBeGreaterThanOrEqual(at);
					expect(before.slice(oldStart, oldEnd)).not.toEqual(after.slice(newStart, newEnd));
					at = oldEnd;
				}
				expect([...made, ...before.slice(at)]).toEqual(after);
			}),
		);
	});

	test("is nothing for the same text", () => {
		fc.assert(
			fc.property(lines, (text) => {
				expect(diffLines(text, text)).toEqual([]);
			}),
		);
	});

	test("keeps what is once in both in place: a function put in is one change", () => {
		const before = splitLines("def a():\n    return 1\n\ndef c():\n    return 3\n");
		const after = splitLines("def a():\n    return 1\n\ndef b():\n    return 2\n\ndef c():\n    return 3\n");
		expect(diffLines(before, after)).toEqual([{ oldStart: 3, oldEnd: 3, newStart: 3, newEnd: 6 }]);
	});

	test("where two texts have nothing in common it is one change", () => {
		const [before, after] = ["a", "b"].map((name) =>
			Array.from({ length: 3_000 }, (_, line) => `${name}${line % 50}\n`),
		);
		expect(diffLines(before ?? [], after ?? [])).toHaveLength(1);
	});
});

describe("a three-way merge", () => {
	const merged = (base: readonly string[], ours: readonly string[], theirs: readonly string[]) =>
		mergeLines(base, ours, theirs).flatMap<string | MergeConflict>((part) =>
			"lines" in part ? part.lines.map(({ text }) => text) : [part.conflict],
		);

	test("with a side that changed nothing is the other side", () => {
		fc.assert(
			fc.property(lines, lines, (base, other) => {
				expect(merged(base, base, other)).toEqual(other);
				expect(merged(base, other, base)).toEqual(other);
				expect(merged(base, other, other)).toEqual(other);
			}),
		);
	});

	test("has every line that either side put in, merged or in a conflict", () => {
		const own = (name: string) =>
			fc.tuple(fc.array(fc.nat(40), { maxLength: 6 }), fc.constant(name)).map(([places, side]) => ({ places, side }));
		fc.assert(
			fc.property(lines, own("mine"), own("theirs"), (base, mine, theirs) => {
				const put = ({ places, side }: { places: number[]; side: string }) => {
					const text: string[] = [...base];
					places.forEach((place, index) => {
						text.splice(place % (text.length + 1), 0, `${side} ${index}\n`);
					});
					return text;
				};
				const [left, right] = [put(mine), put(theirs)];
				const all = JSON.stringify(merged(base, left, right));
				for (const line of [...left, ...right]) expect(all).toContain(JSON.stringify(line).slice(1, -1));
			}),
		);
	});

	test("changes that touch are both taken, at one place they are a conflict, and the same twice is once", () => {
		expect(merged(["a", "b"], ["A", "b"], ["a", "B"])).toEqual(["A", "B"]);
		expect(merged(["a"], ["x", "a"], ["y", "a"])).toEqual([
			{ base: [], ours: ["x"], oursStart: 0, theirs: ["y"] },
			"a",
		]);
		expect(merged(["a"], ["x", "a"], ["x", "a"])).toEqual(["x", "a"]);
		expect(merged(["a", "b", "c"], ["a", "c"], ["a", "B", "c"])).toEqual([
			"a",
			{ base: ["b"], ours: [], oursStart: 1, theirs: ["B"] },
			"c",
		]);
	});
});

describe("a patch", () => {
	test("has three lines around, and hunks that are near become one", () => {
		const before = Array.from({ length: 20 }, (_, line) => `${line}\n`).join("");
		const after = before.replace("\n5\n", "\nfive\n").replace("\n9\n", "\nnine\n").replace("\n19\n", "\n");
		expect(toPatch("a.txt", before, after)).toBe(
			[
				...["--- a/a.txt", "+++ b/a.txt", "@@ -3,11 +3,11 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"],
				...["-9", "+nine", " 10", " 11", " 12", "@@ -17,4 +17,3 @@", " 16", " 17", " 18", "-19", ""],
			].join("\n"),
		);
	});

	test("says what is new, gone, renamed or without a last line end", () => {
		expect(toPatch("a", null, "x")).toBe("--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n\\ No newline at end of file\n");
		expect(toPatch("a", "x\n", null)).toBe("--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n");
		expect(toPatch("b", "x\n", "x\n", "a")).toBe("--- a/a\n+++ b/b\n");
		expect(toPatch("a", "x\n", "x\n")).toBe("");
	});
});
