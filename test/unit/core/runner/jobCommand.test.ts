import { expect, test } from "vitest";
import { toJobCommand, toParamEnvironment } from "../../../../src/core/runner/jobCommand";

const params = { lr: 0.1, "batch-size": 32, note: `a "b" $c`, amp: true, resume: null };

test("the repository's words are started as they are; params stay in the environment", () => {
	const settings = { command: ["python3", "train.py"], passParams: "environment" } as const;
	expect(toJobCommand(settings, params, "python")).toEqual(["python3", "train.py"]);
});

test("what the repository does not say is train.py", () => {
	const settings = { command: null, passParams: "environment" } as const;
	expect(toJobCommand(settings, {}, "/v/bin/python")).toEqual(["/v/bin/python", "train.py"]);
});

test("params follow the command as words of their own; a null one is left out", () => {
	const settings = { command: ["./train"], passParams: "arguments" } as const;
	expect(toJobCommand(settings, params, "python")).toEqual([
		"./train",
		...["--lr", "0.1", "--batch-size", "32", "--note", `a "b" $c`, "--amp", "true"],
	]);
});

test("a line for the shell gets params that no shell reads again", () => {
	const settings = { command: "cd src && python train.py", passParams: "arguments" } as const;
	expect(toJobCommand(settings, { note: "$(touch pwned)" }, "python")).toEqual([
		"/bin/sh",
		"-c",
		'cd src && python train.py "$@"',
		"sh",
		"--note",
		"$(touch pwned)",
	]);
	expect(toJobCommand(settings, {}, "python")).toEqual(["/bin/sh", "-c", "cd src && python train.py"]);
});

test("params are in the environment under names that every shell takes", () => {
	expect(toParamEnvironment({ ...params, "model.größe": "L" })).toEqual({
		GAMMA_PARAM_LR: "0.1",
		GAMMA_PARAM_BATCH_SIZE: "32",
		GAMMA_PARAM_NOTE: `a "b" $c`,
		GAMMA_PARAM_AMP: "true",
		GAMMA_PARAM_RESUME: "",
		GAMMA_PARAM_MODEL_GR__E: "L",
	});
});
