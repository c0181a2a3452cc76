import { expect, test } from "vitest";
import { conversationTitle } from "../../../../src/core/agent/conversationTitle";

test.each([
	["Why did it fail?", "Why did it fail?"],
	["  Why?\n\nThe rest is not for a title.", "Why?"],
	["@job:7d0c1c9e-2b7f-4b52-9d7b-8f6d1d0c9a11 why did it fail?", "why did it fail?"],
	["@job:7d0c1c9e-2b7f-4b52-9d7b-8f6d1d0c9a11", "About a job"],
	["compare @run:warm-fox-12 with\tthe last", "compare warm-fox-12 with the last"],
	["why does @metric:val/loss[1200..1500] rise?", "why does val/loss rise?"],
	['see @file:"my notes.md" and mail ana@example.com', "see my notes.md and mail ana@example.com"],
	["what is in @diff:9f8e7d6a1b2c..a1b2c3d4e5f6", "what is in 9f8e7d6..a1b2c3d"],
	["", "Conversation"],
])("of %j it is %j", (prompt, title) => {
	expect(conversationTitle(prompt)).toBe(title);
});

test("a long line is cut where a word ends, one long word in its midst", () => {
	expect(conversationTitle("word ".repeat(40))).toBe(`${Array(12).fill("word").join(" ")}…`);
	expect(conversationTitle("x".repeat(200))).toBe(`${"x".repeat(30)}…`);
});
