import { expect, test, vi } from "vitest";
import { GammaError, toFailure } from "../../../src/shared/errors";

test("an error of a part that has its own copy of the class is known", async () => {
	vi.resetModules();
	const part = await import("../../../src/shared/errors");
	expect(part.GammaError).not.toBe(GammaError);
	const error = new part.GammaError("run.missing", "There is no run.");
	expect(GammaError.is(error)).toBe(true);
	expect(GammaError.is(error, "run.missing")).toBe(true);
	expect(GammaError.is(error, "metric.missing")).toBe(false);
	expect(toFailure(error)).toEqual({ code: "run.missing", message: "There is no run." });
});

test.each([
	["another error", new Error("no")],
	["a system's error", Object.assign(new Error("no"), { code: "ENOENT" })],
	["a plain object that looks like one", { name: "GammaError", code: "run.missing", message: "" }],
	["nothing", null],
])("%s is none of Gamma's", (_name, error) => {
	expect(GammaError.is(error)).toBe(false);
	expect(toFailure(error).code).toBe("unexpected");
});
