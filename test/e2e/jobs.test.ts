import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";
import { RelayPlace } from "../support/publishRelay";
import { type RelayUnderTest, startTestRelay } from "../support/relay";
import { clientOf, makeProject, RunnerOfOne } from "../support/relayRunner";

/** A clone whose commits on a models branch change line 88 of train.py. */
class PushedProject extends GitProject {
	constructor() {
		super();
		this.git("remote", "add", "origin", "https://github.com/ada/digits.git");
		this.commit("Start", { "train.py": code("loss = 1"), ".gitignore": "mlruns\n" });
		this.git("checkout", "-q", "-b", "models/lr-sweep");
	}

	/** What is in the folder afterwards is something else. */
	push(subject: string): string {
		const sha = this.commit(subject, { "train.py": code(`loss = at_the_commit("${subject}")`) });
		this.write("train.py", "changed = True\n");
		return sha;
	}
}

function code(line: string): string {
	return Array.from({ length: 120 }, (_, i) => `${i === 87 ? line : `x${i + 1} = ${i + 1}`}\n`).join("");
}

const traceback = `Traceback (most recent call last):
  File "/tmp/worktree-7/train.py", line 88, in <module>
    loss = at_the_commit()
ValueError: no warmup
`;

describe.skipIf(!editorFolder)("jobs in the real editor (needs the editor)", () => {
	let editor: Editor;
	let relay: RelayUnderTest;
	let projectId: string;
	let page: Page | undefined;
	const place = new RelayPlace();
	const project = new PushedProject();
	const store = join(project.folder, "mlruns");
	beforeAll(async () => {
		// A busy machine takes minutes over one of these.
		relay = await startTestRelay({ LEASE_SECONDS: "900" });
		projectId = await makeProject(relay, "ada/digits");
		await place.publish(relay);
		editor = await startEditor({ env: place.environment });
	});
	afterEach(async () => {
		await page?.close();
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		project.remove();
		place.remove();
	});

	const start = (subject: string) =>
		RunnerOfOne.start(relay, { commitSha: project.push(subject), projectId, message: subject });

	async function openEditor(): Promise<Page> {
		page = await editor.open(project.folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
		return page;
	}

	const row = (opened: Page, name: RegExp): Locator => opened.getByRole("treeitem", { name }).first();

	async function openLog(opened: Page, name: RegExp): Promise<void> {
		await row(opened, name).click();
		await runCommand(opened, "Gamma: Show Log of Job");
		await opened.getByRole("tab", { name: /lr-sweep .*\.job\.log/ }).waitFor();
	}

	const line = (opened: Page, text: string): Locator =>
		opened.locator(".monaco-editor .view-line").filter({ hasText: text.replaceAll(" ", "\u00a0") });
	const isVisible = async (opened: Page, text: string) => (await line(opened, text).count()) > 0;
	const follows = (opened: Page, words: RegExp) => opened.locator(".statusbar-item").filter({ hasText: words });

	test("a log grows in its tab, is followed to its end, and stays where a person scrolled to", async () => {
		const runner = await start("Grow");
		await runner.log(Array.from({ length: 200 }, (_, i) => `old line ${i}.\n`).join(""));
		const opened = await openEditor();
		await openLog(opened, /^Grow, running/);
		await line(opened, "old line 199.").waitFor();
		await follows(opened, /· following/).waitFor();
		await runner.log("\x1b[32mstep 1\x1b[0m 10%\rstep 1 50%");
		await line(opened, "step 1 50%").waitFor();
		await runner.log(`\rstep 1 done.\n${Array.from({ length: 100 }, (_, i) => `new line ${i}.\n`).join("")}`);
		await line(opened, "new line 99.").waitFor();
		expect(await isVisible(opened, "old line 199.")).toBe(false);

		await opened.locator(".monaco-editor .view-lines").last().hover();
		await opened.mouse.wheel(0, -1500);
		await follows(opened, /not following/).waitFor();
		const [shown = ""] = await opened.locator(".monaco-editor .view-line").allInnerTexts();
		await runner.log("the newest line.\n");
		await runner.heartbeat({ progress: 0.5, metrics: { step: 1, values: { loss: 0.5 } } });
		await opened.waitForTimeout(1500);
		expect(await isVisible(opened, "the newest line.")).toBe(false);
		expect((await opened.locator(".monaco-editor .view-line").allInnerTexts())[0]).toBe(shown);

		await follows(opened, /not following/).click();
		await line(opened, "the newest line.").waitFor();
		await runner.log("one more line.\n");
		await line(opened, "one more line.").waitFor();

		// It is a file nobody changed, and nobody can.
		await line(opened, "one more line.").click();
		await opened.keyboard.type("x");
		await opened.getByText("it cannot be changed").first().waitFor();
		expect(await opened.locator(".tab.dirty").count()).toBe(0);
		await runner.complete();
		await follows(opened, /Completed/).waitFor();
	});

	test("a log that is open, and a page, are there again after a reload, and go on", async () => {
		const runner = await start("Reload");
		await runner.log(Array.from({ length: 300 }, (_, i) => `line ${i}.\n`).join(""));
		const opened = await openEditor();
		await row(opened, /^Reload, running/).dblclick();
		await panelFrame(opened).getByRole("heading", { name: "Reload" }).waitFor();
		await panelFrame(opened).getByRole("button", { name: "Log", exact: true }).click();
		await line(opened, "line 299.").waitFor();
		await runCommand(opened, "Developer: Reload Window");
		// The old window is still there for a moment, its text too.
		await opened.waitForTimeout(3000);
		await line(opened, "line 299.").waitFor({ timeout: 60_000 });
		await runner.log("after the reload.\n");
		await line(opened, "after the reload.").waitFor();
		await opened.getByRole("tab", { name: /^\w{7} Reload/ }).click();
		await panelFrame(opened).getByRole("heading", { name: "Reload" }).waitFor();
		await runner.complete();
		await panelFrame(opened).getByText("Completed").first().waitFor();
	});

	test("a log of 30 MB opens at its end, and grows", async () => {
		const runner = await start("Long");
		const part = Array.from({ length: 40_000 }, (_, i) => `step ${i} loss ${i / 40_000} ${"x".repeat(75)}\n`).join("");
		for (let i = 0; i < 8; i++) await runner.log(part);
		await runner.log("the 320,000th line.\n");
		const opened = await openEditor();
		await openLog(opened, /^Long, running/);
		await line(opened, "the 320,000th line.").waitFor({ timeout: 100_000 });
		await runner.log("and one more.\n");
		await line(opened, "and one more.").waitFor();
		await runner.complete();
	}, 300_000);

	test("a job leads to its run and its checkpoints, and the run back to the job", async () => {
		const runner = await start("Spine");
		const runId = "c".repeat(32);
		writeExperiment(store, "1", "digits");
		writeRun(store, "1", runId, {
			name: "warm-fox-12",
			metrics: { "val/acc": "1000 0.5 0\n2000 0.91 1\n" },
			params: { lr: "0.1" },
			tags: { "mlflow.source.git.commit": runner.job.commitSha },
		});
		const checkpoint = { path: "epoch_3.pt", step: 3, sizeBytes: 12e6, timestampMs: Date.now() - 41 * 60_000 };
		const checkpoints = join(store, "1", runId, "artifacts", "checkpoints");
		mkdirSync(checkpoints, { recursive: true });
		writeFileSync(join(checkpoints, "manifest.json"), JSON.stringify({ version: 1, checkpoints: [checkpoint] }));
		const opened = await openEditor();
		await row(opened, /^Spine, running/).dblclick();
		const job = panelFrame(opened);
		await job.getByText(/newest 4[12] min ago/).waitFor();
		await job.getByText("epoch_3.pt").waitFor();
		await job.getByText("0.91").first().waitFor();
		await job.getByRole("button", { name: /^warm-fox-12/ }).click();
		await panelFrame(opened).getByRole("heading", { name: "warm-fox-12" }).waitFor();
		await panelFrame(opened).getByRole("button", { name: "Open job, running" }).click();
		await panelFrame(opened).getByRole("heading", { name: "Spine" }).waitFor();
		await panelFrame(opened).getByRole("button", { name: "Stop", exact: true }).click();
		await opened
			.getByRole("dialog")
			.getByText(/4[12] min since its newest checkpoint \(step 3\) are lost/)
			.waitFor();
		await opened.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
		await runner.complete();
	});

	test("the log of a failed job opens at its traceback, whose places open as they were at the commit", async () => {
		const runner = await start("Fail");
		await runner.log(`${"warming up\n".repeat(300)}${traceback}${"shutting down\n".repeat(300)}`);
		await runner.complete({ status: "failed", exitCode: 1 });
		const opened = await openEditor();
		await openLog(opened, /^Fail, failed/);
		await line(opened, "ValueError: no warmup").waitFor();
		// Every theme must have the colour that the error's line is given.
		const colours: string[] = [];
		for (const theme of ["light", "high-contrast", "dark"] as const) {
			await editor.theme(theme);
			const words = line(opened, "ValueError: no warmup").locator("span span").first();
			await expect
				.poll(() => words.evaluate((element) => getComputedStyle(element).color))
				.toMatch(/^rgb\((1[6-9]|2)\d/);
			colours.push(await words.evaluate((element) => getComputedStyle(element).color));
		}
		expect(new Set(colours).size).toBeGreaterThan(1);
		const place = line(opened, 'File "/tmp/worktree-7/train.py", line 88').locator(".detected-link").first();
		await place.waitFor();
		// The cursor stands where the traceback begins; the link is in the next line.
		for (const key of ["ArrowDown", "Home", ...Array.from({ length: 10 }, () => "ArrowRight")]) {
			await opened.keyboard.press(key);
		}
		await runCommand(opened, "Open Link");
		await opened.getByRole("tab", { name: /^train\.py/ }).waitFor();
		await line(opened, "loss = at_the_commit(").last().waitFor();
	});

	test("its page begins with why, leads to its log, and a retry is a new attempt", async () => {
		const runner = await start("Retry me");
		await runner.log(traceback);
		await runner.complete({ status: "failed", exitCode: 1 });
		const opened = await openEditor();
		await row(opened, /^Retry me, failed/).click();
		const job = panelFrame(opened);
		await job.getByRole("heading", { name: "Retry me" }).waitFor();
		await job.getByRole("region", { name: "Why it failed" }).getByText("ValueError: no warmup").first().waitFor();
		await job.getByRole("textbox", { name: "New comment" }).fill("Set the warmup.");
		await job.getByRole("button", { name: "Comment", exact: true }).click();
		await job.getByText("Set the warmup.").last().waitFor();
		expect((await clientOf(relay).comments(runner.job.id)).map(({ text }) => text)).toEqual(["Set the warmup."]);
		await job.getByRole("button", { name: /train\.py", line 88/ }).click();
		await line(opened, "loss = at_the_commit(").last().waitFor();
		await opened
			.getByRole("tab", { name: /Retry me/ })
			.first()
			.click();
		await job.getByRole("button", { name: "Open commit" }).click();
		await opened.locator(".multiDiffEntry").filter({ hasText: "train.py" }).first().waitFor();
		await opened
			.getByRole("tab", { name: /^\w{7} Retry me/ })
			.first()
			.click();
		await panelFrame(opened).getByRole("button", { name: "Retry" }).click();
		await panelFrame(opened).getByText("Waiting for").waitFor();
		const { items } = await clientOf(relay).jobs({ project: projectId });
		expect(items[0]).toMatchObject({ attempt: 2, status: "pending", commitSha: runner.job.commitSha });
		await panelFrame(opened).getByRole("button", { name: "Attempt 1, failed" }).waitFor();
		// One that waits loses nothing: it is stopped without a question.
		await panelFrame(opened).getByRole("button", { name: "Stop", exact: true }).click();
		await panelFrame(opened).getByText("Stopped").first().waitFor();
	});

	test("stopping one that trains says first what is lost", async () => {
		const runner = await start("Stop me");
		await runner.heartbeat({ progress: 0.43, metrics: { step: 1241, values: { loss: 0.21 } } });
		const opened = await openEditor();
		await row(opened, /^Stop me, running, 43 %/).click();
		// What a stream told before the window was open is not told again.
		await runner.heartbeat({ progress: 0.44, metrics: { step: 1241, values: { loss: 0.21 } } });
		await panelFrame(opened).getByText("step 1,241").waitFor();
		await panelFrame(opened).getByRole("button", { name: "Stop", exact: true }).click();
		const dialog = opened.getByRole("dialog").filter({ hasText: "Stop models/lr-sweep" });
		await dialog.getByText(/1,241 steps.*is lost/).waitFor();
		await dialog.getByRole("button", { name: "Cancel" }).click();
		expect(await runner.heartbeat()).toBe(false);
		await panelFrame(opened).getByRole("button", { name: "Stop", exact: true }).click();
		await dialog.getByRole("button", { name: "Stop Job" }).click();
		await expect.poll(() => runner.heartbeat()).toBe(true);
		await runner.complete({ status: "stopped" });
		await panelFrame(opened).getByRole("button", { name: "Retry" }).waitFor();
	});

	test("a re-run is given the params that were typed in", async () => {
		const runner = await start("Run me again");
		await runner.complete();
		const opened = await openEditor();
		await row(opened, /^Run me again, completed/).click();
		await panelFrame(opened).getByRole("button", { name: "Re-run with Params…" }).click();
		const option = (name: RegExp) => opened.locator(".quick-input-list").getByRole("option", { name });
		await option(/Add a param/).click();
		const input = opened.locator(".quick-input-widget input:visible").first();
		await input.fill("lr");
		await input.press("Enter");
		await opened.getByText("Value of lr").waitFor();
		await input.fill("0.01");
		await input.press("Enter");
		await option(/lr.*\+ 0\.01/).waitFor();
		await option(/Re-run with 1 param changed/).click();
		await panelFrame(opened).getByText("Waiting for").waitFor();
		const { items } = await clientOf(relay).jobs({ project: projectId });
		expect(items[0]).toMatchObject({ attempt: 2, commitSha: runner.job.commitSha });
		expect((await RunnerOfOne.claim(relay, items[0]?.id ?? "")).params).toEqual({ lr: 0.01 });
	});
});
