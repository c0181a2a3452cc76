import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	CloudWatchLogsClient,
	CreateLogGroupCommand,
	CreateLogStreamCommand,
	PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, saveTo, startEditor } from "../support/editor";
import { actionsLogOf, GithubActions } from "../support/githubActions";
import { GitProject } from "../support/gitProject";
import { type MotoServer, startMoto } from "../support/motoServer";
import { SagemakerService } from "../support/sagemakerService";

const python = process.env.GAMMA_PYTHON;
const logGroupName = "/aws/sagemaker/TrainingJobs";
const sagemaker = { role: "arn:aws:iam::123456789012:role/train", bucket: "lab", image: "image:1" };

describe.skipIf(!editorFolder || !python)("logs that no relay keeps (needs the editor and GAMMA_PYTHON)", () => {
	let service: SagemakerService;
	let moto: MotoServer;
	let logs: CloudWatchLogsClient;
	let github: GithubActions;
	let editor: Editor;
	let page: Page;
	const projects: GitProject[] = [];
	beforeAll(async () => {
		[service, moto, github] = await Promise.all([
			SagemakerService.start(),
			startMoto(python ?? ""),
			GithubActions.start(),
		]);
		const credentials = { accessKeyId: "k", secretAccessKey: "s" };
		logs = new CloudWatchLogsClient({ endpoint: moto.url, region: "us-east-1", credentials });
		await logs.send(new CreateLogGroupCommand({ logGroupName }));
		editor = await startEditor({
			extensions: ["github-authentication"],
			env: {
				...service.environment,
				AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: moto.url,
				GAMMA_GITHUB_API_URL: github.url,
				GAMMA_TEST_GITHUB_TOKEN: github.token,
			},
			settings: { "files.simpleDialog.enable": true },
		});
	});
	afterEach(() => page?.close());
	afterAll(async () => {
		await editor?.close();
		logs?.destroy();
		await Promise.all([service?.stop(), moto?.stop(), github?.close()]);
		for (const project of projects) project.remove();
	});

	function projectWith(subject: string, files: Record<string, string> = {}): { project: GitProject; sha: string } {
		const project = new GitProject();
		projects.push(project);
		const train = Array.from({ length: 20 }, (_, n) => `line = ${n + 1}\n`).join("");
		project.commit("Start", { "train.py": train, ".gitignore": "mlruns\n", ...files });
		project.git("remote", "add", "origin", "https://github.com/acme/digits.git");
		project.git("checkout", "-q", "-b", "models/lr-sweep");
		return { project, sha: project.commit(subject) };
	}

	async function print(logStreamName: string, fromMs: number, lines: readonly string[]): Promise<void> {
		const logEvents = lines.map((message, n) => ({ message, timestamp: fromMs + n }));
		await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
	}

	const row = (text: RegExp): Locator => page.getByRole("tree", { name: "Jobs" }).getByRole("treeitem", { name: text });
	const line = (text: string): Locator =>
		page.locator(".monaco-editor .view-line").filter({ hasText: text.replaceAll(" ", "\u00a0") });
	const status = (words: RegExp) => page.locator(".statusbar-item").filter({ hasText: words });
	async function open(project: GitProject): Promise<void> {
		page = await editor.open(project.folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	}

	test("the log of a training in SageMaker follows it, both machines by time, and begins at its error once it failed", async () => {
		const { project, sha } = projectWith("Bigger batch", { ".gamma/train.json": JSON.stringify({ sagemaker }) });
		const name = `digits-models-lr-sweep-${sha.slice(0, 7)}-${Date.now()}`;
		const tags = { "gamma:project": "acme/digits", "gamma:commit": sha, "gamma:branch": "models/lr-sweep" };
		service.nowMs = Date.now() - 600_000;
		service.create(name, { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
		service.enter(name, "Training");
		const [one, two] = [1, 2].map((machine) => `${name}/algo-${machine}-1700000000`) as [string, string];
		const beginMs = Date.now() - 120_000;
		for (const logStreamName of [one, two])
			await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
		await print(
			one,
			beginMs,
			Array.from({ length: 300 }, (_, n) => `step ${n} of one.`),
		);
		await print(two, beginMs + 60_000, ["the second machine."]);
		await open(project);
		// The first look at SageMaker loads AWS's clients.
		await row(/^Bigger batch, running/).click({ timeout: 90_000 });
		await runCommand(page, "Gamma: Show Log of Job");
		await line("[algo-2] the second machine.").waitFor();
		await line("[algo-1] step 299 of one.").waitFor();
		await status(/· following/).waitFor();
		await print(one, beginMs + 70_000, ["\u001b[32mlater\u001b[0m 10%\rlater 100%."]);
		await line("[algo-1] later 100%.").waitFor();

		const error = [
			"Traceback (most recent call last):",
			'  File "train.py", line 12, in <module>',
			"ValueError: no data.",
		];
		await print(two, beginMs + 80_000, error);
		await print(
			one,
			beginMs + 90_000,
			Array.from({ length: 200 }, (_, n) => `goes on ${n}.`),
		);
		await line("goes on 199.").waitFor();
		// A list that is asked for changes tells those of another second.
		service.nowMs = Date.now() - 60_000;
		service.fail(name, "AlgorithmError: ExitCode 1");
		await runCommand(page, "Gamma: Refresh Jobs");
		await row(/^Bigger batch, failed/).click();
		const job = panelFrame(page);
		await job.getByText("ValueError: no data.").first().waitFor();
		await job.getByRole("button", { name: "Show it in the log" }).click();
		await line("[algo-2] ValueError: no data.").waitFor();

		const target = join(project.folder, "whole.log");
		await runCommand(page, "Gamma: Download Whole Log of Job");
		await saveTo(page, target);
		const whole = readFileSync(target, "utf8").trimEnd().split("\n");
		expect(whole).toHaveLength(300 + 1 + 1 + 3 + 200);
		expect([whole[0], whole.at(-1)]).toEqual(["[algo-1] step 0 of one.", "[algo-1] goes on 199."]);
	});

	test("a workflow's jobs and steps stand on the page, its log opens at the error, and what failed is run again", async () => {
		const { project, sha } = projectWith("Cosine schedule");
		const url = "https://github.com/acme/digits/actions/runs/7";
		github.runs = [{ id: 7, branch: "models/lr-sweep", sha, conclusion: "failure" }];
		const ended = { status: "completed", started_at: "2026-01-01T00:00:00Z", completed_at: "2026-01-01T00:00:12Z" };
		github.jobs[7] = [
			{
				...{ id: 70, name: "train", ...ended, conclusion: "failure", html_url: `${url}/job/70` },
				steps: [
					{ name: "Set up job", number: 1, ...ended, conclusion: "success" },
					{ name: "Run the training", number: 2, ...ended, conclusion: "failure" },
				],
			},
		];
		github.logs[70] = actionsLogOf([
			"##[group]Run python train.py",
			...Array.from({ length: 150 }, (_, n) => `epoch ${n} of it.`),
			"Traceback (most recent call last):",
			'  File "train.py", line 12, in <module>',
			"RuntimeError: out of luck.",
			"##[error]Process completed with exit code 1.",
			...Array.from({ length: 150 }, (_, n) => `cleanup ${n}.`),
		]);
		await open(project);
		// A second attempt of this test is signed in already.
		if (github.asked.length === 0) {
			await row(/^Sign in to GitHub…/).click();
			await page.getByRole("dialog").getByRole("button", { name: "Allow" }).click();
		}
		github.changes.length = 0;
		await row(/^Cosine schedule, failed/).click();
		await page.keyboard.press("ArrowRight");
		// Below the row too, the failed job's steps at once.
		await row(/^train, failed after 12 s/).waitFor();
		await row(/^Run the training, failed after 12 s/).waitFor();
		const job = panelFrame(page);
		await job.getByText("Run the training", { exact: true }).waitFor();
		await job.getByText("failed after 12 s").first().waitFor();
		await job.getByText("RuntimeError: out of luck.").first().waitFor();

		await job.getByRole("button", { name: "Re-run Failed" }).click();
		await expect.poll(() => github.changes, { timeout: 30_000 }).toEqual(["rerun-failed-jobs 7"]);

		await job.getByRole("button", { name: "Show it in the log" }).click();
		await line("RuntimeError: out of luck.").waitFor();
		expect(await line("cleanup 149.").count()).toBe(0);
		expect(github.blobTokens.every((token) => token === null)).toBe(true);

		// It runs again: its steps are told as they go, and it can be cancelled, which is asked first.
		github.runs = [{ id: 7, branch: "models/lr-sweep", sha, status: "in_progress", attempt: 2 }];
		github.jobs[7] = [
			{
				...{ id: 71, name: "train", status: "in_progress", conclusion: null, started_at: "2026-01-01T00:01:00Z" },
				steps: [{ name: "Run the training", number: 2, status: "in_progress", conclusion: null }],
			},
		];
		await runCommand(page, "Gamma: Refresh Jobs");
		await row(/^Cosine schedule, running/).click();
		await runCommand(page, "Gamma: Show Log of Job");
		await line("train › Run the training: running").waitFor();
		await runCommand(page, "Gamma: Cancel Workflow Run");
		await page.getByRole("dialog").getByRole("button", { name: "Cancel Run" }).click();
		await expect.poll(() => github.changes.at(-1), { timeout: 30_000 }).toBe("cancel 7");
	});
});
