import { expect, test } from "vitest";
import { nameOfClone, problemOfTrainingName } from "../../../../src/core/mmp/trainingName";
import { awsDoors } from "../../../../src/core/sagemaker/awsDoor";
import { belongingOf } from "../../../../src/core/sagemaker/belongs";
import { consoleUrl } from "../../../../src/core/sagemaker/training";
import { aTraining } from "../../../support/aTraining";

const project = { project: "Ada/spirals", role: null, names: new Set(["told"]) };

test.each([
	["told", {}, {}, "name"],
	["x", { "gamma:project": "ada/Spirals" }, {}, "tag"],
	["x", {}, { GAMMA_PROJECT: "ada/spirals" }, "tag"],
	["spirals-models-x", { "gamma:project": "bo/other" }, {}, null],
	["Spirals-models-lr-1", {}, {}, "prefix"],
	["spirals2-models-lr-1", {}, {}, null],
	["x", {}, {}, null],
] as const)("%s with tags %j and variables %j counts by its %s", (name, tags, environment, by) => {
	expect(belongingOf(aTraining({ name, tags, environment }), project)).toBe(by);
});

test("a role is the last that counts", () => {
	const { role } = aTraining();
	expect(belongingOf(aTraining({ name: "x" }), { ...project, role })).toBe("role");
	expect(belongingOf(aTraining({ name: "x", tags: { "gamma:project": "bo/y" } }), { ...project, role })).toBe(null);
});

test.each(["a", "spirals-models-x-0123456-1", "x".repeat(63), `${"y".repeat(55)}-cab12`])(
	"a copy of %s has a name that SageMaker takes",
	(name) => {
		const clone = nameOfClone(name, "m3k9z1abc");
		expect([clone === name, problemOfTrainingName(clone)]).toEqual([false, undefined]);
		// A copy of a copy does not grow.
		expect(nameOfClone(clone, "000000").length).toBe(clone.length);
	},
);

test.each(["", "-a", "a-", "ü", "a b", "x".repeat(64)])("%j is no name of a training", (name) => {
	expect(problemOfTrainingName(name)).toMatch(/^A training's name/);
});

test.each([
	[
		"arn:aws:sagemaker:eu-central-1:1:training-job/t",
		"https://console.aws.amazon.com/sagemaker/home?region=eu-central-1#/jobs/t",
	],
	[
		"arn:aws-us-gov:sagemaker:us-gov-west-1:1:training-job/t",
		"https://console.amazonaws-us-gov.com/sagemaker/home?region=us-gov-west-1#/jobs/t",
	],
	[
		"arn:aws-cn:sagemaker:cn-north-1:1:training-job/t",
		"https://console.amazonaws.cn/sagemaker/home?region=cn-north-1#/jobs/t",
	],
	["", null],
])("the console's page of %s", (arn, url) => {
	expect(consoleUrl({ arn, name: "t" })).toBe(url);
});

test("what keeps AWS from being asked is one row with its remedy", () => {
	const reason = "Do this.";
	const rows = (["expired", "missing", "noRegion", "clockSkew"] as const).map((kind) =>
		awsDoors({ kind, reason, sinceMs: 0 }, "late"),
	);
	expect(rows.map((all) => all.map(({ id, command, tooltip }) => [id, command, tooltip]))).toEqual([
		[["aws", "signInToAws", reason]],
		[["aws", "chooseAwsProfile", reason]],
		[["aws", "chooseAwsProfile", reason]],
		[["aws", "retryAws", reason]],
	]);
	expect(awsDoors({ kind: "ready" }, null)).toEqual([]);
	expect(awsDoors({ kind: "ready" }, "AWS is away.")).toMatchObject([
		{ description: "AWS is away.", command: "retryAws" },
	]);
});
