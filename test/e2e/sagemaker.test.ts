import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chooseFromMenu, type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";
import { type RunningServer, startMlflowServer } from "../support/mlflowServer";
import { type MotoServer, startMoto } from "../support/motoServer";
import { fillBucket, s3ClientOf } from "../support/s3Bucket";
import { SagemakerService } from "../support/sagemakerService";

const minute = 60_000;
const python = process.env.GAMMA_PYTHON;
type Answer = { readonly run: { readonly info: { readonly run_id: string } } };
const sagemaker = { role: "arn:aws:iam::123456789012:role/train", bucket: "lab", image: "image:1" };

describe.skipIf(!editorFolder)("SageMaker in the real editor (needs the editor)", () => {
	let service: SagemakerService;
	let moto: MotoServer | undefined;
	let mlflow: RunningServer | undefined;
	let folder: string;
	let editor: Editor;
	let page: Page;
	let project: GitProject;
	let sha: string;
	let name: string;
	beforeAll(async () => {
		service = await SagemakerService.start();
		folder = mkdtempSync(join(tmpdir(), "gamma-sagemaker-"));
		const profiles = join(folder, "aws-config");
		writeFileSync(profiles, "[profile lab]\naws_access_key_id = AKIDLAB\naws_secret_access_key = of the lab\n");
		moto = python ? await startMoto(python) : undefined;
		const s3 = moto ? { AWS_ENDPOINT_URL_S3: moto.url } : {};
		const servers = python
			? startMlflowServer(python, `sqlite:///${join(folder, "mlflow.db")}`, join(folder, "artifacts"))
			: undefined;
		[editor, mlflow] = await Promise.all([
			startEditor({
				env: { ...service.environment, ...s3, AWS_CONFIG_FILE: profiles },
				// As the AWS Toolkit keeps the person's choice.
				settings: { "aws.profile": "profile:lab" },
			}),
			servers,
		]);
	});
	beforeEach(() => {
		service.nowMs = Date.now() - 10 * minute;
		project = new GitProject();
		project.commit("Start", {
			"train.py": "",
			".gamma/train.json": JSON.stringify({ sagemaker }),
			".gitignore": "mlruns\n",
		});
		project.git("remote", "add", "origin", "https://github.com/acme/digits.git");
		project.git("checkout", "-q", "-b", "models/lr-sweep");
		sha = project.commit("Bigger batch");
		name = `digits-models-lr-sweep-${sha.slice(0, 7)}-42-1`;
	});
	afterEach(async () => {
		await page?.close();
		editor.settings({ "gamma.stores": [] });
		service.forget();
		project.remove();
	});
	afterAll(async () => {
		await editor?.close();
		await Promise.all([service?.stop(), moto?.stop(), mlflow?.stop()]);
		rmSync(folder, { recursive: true, force: true });
	});

	const row = (text: RegExp): Locator => page.getByRole("tree", { name: "Jobs" }).getByRole("treeitem", { name: text });
	const train = (request: Record<string, unknown> = {}) => {
		const tags = { "gamma:project": "acme/digits", "gamma:commit": sha, "gamma:branch": "models/lr-sweep" };
		service.create(name, { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...request });
	};
	const refresh = () => runCommand(page, "Gamma: Refresh Jobs");
	const open = async () => {
		page = await editor.open(project.folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	};

	test.skipIf(!python)("the page's button ends the run that an MLflow server still calls running", async () => {
		train();
		service.enter(name, "Training");
		service.fail(name, "AlgorithmError: ExitCode 1");
		const tags = [{ key: "mlflow.source.git.commit", value: sha }];
		const ask = async (path: string, body?: object) => {
			const init = body && {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify(body),
			};
			return (await (await fetch(`${mlflow?.url}/api/2.0/mlflow/${path}`, init)).json()) as Answer;
		};
		const made = await ask("runs/create", { experiment_id: "0", start_time: service.nowMs, tags });
		// The person's own setting, before any window: a server that the workspace names is asked about first.
		editor.settings({ "gamma.stores": [mlflow?.url] });
		await open();
		await row(/^Bigger batch, failed/).click({ timeout: minute });
		const job = panelFrame(page);
		// Asked anew each time: a wait would stay in the frame of a page that is being made anew.
		const isSaid = () => job.getByText(/^MLflow says RUNNING, the job failed 1\d min ago\.$/).isVisible();
		await expect.poll(isSaid, { timeout: 2 * minute }).toBe(true);
		await job.getByRole("button", { name: "End the Run as FAILED" }).click();
		const run = async () => (await ask(`runs/get?run_id=${made.run.info.run_id}`)).run.info;
		await expect.poll(run, { timeout: 30_000 }).toMatchObject({ status: "FAILED", end_time: expect.any(Number) });
		await expect.poll(() => job.getByText(/^MLflow says RUNNING/).count(), { timeout: 60_000 }).toBe(0);
	});

	test("a training goes from its machine's start to its failure, each said on the row, and who disagrees on its page", async () => {
		train({ EnableManagedSpotTraining: true, HyperParameters: { lr: "0.1" } });
		service.enter(name, "DownloadingTrainingImage");
		const store = join(project.folder, "mlruns");
		writeExperiment(store, "1", "digits");
		writeRun(store, "1", "a".repeat(32), { name: "calm-owl-11", status: 1, tags: { "mlflow.source.git.commit": sha } });
		await open();
		await row(/^Bigger batch, running, downloading its image/).waitFor();

		service.enter(name, "Training");
		service.enter(name, "Interrupted");
		await refresh();
		await row(/^Bigger batch, running, interrupted, waits for a machine, spot, interrupted once/).waitFor();

		service.fail(name, "AlgorithmError: ExecuteUserScriptError: ExitCode 1");
		await refresh();
		await row(/^Bigger batch, failed, AlgorithmError: ExecuteUserScriptError: ExitCode 1/).click();
		const job = panelFrame(page);
		await job.getByText(/^MLflow says RUNNING, the job failed 1\d min ago\.$/).waitFor();
		await job.getByText(/Gamma only reads this store/).waitFor();
		await job.getByText("ml.g5.xlarge").first().waitFor();
		await job.getByText(`arn:aws:iam::123456789012:role/train`).waitFor();
		await row(/^Bigger batch, failed/).focus();
		await page.keyboard.press("ArrowRight");
		for (const phase of [/^Downloading training image/, /^Interrupted/, /^Failed/]) await row(phase).waitFor();
	});

	test("a stop says what is lost first, and the row follows it to its end", async () => {
		train();
		service.enter(name, "Downloading");
		service.enter(name, "Training");
		await open();
		await row(/^Bigger batch, running/).click();
		// The list of prices was read.
		await panelFrame(page)
			.getByText(/^≈ \$0\.\d\d so far/)
			.waitFor();
		await runCommand(page, "Gamma: Stop Job");
		const dialog = page.getByRole("dialog");
		await dialog
			.getByText(/gives it two minutes to end.*Cost: ≈ \$0\.\d\d so far at the list price of 2026-11-25/)
			.waitFor();
		expect(service.count("StopTrainingJob")).toBe(0);
		await dialog.getByRole("button", { name: "Stop Job" }).click();
		await expect.poll(() => service.count("StopTrainingJob"), { timeout: 30_000 }).toBe(1);
		await row(/^Bigger batch, running, stopping/).waitFor();
		service.stopped(name);
		await refresh();
		await row(/^Bigger batch, stopped/).waitFor();
	});

	test("a copy has other hyperparameters and a name, and is the next attempt of its push", async () => {
		train({ HyperParameters: { lr: "0.1", epochs: "3" } });
		service.complete(name);
		service.nowMs += minute;
		await open();
		await row(/^Bigger batch, completed/).click();
		await runCommand(page, "Gamma: Clone with Other Hyperparameters");
		const input = page.locator(".quick-input-widget input:visible").first();
		const option = (text: RegExp) => page.locator(".quick-input-list").getByRole("option", { name: text });
		await option(/^lr/).click();
		await expect.poll(() => input.inputValue()).toBe("0.1");
		await input.fill("0.5");
		await input.press("Enter");
		await option(/with 1 param changed/).click();
		await expect.poll(() => input.inputValue()).toMatch(/-c[0-9a-z]+$/);
		const copy = await input.inputValue();
		await input.press("Enter");
		await expect.poll(() => service.count("CreateTrainingJob"), { timeout: 30_000 }).toBe(1);
		expect(service.asked.find(({ action }) => action === "CreateTrainingJob")?.body).toMatchObject({
			TrainingJobName: copy,
			HyperParameters: { lr: "0.5", epochs: "3" },
		});
		await refresh();
		await row(/^Bigger batch, running, starting, attempt 2/).waitFor({ timeout: minute });
	});

	test.skipIf(!python)("its checkpoint stands below the job, and a copy goes on from it", async () => {
		const s3 = s3ClientOf(moto?.url ?? "");
		const key = `trainings/${name}/checkpoints/step-100.pt`;
		await fillBucket(s3, "lab", { [key]: "weights" });
		s3.destroy();
		train({ CheckpointConfig: { S3Uri: `s3://lab/trainings/${name}/checkpoints` } });
		service.complete(name);
		await open();
		await row(/^Bigger batch, completed/).waitFor();
		await runCommand(page, "Gamma: Focus on Artifacts & Checkpoints View");
		const artifact = (text: RegExp) =>
			page.getByRole("tree", { name: "Artifacts & Checkpoints" }).getByRole("treeitem", { name: text });
		for (const text of [/^Bigger batch,/, /^Checkpoints,/]) {
			await artifact(text).waitFor();
			if ((await artifact(text).getAttribute("aria-expanded")) !== "true") await artifact(text).click();
		}
		await chooseFromMenu(artifact(/^step-100\.pt/), "Continue From This Checkpoint");
		const input = page.locator(".quick-input-widget input:visible").first();
		await expect.poll(() => input.inputValue()).toBe("resume_from");
		await input.press("Enter");
		await expect.poll(() => input.inputValue()).toMatch(/-c[0-9a-z]+$/);
		await input.press("Enter");
		await expect.poll(() => service.count("CreateTrainingJob"), { timeout: 30_000 }).toBe(1);
		const { body } = service.asked.find(({ action }) => action === "CreateTrainingJob") ?? {};
		expect(body).toMatchObject({
			HyperParameters: { resume_from: "/opt/ml/input/data/checkpoint/step-100.pt" },
			InputDataConfig: [{ ChannelName: "checkpoint", DataSource: { S3DataSource: { S3Uri: `s3://lab/${key}` } } }],
		});
	});

	test("a sign-in that ended is one row with its remedy and no message, until it is made", async () => {
		train();
		service.refuse("*", "ExpiredTokenException", "The security token included in the request is expired", {
			times: 1e6,
		});
		await open();
		await row(/^Sign in to AWS…, its sign-in has expired/).waitFor();
		const asked = service.asked.length;
		await runCommand(page, "Notifications: Show Notifications");
		await page.getByText("No new notifications").first().waitFor();
		await page.keyboard.press("Escape");
		// Nobody asks on while there is nothing to ask with.
		expect(service.asked.length).toBe(asked);
		service.allow();
		await runCommand(page, "Gamma: Ask AWS Again");
		await row(/^Bigger batch, running, starting/).waitFor();
		await expect.poll(() => row(/^Sign in to AWS/).count()).toBe(0);
		expect(new Set(service.asked.map(({ accessKey }) => accessKey))).toEqual(new Set(["AKIDLAB"]));
	});
});
