import fc from "fast-check";
import { expect, test } from "vitest";
import { mostCompletions, rankCompletions } from "../../../../src/core/agent/rankCompletions";
import type { Completion } from "../../../../src/shared/panels/agentPanel";

const candidate = (token: string): Completion => ({ token, detail: "", icon: "circle", mention: null });
const tokens = (given: readonly string[], query: string) =>
	rankCompletions(given.map(candidate), query).map(({ token }) => token);

test("what begins with what was typed comes first, then what is named so, then what has it", () => {
	const given = ["@file:xlossy", "@file:a/loss.py", "@metric:train/loss", "@metric:loss", "@loss:x", "@run:owl"];
	expect(tokens(given, "loss")).toEqual([
		"@loss:x",
		"@metric:loss",
		"@file:a/loss.py",
		"@metric:train/loss",
		"@file:xlossy",
	]);
});

test("letters in order are enough, quotes and case do not matter", () => {
	expect(tokens(['@run:"My Run 2"', "@run:other"], "run:my r")).toEqual(['@run:"My Run 2"']);
	expect(tokens(["@file:src/train.py", "@file:x"], "strpy")).toEqual(["@file:src/train.py"]);
	expect(tokens(["@file:src/train.py"], "zz")).toEqual([]);
});

test("with nothing typed the order that was given stays, cut to what a list can show", () => {
	const given = Array.from({ length: 100 }, (_, i) => `@run:r${i}`);
	expect(tokens(given, "")).toEqual(given.slice(0, mostCompletions));
});

test("what fits is found whatever it is called, and nothing else is invented", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 20 }), fc.nat(), (names, at) => {
			const given = [...new Set(names)].map((name) => `@${name}`);
			const wanted = given[at % Math.max(1, given.length)];
			if (wanted === undefined) return;
			expect(tokens(given, wanted.slice(1))).toContain(wanted);
			for (const token of tokens(given, wanted.slice(1))) expect(given).toContain(token);
		}),
	);
});
