import { expect, test } from "vitest";
import { compareByCodePoint } from "../../../src/core/codePoints";

test("text is ordered as Python orders it, also beyond U+FFFF", () => {
	const inPythonsOrder = ["", "A", "Z", "a", "a ", "aa", "b", "é", "\uff5e", "😀", "🚀", "🚀a"];
	expect([...inPythonsOrder].reverse().sort(compareByCodePoint)).toEqual(inPythonsOrder);
	expect(compareByCodePoint("a", "a")).toBe(0);
});
