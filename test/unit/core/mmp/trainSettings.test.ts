import fc from "fast-check";
import { expect, test } from "vitest";
import { sagemakerFields, sagemakerFileSchema } from "../../../../src/core/mmp/sagemakerSettings";
import {
	defaultTrainSettings,
	parseTrainSettings,
	trainFields,
	trainFileSchema,
} from "../../../../src/core/mmp/trainSettings";
import { GammaError } from "../../../../src/shared/errors";

function problemOf(text: string): string {
	try {
		parseTrainSettings(text);
		return "none";
	} catch (error) {
		return GammaError.is(error, "settings.invalid") ? error.message : `another error: ${String(error)}`;
	}
}

test("a whole file is read, and an empty one leaves everything to Gamma", () => {
	const file = {
		$schema: "./train.schema.json",
		command: ["python3", "train.py", ""],
		experiment: "spirals",
		checkpoints: ["checkpoints/*.pt"],
		metrics: [{ name: "val=loss", regex: "val=(?P<number>[0-9.]+)" }],
		env: { SEED: "7", EMPTY: "" },
		links: ["data", "big/sets", "..hidden"],
		labels: ["gpu"],
		passParams: "arguments",
		sagemaker: { role: "arn:aws:iam::123456789012:role/train", spot: true, rol: "typo" },
		comand: "typo",
	};
	const { metrics, ...read } = parseTrainSettings(JSON.stringify(file));
	expect(read).toEqual({
		command: ["python3", "train.py", ""],
		experiment: "spirals",
		checkpoints: ["checkpoints/*.pt"],
		env: { SEED: "7", EMPTY: "" },
		links: ["data", "big/sets", "..hidden"],
		labels: ["gpu"],
		passParams: "arguments",
		sagemaker: { ...defaultTrainSettings.sagemaker, role: "arn:aws:iam::123456789012:role/train", spot: true },
		unknownKeys: ["comand", "sagemaker.rol"],
	});
	expect(metrics.map(({ name, pattern }) => [name, pattern.exec("val=0.5")?.[1]])).toEqual([["val=loss", "0.5"]]);
	expect(parseTrainSettings("{}")).toEqual(defaultTrainSettings);
	expect(parseTrainSettings('{"command": "make train"}').command).toBe("make train");
});

test.each([
	["command", '[""]'],
	["command", "[]"],
	["command", '["python3", 7]'],
	["command", '" "'],
	["command", '["a\\u0000b"]'],
	["experiment", '""'],
	["checkpoints", '"*.pt"'],
	["metrics", '[{"name": "loss"}]'],
	["env", '{"1A": "x"}'],
	["env", '{"A": 1}'],
	["links", '["../data"]'],
	["links", '["/data"]'],
	["links", '["a/.."]'],
	["links", '["./a"]'],
	["links", '["a/../b"]'],
	["links", '[""]'],
	["labels", '[""]'],
	["passParams", '"both"'],
	["$schema", "1"],
	["sagemaker", "7"],
])("a wrong %s is said with its line: %s", (key, value) => {
	expect(problemOf(`{\n"x": 1,\n"${key}": ${value}}`)).toBe(`.gamma/train.json, line 3: ${trainFields[key]}.`);
});

test.each([
	["role", "7"],
	["instanceType", '""'],
	["image", '" "'],
	["bucket", "[]"],
	["volumeSizeGb", "0"],
	["volumeSizeGb", "1.5"],
	["maxRuntimeSeconds", "2419201"],
	["spot", '"yes"'],
	["subnets", '["sg-1"]'],
	["securityGroups", '["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"]'],
])("a wrong sagemaker.%s is said with its line: %s", (key, value) => {
	const text = `{"sagemaker": {\n"x": 1,\n"${key}": ${value}}}`;
	expect(problemOf(text)).toBe(`.gamma/train.json, line 3: ${sagemakerFields[key]}.`);
});

test("one sentence per wrong key, on a line of its own", () => {
	const text = '{"command": [1, 2, 3],\n"labels": [1, 2],\n"env": 7}';
	expect(problemOf(text).split("\n")).toEqual([
		`.gamma/train.json, line 1: ${trainFields.command}.`,
		`.gamma/train.json, line 3: ${trainFields.env}.`,
		`.gamma/train.json, line 2: ${trainFields.labels}.`,
	]);
});

test.each([
	["{,}", "line 1: a key in double quotes is expected"],
	["[]", 'line 1: an object such as {"command": ["python3", "train.py"]} is expected.'],
	["null", "line 1: an object such as"],
	['{"metrics": [\n{"name": "loss", "regex": "loss"}]}', "line 2: The metric definition"],
	['{"metrics": [{"name": "loss", "regex": "("}]}', "its regular expression cannot be read."],
])("%j is refused", (text, reason) => {
	expect(problemOf(text)).toContain(reason);
});

test("each key has its sentence", () => {
	expect(Object.keys(trainFields).sort()).toEqual(Object.keys(trainFileSchema.shape).sort());
	expect(Object.keys(sagemakerFields).sort()).toEqual(Object.keys(sagemakerFileSchema.shape).sort());
});

test("nothing but settings.invalid is thrown, whatever the file holds", () => {
	const keys = Object.keys(trainFields);
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...keys, "__proto__"), fc.jsonValue({ maxDepth: 3 })), (file) => {
			expect(problemOf(JSON.stringify(file))).not.toContain("another error");
		}),
	);
});
