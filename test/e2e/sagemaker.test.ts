import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";
import { SagemakerService } from "../support/sagemakerService";

const minute = 60_000;
const sagemaker = { role: "arn:aws:iam::123456789012:role/train", bucket: "lab", image: "image:1" };

describe.skipIf(!editorFolder)("SageMaker in the real editor (needs the editor)", () => {
	let service: SagemakerService;
	let editor: Editor;
	let page: Page;
	let project: GitProject;
	let sha: string;
	let name: string;
	beforeAll(async () => {
		service = await SagemakerService.start();
		editor = await startEditor({ env: service.environment });
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
		service.forget();
		project.remove();
	});
	afterAll(async () => {
		await editor?.close();
		await service?.stop();
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
		await job.getByText("MLflow says RUNNING, the job failed 10 min ago.").waitFor();
		await job.getByText(/Gamma only reads this store/).waitFor();
		await job.getByText("ml.g5.xlarge").first().waitFor();
		await job.getByText(`arn:aws:iam::123456789012:role/train`).waitFor();
	});

	test("a stop says what is lost first, and the row follows it to its end", async () => {
		train();
		service.enter(name, "Downloading");
		service.enter(name, "Training");
		await open();
		await row(/^Bigger batch, running/).click();
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
		await row(/^Bigger batch, running, starting, attempt 2/).waitFor();
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
	});
});
