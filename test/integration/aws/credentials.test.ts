import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AwsClients } from "../../../src/adapters/aws/awsClients";
import { readProfiles } from "../../../src/adapters/aws/readProfiles";
import { toS3Problem } from "../../../src/adapters/aws/s3Problem";
import { SagemakerReader } from "../../../src/adapters/aws/sagemakerReader";
import { type AwsChoice, awsOfEnvironment } from "../../../src/core/aws/awsChoice";

const never = new AbortController().signal;

interface Asked {
	/** The access key and the region that the request was signed with. */
	readonly key: string;
	readonly region: string;
	readonly action: string;
	readonly path: string;
}

/** A cloud of all services on one address, which answers what the test says. */
let cloud: Server;
let url: string;
let asked: Asked[];
let refusals: { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }[];
let home: string;
beforeEach(async () => {
	[asked, refusals] = [[], []];
	home = mkdtempSync(join(tmpdir(), "gamma-aws-"));
	cloud = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const one = read(request, Buffer.concat(chunks).toString());
			asked.push(one);
			const refusal = refusals.shift();
			if (refusal) response.writeHead(refusal.status, refusal.headers).end(refusal.body);
			else response.writeHead(200, { "content-type": typeOf(one.action) }).end(answerTo(one));
		});
	});
	await new Promise<void>((done) => cloud.listen(0, "127.0.0.1", done));
	url = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
	mkdirSync(join(home, ".aws"), { recursive: true });
	for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
		vi.stubEnv(name, undefined);
	for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
		vi.stubEnv(name, undefined);
	vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
	vi.stubEnv("HOME", home);
	vi.stubEnv("USERPROFILE", home);
	vi.stubEnv("AWS_CONFIG_FILE", join(home, ".aws", "config"));
	vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, ".aws", "credentials"));
});
afterEach(async () => {
	vi.unstubAllEnvs();
	cloud.closeAllConnections();
	await new Promise((done) => cloud.close(done));
	rmSync(home, { recursive: true, force: true });
});

function read(request: IncomingMessage, body: string): Asked {
	const [, key = "", region = ""] =
		/Credential=([^/]+)\/\d+\/([^/]+)\//.exec(String(request.headers.authorization ?? "")) ?? [];
	const target = String(request.headers["x-amz-target"] ?? "").replace(/^\w+\./, "");
	return { key, region, action: target || (new URLSearchParams(body).get("Action") ?? ""), path: request.url ?? "" };
}

function typeOf(action: string): string {
	return action === "ListTrainingJobs" ? "application/x-amz-json-1.1" : "application/xml";
}

