import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { withoutEval } from "../../tools/lib/mujocoWithoutEval.mjs";

const source = readFileSync(createRequire(import.meta.url).resolve("@mujoco/mujoco"), "utf8");

test("the physics engine's three statements that make code from text are replaced, and none is left", () => {
	const { text, count } = withoutEval(source);
	expect(count).toBe(3);
	expect(text).not.toMatch(/new Function\s*\(|\beval\s*\(/);
});

test("an engine that has another statement there is noticed", () => {
	expect(withoutEval(source.replace("new Function(...params", "new Function( ...params")).count).toBe(2);
	expect(withoutEval(source + source).count).toBe(6);
});
