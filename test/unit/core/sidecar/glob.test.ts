import { expect, test } from "vitest";
import { parseGlob } from "../../../../src/core/sidecar/glob";

const matches = (pattern: string, name: string) => {
	const part = parseGlob(pattern).parts.at(-1);
	return part instanceof RegExp && part.test(name);
};

test.each([
	["*.pt", "a.pt", true],
	["*.pt", "a.pth", false],
	["epoch_?.ckpt", "epoch_7.ckpt", true],
	["epoch_?.ckpt", "epoch_17.ckpt", false],
	["{best,last}.pt", "last.pt", true],
	["{best,last}.pt", "lost.pt", false],
	["run[0-3].pt", "run2.pt", true],
	["run[!0-3].pt", "run2.pt", false],
	["a+b(1).pt", "a+b(1).pt", true],
	["a.pt", "axpt", false],
])("%s over %s: %s", (pattern, name, expected) => expect(matches(pattern, name)).toBe(expected));

test("the fixed part is where to look", () => {
	expect(parseGlob("out/run/*.pt").base).toBe("out/run");
	expect(parseGlob("/abs/*/x.pt")).toMatchObject({ base: "/abs" });
	expect(parseGlob("*.pt").base).toBe(".");
	expect(parseGlob("/*.pt").base).toBe("/");
	expect(parseGlob("out/**/*.pt").parts).toHaveLength(2);
	expect(parseGlob("out/last.pt").base).toBe("out");
});