function answerTo({ action }: Asked): string {
	if (action === "ListTrainingJobs") return JSON.stringify({ TrainingJobSummaries: [] });
	if (action !== "AssumeRole") return "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>";
	const credentials = `<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>`;
	return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

const profiles = (text: string) => writeFileSync(join(home, ".aws", "config"), text);
const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret of ${id}\n`;
const choose = (choice: Partial<AwsChoice>): AwsChoice => ({ ...awsOfEnvironment, ...choice });
const list = (choice: Partial<AwsChoice>) =>
	new SagemakerReader(new AwsClients(choose(choice)).sagemaker).list({ createdMs: 1, modifiedMs: 0 }, never);

describe("who asks AWS, and where", () => {
	test("a profile that was chosen goes before keys in the environment, and brings its region", async () => {
		profiles(
			`[default]\nregion = us-west-2\n${keys("AKIDDEFAULT")}\n[profile lab]\nregion = eu-central-1\n${keys("AKIDLAB")}`,
		);
		vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENV");
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
		await list({ endpoint: url, profile: "lab" });
		await list({ endpoint: url, region: "us-east-1" });
		vi.stubEnv("AWS_PROFILE", "lab");
		await list({ endpoint: url });
		expect(asked.map(({ key, region }) => [key, region])).toEqual([
			["AKIDLAB", "eu-central-1"],
			["AKIDENV", "us-east-1"],
			["AKIDLAB", "eu-central-1"],
		]);
	});

	test("a profile that takes on a role asks for it with the profile below it, once", async () => {
		profiles(
			`[profile base]\n${keys("AKIDBASE")}\n[profile train]\nrole_arn = arn:aws:iam::123456789012:role/train\nsource_profile = base\nregion = eu-central-1\n`,
		);
		vi.stubEnv("AWS_ENDPOINT_URL_STS", url);
		const reader = new SagemakerReader(new AwsClients(choose({ endpoint: url, profile: "train" })).sagemaker);
		for (let time = 0; time < 2; time++) await reader.list({ createdMs: 1, modifiedMs: 0 }, never);
		expect(asked.map(({ key, action }) => [key, action])).toEqual([
			["AKIDBASE", "AssumeRole"],
			["AKIDROLE", "ListTrainingJobs"],
			["AKIDROLE", "ListTrainingJobs"],
		]);
		expect((await readProfiles()).map(({ name, kind }) => [name, kind])).toEqual([
			["base", "keys"],
			["train", "role"],
		]);
	});

	test("a role that is refused is said with AWS's own words", async () => {
		profiles(
			`[profile base]\n${keys("AKIDBASE")}\n[profile train]\nrole_arn = arn:aws:iam::123456789012:role/train\nsource_profile = base\nregion = eu-central-1\n`,
		);
		vi.stubEnv("AWS_ENDPOINT_URL_STS", url);
		const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: base is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`;
		refusals.push({ status: 403, body });
		await expect(list({ endpoint: url, profile: "train" })).rejects.toMatchObject({
			code: "aws.refused",
			message: expect.stringContaining("not authorized to perform: sts:AssumeRole"),
		});
	});

	test("an SSO sign-in that has ended asks for a new one, and nobody else is asked", async () => {
		profiles(
			"[profile sso]\nsso_session = lab\nsso_account_id = 123456789012\nsso_role_name = train\nregion = eu-central-1\n[sso-session lab]\nsso_start_url = https://lab.awsapps.com/start\nsso_region = eu-central-1\n",
		);
		const cache = join(home, ".aws", "sso", "cache");
		mkdirSync(cache, { recursive: true });
		const token = { accessToken: "t", expiresAt: "2020-01-01T00:00:00Z", region: "eu-central-1" };
		const name = createHash("sha1").update("lab").digest("hex");
		writeFileSync(join(cache, `${name}.json`), JSON.stringify(token));
		await expect(list({ endpoint: url, profile: "sso" })).rejects.toMatchObject({
			code: "aws.expiredToken",
			message: "The sign-in to AWS has expired: sign in again (aws sso login) and repeat this.",
		});
		const renewable = {
			...token,
			refreshToken: "r",
			clientId: "c",
			clientSecret: "s",
			registrationExpiresAt: token.expiresAt,
		};
		writeFileSync(join(cache, `${name}.json`), JSON.stringify(renewable));
		await expect(list({ endpoint: url, profile: "sso" })).rejects.toMatchObject({ code: "aws.expiredToken" });
		rmSync(cache, { recursive: true });
		await expect(list({ endpoint: url, profile: "sso" })).rejects.toMatchObject({
			code: "aws.expiredToken",
			message: "You are not signed in to AWS: sign in (aws sso login) and repeat this.",
		});
		expect(asked).toEqual([]);
		expect(await readProfiles()).toMatchObject([{ name: "sso", kind: "sso", region: "eu-central-1" }]);
	});

	test("a profile that is not there, and no profile at all, are said", async () => {
		for (const profile of ["gone", null])
			await expect(list({ endpoint: url, region: "eu-central-1", profile })).rejects.toMatchObject({
				code: "aws.noCredentials",
			});
	});

	test("the endpoint of the settings goes before the environment's, and its buckets are named in the path", async () => {
		vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENV");
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
		vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
		const { s3 } = new AwsClients(choose({ endpoint: url, region: "us-east-1" }));
		await s3.send(new ListObjectsV2Command({ Bucket: "lab" }));
		vi.stubEnv("AWS_ENDPOINT_URL", url);
		await new AwsClients(choose({ region: "us-east-1" })).s3.send(new ListObjectsV2Command({ Bucket: "lab" }));
		expect(asked.map(({ path }) => path.replace(/\?.*/, ""))).toEqual(["/lab/", "/lab/"]);
	});

	test.each([
		["us-gov-west-1", /^https:\/\/(api\.)?sagemaker\.us-gov-west-1\.amazonaws\.com\/$/],
		["cn-north-1", /^https:\/\/api\.sagemaker\.cn-north-1\.amazonaws\.com\.cn\/$/],
		["eu-central-1", /^https:\/\/api\.sagemaker\.eu-central-1\.amazonaws\.com\/$/],
	])("in %s its own cloud is asked", async (region, address) => {
		const { endpointProvider } = new AwsClients(choose({ region })).sagemaker.config;
		expect(String(endpointProvider({ Region: region }).url)).toMatch(address);
	});
});

describe("a clock that is wrong", () => {
	const skewed = (minutes: number) => ({
		status: 403,
		headers: { date: new Date(Date.now() + minutes * 60_000).toUTCString(), "content-type": "application/xml" },
		body: "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>",
	});
	beforeEach(() => {
		vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENV");
		vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
	});
	const listBucket = () =>
		new AwsClients(choose({ endpoint: url, region: "us-east-1" })).s3.send(new ListObjectsV2Command({ Bucket: "lab" }));

	test("is put right by the answer's own time where AWS lets it", async () => {
		refusals.push(skewed(20));
		await listBucket();
		expect(asked.length).toBe(2);
	});

	test("is said with how far it is off where AWS goes on refusing", async () => {
		for (let time = 0; time < 9; time++) refusals.push(skewed(20));
		const refused = await listBucket().catch((error: unknown) => toS3Problem(error, "s3://lab/"));
		expect(refused).toMatchObject({
			code: "aws.clockSkew",
			message: expect.stringMatching(
				/^This machine's clock is (19|20) min behind AWS's, which AWS refuses: set the time, then try again\.$/,
			),
		});
	});
});
