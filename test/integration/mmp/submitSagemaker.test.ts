import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DescribeTrainingJobCommand, ListTagsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Job } from "../../../src/shared/relay/job";
import type { Project } from "../../../src/shared/relay/project";
import { GammaCommand } from "../../support/gammaCommand";
import { GitProject } from "../../support/gitProject";
import { freePort } from "../../support/mlflowServer";
import { type MotoServer, startMoto } from "../../support/motoServer";
import { startTestRelay } from "../../support/relay";
import { type SagemakerStandIn, startSagemaker } from "../../support/sagemakerStandIn";

const python = process.env.GAMMA_PYTHON;
const credentials = { accessKeyId: "AKIDTEST", secretAccessKey: "of the tests" };
const sagemaker = { role: "arn:aws:iam::123456789012:role/train", image: "image:1", bucket: "s3://lab/vision" };
/** Prints where it is and what it was given, and leaves a checkpoint. */
const script = `import os, sys, pathlib
print("in", sorted(os.listdir(".")), sys.argv[1:])
pathlib.Path(os.environ["GAMMA_ML"], "checkpoints", "a.pt").write_text("weights")
`;

describe.skipIf(!python)("gamma submit --target sagemaker, against moto", () => {
	const gamma = new GammaCommand();
	let moto: MotoServer;
	let s3: S3Client;
	let client: SageMakerClient;
	let project: GitProject;
	let sha: string;
	beforeAll(async () => {
		await gamma.build({ aws: "src/adapters/lazy/aws.ts" });
		moto = await startMoto(python ?? "");
		const common = { region: "us-east-1", endpoint: moto.url, credentials };
		s3 = new S3Client({ ...common, forcePathStyle: true });
		client = new SageMakerClient(common);
		await s3.send(new CreateBucketCommand({ Bucket: "lab" }));
	});
	afterAll(async () => {
		await moto?.stop();
		gamma.dispose();
	});
	beforeEach(() => {
		project = new GitProject();
		const settings = { command: ["python3", "train.py", "--name", "it's"], experiment: "spirals", sagemaker };
		sha = project.commit("Train", { "train.py": script, ".gamma/train.json": JSON.stringify(settings) });
		project.git("checkout", "-q", "-b", "models/wider");
		project.git("remote", "add", "origin", "https://github.com/ada/spirals.git");
	});
	afterEach(() => project.remove());

	const environment = (more: Record<string, string> = {}) => ({
		AWS_ENDPOINT_URL: moto.url,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_CONFIG_FILE: "/dev/null",
		AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
		AWS_EC2_METADATA_DISABLED: "true",
		AWS_MAX_ATTEMPTS: "1",
		...more,
	});
	const submit = (args: readonly string[], more: Record<string, string> = {}) =>
		gamma.run(["submit", "--target", "sagemaker", ...args], { cwd: project.folder, env: environment(more) });

	test("makes the training with its tags, and uploads what really trains", async () => {
		const ci = { GITHUB_REF: "refs/heads/models/wider", GITHUB_RUN_ID: "42", GITHUB_RUN_ATTEMPT: "1" };
		const said = await submit(["--json", "--job", "job-7"], ci);
		expect([said.err, said.code]).toEqual(["", 0]);
		const name = `spirals-models-wider-${sha.slice(0, 7)}-42-1`;
		expect(JSON.parse(said.out)).toEqual({
			target: "sagemaker",
			commit: sha,
			branch: "models/wider",
			jobId: "job-7",
			sagemakerJobName: name,
			consoleUrl: `https://console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/${name}`,
			status: "running",
			reason: null,
		});
		const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
		expect(job).toMatchObject({
			RoleArn: sagemaker.role,
			AlgorithmSpecification: { TrainingImage: "image:1" },
			OutputDataConfig: { S3OutputPath: `s3://lab/vision/trainings/${name}/output` },
		});
		const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: job.TrainingJobArn }));
		expect(Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual({
			"gamma:project": "ada/spirals",
			"gamma:commit": sha,
			"gamma:branch": "models/wider",
			"gamma:workflowRun": "42",
			"gamma:job": "job-7",
		});
		expect(await train(`vision/trainings/${name}/input/`)).toEqual({
			code: 0,
			out: `in ['.gamma', 'train.py'] ['--name', "it's"]\n`,
			checkpoint: "weights",
		});
	});

	/** What SageMaker would do: the channel is fetched into the container, and its script is run. */
	async function train(prefix: string) {
		const root = mkdtempSync(join(tmpdir(), "gamma-ml-"));
		const channel = join(root, "input", "data", "gamma");
		mkdirSync(channel, { recursive: true });
		const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "lab", Prefix: prefix }));
		for (const { Key = "" } of Contents) {
			const { Body } = await s3.send(new GetObjectCommand({ Bucket: "lab", Key }));
			writeFileSync(join(channel, Key.slice(prefix.length)), (await Body?.transformToByteArray()) ?? "");
		}
		const env = { ...process.env, GAMMA_ML: root };
		const { status, stdout } = spawnSync("/bin/sh", [join(channel, "run.sh")], { env, encoding: "utf8" });
		const checkpoint = readFileSync(join(root, "checkpoints", "a.pt"), "utf8");
		rmSync(root, { recursive: true });
		return { code: status, out: stdout, checkpoint };
	}

	test("takes the region from either of AWS's variables", async () => {
		expect((await submit([], { AWS_REGION: "", AWS_DEFAULT_REGION: "us-east-1" })).code).toBe(0);
	});

	test("trains the commit and not what was changed by hand", async () => {
		project.write("train.py", "raise SystemExit('changed by hand')");
		const said = await submit(["--json"]);
		const { sagemakerJobName } = JSON.parse(said.out) as { sagemakerJobName: string };
		expect(await train(`vision/trainings/${sagemakerJobName}/input/`)).toMatchObject({ code: 0 });
	});

	test("--wait ends with the training", async () => {
		const said = await submit(["--wait"]);
		expect(said.code).toBe(0);
		expect(said.err).toMatch(/^gamma: spirals-models-wider-\S+ is Completed\n$/);
		expect(said.out).toMatch(
			new RegExp(
				`^${sha.slice(0, 7)} of models/wider is completed as (spirals-models-wider-\\S+)\nhttps://console\\.aws\\.amazon\\.com/\\S+#/jobs/\\1\n$`,
			),
		);
	});

	test("--dry-run prints the request and asks nobody", async () => {
		const said = await submit(["--dry-run"], { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` });
		expect([said.err, said.code]).toEqual(["", 0]);
		const request = JSON.parse(said.out) as { TrainingJobName: string };
		expect(request).toMatchObject({
			RoleArn: sagemaker.role,
			Environment: { GAMMA_PROJECT: "ada/spirals", GAMMA_COMMIT: sha, MLFLOW_EXPERIMENT_NAME: "spirals" },
			CheckpointConfig: { S3Uri: `s3://lab/vision/trainings/${request.TrainingJobName}/checkpoints` },
		});
	});

	test("a relay that is named is told the training's name", async () => {
		const relay = await startTestRelay({ LOG_LEVEL: "error" });
		try {
			const wish = { name: "spirals", repository: "ada/spirals", target: "sagemaker" };
			const made = await relay.ask<Project>("POST", "/api/projects", { body: wish });
			const pushed = { projectId: made.body.id, branch: "models/wider", commitSha: sha, message: "Train" };
			const { id } = (await relay.ask<Job>("POST", "/api/jobs", { body: pushed })).body;
			const env = { GAMMA_RELAY: relay.url, GAMMA_TOKEN: relay.token ?? "", GITHUB_RUN_ID: "77" };
			const said = await submit(["--json"], env);
			expect([said.err, said.code]).toEqual(["", 0]);
			const { sagemakerJobName, jobId } = JSON.parse(said.out) as Record<string, string>;
			expect(jobId).toBe(id);
			const told = (await relay.ask<Job>("GET", `/api/jobs/${id}`)).body;
			expect(told).toMatchObject({ sagemakerJobName, workflowRunId: "77" });
		} finally {
			await relay.close();
		}
	});

	test("a relay that is away keeps nothing from being trained", async () => {
		const env = { GAMMA_RELAY: `http://127.0.0.1:${await freePort()}`, GAMMA_TOKEN: "t" };
		const said = await submit([], env);
		expect(said.code).toBe(0);
		expect(said.err).toMatch(/^gamma: The relay was not told, and the training goes on all the same\. /);
		expect(said.out).toContain("is running as spirals-models-wider-");
	});

	test.each([
		[{ AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }, "AWS does not know you: sign in (aws sso login)"],
		[{ AWS_REGION: "" }, "AWS needs a region: set AWS_REGION"],
	])("says what is missing: %j", async (more, sentence) => {
		const said = await submit([], more);
		expect(said.code).toBe(1);
		expect(said.err.split("\n").length).toBe(2);
		expect(said.err).toContain(`gamma: ${sentence}`);
	});

	test("an AWS that cannot be reached, and a bucket that is not there, are said", async () => {
		const away = await submit([], { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` });
		expect(away.err).toContain("AWS cannot be reached (ECONNREFUSED): check the network and AWS_REGION.");
		project.commit("Elsewhere", {
			".gamma/train.json": JSON.stringify({ sagemaker: { ...sagemaker, bucket: "nowhere" } }),
		});
		const none = await submit([]);
		expect(none.err).toContain("AWS refused to take the code into s3://nowhere: The specified bucket does not exist.");
		expect([away.code, none.code]).toEqual([1, 1]);
	});

	test("nothing goes to AWS while a placeholder stands in the settings", async () => {
		project.commit("Open", { ".gamma/train.json": JSON.stringify({ sagemaker: { ...sagemaker, image: "<image>" } }) });
		const said = await submit([], { AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}` });
		expect([said.code, said.err]).toEqual([
			1,
			"gamma: SageMaker cannot train yet: fill in sagemaker.image in .gamma/train.json.\n",
		]);
	});

	describe("with answers of SageMaker that moto never gives", () => {
		let standIn: SagemakerStandIn | undefined;
		afterEach(() => standIn?.stop());
		const answered = async (answer: Parameters<typeof startSagemaker>[0]) => {
			standIn = await startSagemaker(answer);
			return { AWS_ENDPOINT_URL_SAGEMAKER: standIn.url };
		};

		test("the same run of CI asked twice is one training", async () => {
			const env = await answered(() => ({ error: "ResourceInUse", message: "Job name must be unique" }));
			const said = await submit([], { ...env, GITHUB_RUN_ID: "42" });
			expect(said.code).toBe(0);
			expect(said.err).toMatch(/^gamma: spirals-models-wider-\S+-42-1 was submitted before\n$/);
		});

		test.each([
			[
				"ExpiredTokenException",
				"The security token included in the request is expired",
				"The sign-in to AWS has expired",
			],
			["UnrecognizedClientException", "The security token is invalid", "AWS does not know you"],
			[
				"AccessDeniedException",
				"User is not authorized to perform: iam:PassRole",
				"AWS refused to begin the training spirals-models-wider-",
			],
			["ResourceLimitExceeded", "The account-level limit is 0 Instances", "The account-level limit is 0 Instances."],
		])("%s is a sentence", async (error, message, sentence) => {
			const said = await submit([], await answered(() => ({ error, message })));
			expect(said.code).toBe(1);
			expect(said.err).toContain(sentence);
			expect(said.err.split("\n").length).toBe(2);
		});

		test("a training that fails ends --wait with 1 and its reason", async () => {
			const env = await answered((action) =>
				action === "CreateTrainingJob"
					? { TrainingJobArn: "arn:x" }
					: { TrainingJobStatus: "Failed", SecondaryStatus: "Failed", FailureReason: "AlgorithmError: exit code 1" },
			);
			const said = await submit(["--wait", "--json"], env);
			expect(said.code).toBe(1);
			expect(JSON.parse(said.out)).toMatchObject({ status: "failed", reason: "AlgorithmError: exit code 1" });
		});

		test("credentials that end while it waits leave the training, and say so", async () => {
			const env = await answered((action) =>
				action === "CreateTrainingJob"
					? { TrainingJobArn: "arn:x" }
					: { error: "ExpiredTokenException", message: "The security token included in the request is expired" },
			);
			const said = await submit(["--wait"], env);
			expect(said.code).toBe(1);
			expect(said.err).toMatch(/^gamma: The training \S+ goes on, unwatched\. The sign-in to AWS has expired/);
		});
	});
});
