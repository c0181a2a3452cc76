import { expect, test } from "vitest";
import { changedParams, toParam, toParams } from "../../../../src/core/jobs/jobParams";

test.each([
	["0.01", 0.01],
	["1e-3", 0.001],
	[" -4 ", -4],
	["64", 64],
	["true", true],
	["None", null],
	["adamw", "adamw"],
	["1.2.3", "1.2.3"],
	["0x10", "0x10"],
	["12345678901234567890", "12345678901234567890"],
	["1e999", "1e999"],
	["", ""],
	["[1, 2]", "[1, 2]"],
])("%j typed in is %j", (typed, expected) => {
	expect(toParam(typed)).toBe(expected);
});

test("what differs from the run is handed on, with what it was", () => {
	const before = { lr: "0.1", batch: "64", optimizer: "sgd" };
	const typed = new Map([
		["lr", "0.01"],
		["batch", "64"],
		["warmup", "500"],
	]);
	const changes = changedParams(before, typed);
	expect(changes).toEqual([
		{ name: "lr", before: "0.1", after: "0.01" },
		{ name: "warmup", before: null, after: "500" },
	]);
	expect(toParams(changes)).toEqual({ lr: 0.01, warmup: 500 });
	expect(changedParams({}, new Map([["toString", "1"]]))).toEqual([{ name: "toString", before: null, after: "1" }]);
});
