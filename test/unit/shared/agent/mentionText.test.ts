import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MentionRef, mentionBeing, parseMentions, printMention } from "../../../../src/shared/agent/mentionText";

const refsOf = (text: string) => parseMentions(text).map(({ ref }) => ref);

describe("mentions as people type them", () => {
	test.each<[string, MentionRef]>([
		["@run:warm-fox-12", { kind: "run", name: "warm-fox-12" }],
		['@run:"my run (2)"', { kind: "run", name: "my run (2)" }],
		["@metric:val/loss", { kind: "metric", metric: "val/loss", run: null, fromStep: null, toStep: null }],
		["@metric:val/loss[1200..1500]", { kind: "metric", metric: "val/loss", run: null, fromStep: 1200, toStep: 1500 }],
		["@metric:val/loss[1200..]", { kind: "metric", metric: "val/loss", run: null, fromStep: 1200, toStep: null }],
		["@metric:loss[..9]:owl", { kind: "metric", metric: "loss", run: "owl", fromStep: null, toStep: 9 }],
		["@job", { kind: "job", id: null }],
		["@job:a1-b2", { kind: "job", id: "a1-b2" }],
		["@job/last-error", { kind: "jobError", id: null }],
		["@job:a1/last-error", { kind: "jobError", id: "a1" }],
		["@diff:9f8e7d6..a1b2c3d", { kind: "diff", base: "9f8e7d6", other: "a1b2c3d" }],
		["@diff:v1.2..models/fix", { kind: "diff", base: "v1.2", other: "models/fix" }],
		["@file:src/train.py", { kind: "file", path: "src/train.py", fromLine: null, toLine: null }],
		["@file:.env#3", { kind: "file", path: ".env", fromLine: 3, toLine: 3 }],
		["@file:train.py#10-20", { kind: "file", path: "train.py", fromLine: 10, toLine: 20 }],
		["@selection:train.py#1-2", { kind: "selection", path: "train.py", fromLine: 1, toLine: 2 }],
		["@folder:src/models", { kind: "folder", path: "src/models" }],
		["@run:größe-1", { kind: "run", name: "größe-1" }],
	])("%s", (text, ref) => {
		expect(refsOf(text)).toEqual([ref]);
		expect(refsOf(`Why, (${text}), is it so?`)).toEqual([ref]);
	});

	test("the end of a sentence is not part of a name", () => {
		expect(parseMentions("Look at @file:train.py. And @run:owl, please.").map(({ ref }) => printMention(ref))).toEqual([
			"@file:train.py",
			"@run:owl",
		]);
	});

	test.each(["a@job.example", "@", "@nothing:x", "@run:", "@jobs", "@job-list", "@diff:a", "@selection:a.py", "@@job"])(
		"%s is text",
		(text) => expect(refsOf(text)).toEqual([]),
	);

	test("what is being typed is found at the caret, within quotes too", () => {
		expect(mentionBeing("see @me", 7)).toEqual({ start: 4, query: "me" });
		expect(mentionBeing('@run:"my ru', 11)).toEqual({ start: 0, query: 'run:"my ru' });
		expect(mentionBeing("@run:a b", 8)).toBeNull();
		expect(mentionBeing("mail a@b", 8)).toBeNull();
		expect(mentionBeing("@a\nb", 4)).toBeNull();
		expect(mentionBeing("none", 4)).toBeNull();
	});
});

const name = fc.oneof(
	fc.string({ minLength: 1, unit: "grapheme" }),
	fc.constantFrom("a..b", "x.", ".env", '"', "\\", "a b", "#1", "[1..2]", "last-error", "j/last-error", "@run:x"),
);
const step = fc.option(fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })));
const line = fc.integer({ min: 1, max: 999_999_999 });
const lines = fc.tuple(line, line);
const anyRef: fc.Arbitrary<MentionRef> = fc.oneof(
	fc.record({ kind: fc.constant("run" as const), name }),
	fc.record({
		kind: fc.constant("metric" as const),
		metric: name,
		run: fc.option(name),
		// There is one zero in a text.
		fromStep: step.map((value) => value && value + 0),
		toStep: step.map((value) => value && value + 0),
	}),
	fc.record({ kind: fc.constantFrom("job" as const, "jobError" as const), id: fc.option(name) }),
	fc.record({ kind: fc.constant("diff" as const), base: name, other: name }),
	fc.tuple(name, fc.option(lines)).map(([path, given]) => ({
		kind: "file" as const,
		path,
		fromLine: given?.[0] ?? null,
		toLine: given?.[1] ?? null,
	})),
	fc.record({ kind: fc.constant("folder" as const), path: name }),
	fc.tuple(name, lines).map(([path, [fromLine, toLine]]) => ({ kind: "selection" as const, path, fromLine, toLine })),
);
const plain = (ref: MentionRef) =>
	JSON.parse(JSON.stringify(ref), (_key, value: unknown) => (Object.is(value, -0) ? 0 : value));

describe("whatever is named", () => {
	test("is read as it was printed, alone and among other words", () => {
		fc.assert(
			fc.property(anyRef, anyRef, (one, other) => {
				expect(refsOf(printMention(one))).toEqual([plain(one)]);
				expect(refsOf(`why (${printMention(one)}), or\n${printMention(other)}?`)).toEqual([plain(one), plain(other)]);
			}),
		);
	});

	test("any text is read without an error, and its spans are in it and in order", () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(name, anyRef.map(printMention), fc.constantFrom("@", "@run:", " "))), (pieces) => {
				const text = pieces.join("");
				let before = 0;
				for (const { start, end } of parseMentions(text)) {
					expect(start).toBeGreaterThanOrEqual(before);
					expect(end).toBeGreaterThan(start);
					expect(text[start]).toBe("@");
					before = end;
				}
				expect(before).toBeLessThanOrEqual(text.length);
			}),
		);
	});
});
