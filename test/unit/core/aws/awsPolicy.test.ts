import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { type AwsUse, awsActions, toAwsPolicy } from "../../../../src/core/aws/awsPolicy";
import { readGuide } from "../../../support/docs/guide";

const everything = Object.keys(awsActions) as AwsUse[];
const place = { region: null, bucket: "lab/vision", role: "arn:aws:iam::123456789012:role/train" };

test("says the least that is needed: each action once, on the resources it is for", () => {
	const { Version, Statement } = toAwsPolicy({ ...place, region: "eu-central-1" }, everything);
	expect(Version).toBe("2012-10-17");
	const resources = Object.fromEntries(Statement.map(({ Sid, Resource }) => [Sid, Resource]));
	expect(resources).toEqual({
		ListTrainings: "*",
		Trainings: "arn:aws:sagemaker:eu-central-1:123456789012:training-job/*",
		TrainingLogs: "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:*",
		ListBucket: "arn:aws:s3:::lab",
		Objects: "arn:aws:s3:::lab/vision/*",
		HandRoleToTraining: place.role,
	});
	const actions = Statement.flatMap(({ Action }) => Action);
	expect(new Set(actions)).toEqual(new Set(everything.flatMap((use) => [...awsActions[use]])));
	expect(actions.length).toBe(new Set(actions).size);
	expect(Statement.at(-1)).toMatchObject({
		Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
	});
});

test("who only looks is given nothing that changes anything", () => {
	const { Statement } = toAwsPolicy(place, ["watch", "logs", "read"]);
	for (const action of Statement.flatMap(({ Action }) => Action)) expect(action).toMatch(/:(List|Describe|Get)/);
});

test.each([
	["cn-north-1", "aws-cn"],
	["us-gov-west-1", "aws-us-gov"],
	["us-east-1", "aws"],
])("in %s every ARN is of %s", (region, partition) => {
	const { Statement } = toAwsPolicy({ region, bucket: null, role: null }, ["watch", "logs", "read"]);
	for (const { Resource } of Statement.slice(1)) expect(Resource).toMatch(new RegExp(`^arn:${partition}:`));
});

test("the guide has the policy that the command copies", () => {
	const { blocks, text } = readGuide("aws.md");
	const written = blocks.find(({ about }) => about === "policy")?.text ?? "";
	const role = "arn:aws:iam::123456789012:role/training";
	const policy = toAwsPolicy({ region: "eu-central-1", bucket: "lab/vision", role }, [
		"watch",
		"logs",
		"read",
		"train",
	]);
	expect(JSON.parse(written)).toEqual(policy);
	for (const action of awsActions.remove) expect(text).toContain(action);
});

/** Commands that need another right than their name says, or several; presigning asks for none of its own. */
const rightsOf: Readonly<Record<string, readonly string[]>> = {
	"s3:HeadObject": ["s3:GetObject"],
	"s3:ListObjectsV2": ["s3:ListBucket"],
	"s3:HeadBucket": ["s3:ListBucket"],
	"s3:DeleteObjects": ["s3:DeleteObject"],
	"s3:CreateMultipartUpload": ["s3:PutObject"],
	"s3:UploadPart": ["s3:PutObject"],
	"s3:CompleteMultipartUpload": ["s3:PutObject"],
	// An upload that is left must take its parts away, which are paid for otherwise.
	"s3:Upload": ["s3:PutObject", "s3:AbortMultipartUpload"],
	"sagemaker:CreateTrainingJob": ["sagemaker:CreateTrainingJob", "sagemaker:AddTags", "iam:PassRole"],
	// Anybody may ask who they are.
	"sts:GetCallerIdentity": [],
};
const services: Readonly<Record<string, string>> = {
	"client-s3": "s3",
	"client-sagemaker": "sagemaker",
	"client-cloudwatch-logs": "logs",
	"client-sts": "sts",
};

test("names what the adapters call, and nothing else", () => {
	const src = resolve(import.meta.dirname, "../../../../src");
	const called = readdirSync(src, { recursive: true, encoding: "utf8" })
		.filter((path) => path.endsWith(".ts"))
		.flatMap((path) => {
			const text = readFileSync(join(src, path), "utf8");
			const uploads = /import \{[^}]*\bUpload\b[^}]*\} from "@aws-sdk\/lib-storage"/.test(text) ? ["s3:Upload"] : [];
			const commands = [...text.matchAll(/import \{([^}]*)\} from "@aws-sdk\/(client-[\w-]+)"/g)].flatMap(
				([, names = "", client = ""]) =>
					[...names.matchAll(/\b(\w+)Command\b/g)].map(([, name = ""]) => `${services[client] ?? client}:${name}`),
			);
			return [...commands, ...uploads];
		});
	expect(called).toContain("s3:Upload");
	const needed = new Set(called.flatMap((name) => rightsOf[name] ?? [name]));
	const named = new Set<string>(everything.flatMap((use) => [...awsActions[use]]));
	expect([...needed].filter((action) => !named.has(action))).toEqual([]);
});
