import { expect, test } from "vitest";
import { parseAwsProfiles } from "../../../../src/core/aws/awsProfiles";
import { toolkitProfile } from "../../../../src/core/aws/toolkitProfile";

test("profiles of both files are one list, the default first, each with how it signs in", () => {
	const config = `
# a comment
[default]
region = eu-central-1
[profile lab]
sso_session = lab
region=us-west-2
[sso-session lab]
sso_start_url = https://lab.awsapps.com/start
[ profile old sso ]
sso_start_url = https://old.awsapps.com/start
[profile asked]
credential_process = /opt/ask --for me
s3 =
    aws_access_key_id = of a nested section
[profile deep]
role_arn = arn:aws:iam::123456789012:role/train
source_profile = lab
[profile "with words"]
region = eu-west-1
[services nothing]
region = nowhere
`;
	const credentials =
		"[default]\r\naws_access_key_id = AKID\r\naws_secret_access_key = x\r\n[bare]\r\naws_access_key_id=AKID\r\n";
	expect(parseAwsProfiles(config, credentials)).toEqual([
		{ name: "default", region: "eu-central-1", kind: "keys" },
		{ name: "asked", region: null, kind: "process" },
		{ name: "bare", region: null, kind: "keys" },
		{ name: "deep", region: null, kind: "role" },
		{ name: "lab", region: "us-west-2", kind: "sso" },
		{ name: "old sso", region: null, kind: "sso" },
		{ name: "with words", region: "eu-west-1", kind: "other" },
	]);
});

test("no file is no profile, and nothing in a file is an error", () => {
	expect(parseAwsProfiles("", "")).toEqual([]);
	expect(parseAwsProfiles("region = lost\n[\n]\n[profile ]\n=\n[profile a\n", "[a]")).toEqual([
		{ name: "a", region: null, kind: "other" },
	]);
});

test.each([
	["profile:lab", "lab"],
	[" lab ", "lab"],
	["sso:https://start.example", null],
	["profile:", null],
	["", null],
	[undefined, null],
	[7, null],
])("the AWS Toolkit's word %j is the profile %j", (setting, profile) => {
	expect(toolkitProfile(setting)).toBe(profile);
});
