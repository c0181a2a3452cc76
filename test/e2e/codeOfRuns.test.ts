import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ClaudeServer } from "../support/claudeServer";
import {
	type Editor,
	editorFolder,
	expectNotice,
	panelFrame,
	runCommand,
	saveTo,
	startEditor,
} from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GitProject } from "../support/gitProject";

/** A repository with two training commits on a models branch and a run of each. */
function trainedProject(): { project: GitProject; second: string } {
	const project = new GitProject();
	project.commit("Start", { "README.md": "# Digits\n", ".gitignore": "mlruns\n" });
	project.git("checkout", "-q", "-b", "models/lr-sweep");
	const first = project.commit("Warm up", { "train.py": "lr = 0.1\n", "old.py": "gone = True\n" });
	project.git("rm", "-q", "old.py");
	const second = project.commit("Lower the rate", { "train.py": "lr = 0.01\n", "eval.py": "print(1)\n" });
	const store = join(project.folder, "mlruns");
	writeExperiment(store, "1", "digits");
	const metrics = { "val/acc": Array.from({ length: 50 }, (_, i) => `${1000 + i} ${i / 50} ${i}\n`).join("") };
	const tags = (commit: string) => ({
		"mlflow.source.git.commit": commit,
		"mlflow.note.content": "**Better** than before",
	});
	writeRun(store, "1", "a".repeat(32), { name: "calm-owl-11", metrics, tags: tags(first), params: { lr: "0.1" } });
	writeRun(store, "1", "b".repeat(32), {
		name: "warm-fox-12",
		metrics,
		tags: tags(second),
		params: { lr: "0.01" },
		startTimeMs: 9000,
	});
	const artifacts = join(store, "1", "b".repeat(32), "artifacts");
	mkdirSync(join(artifacts, "model"), { recursive: true });
	writeFileSync(join(artifacts, "notes.md"), "# Report\n");
	writeFileSync(join(artifacts, "diff.patch"), "--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-lr = 0.01\n+lr = 0.02\n");
	writeFileSync(join(artifacts, "model", "MLmodel"), "flavors: {}\n");
	return { project, second };
}

describe.skipIf(!editorFolder)("the code of runs in the real editor (needs the editor)", () => {
	let editor: Editor;
	let claude: ClaudeServer;
	let page: Page | undefined;
	const { project, second } = trainedProject();
	const worktree = `${project.folder}-${second.slice(0, 7)}`;
	beforeAll(async () => {
		claude = await ClaudeServer.start();
		editor = await startEditor({ settings: { "gamma.agent.baseUrl": claude.url } });
	});
	afterEach(async () => {
		await page?.close();
	});
	afterAll(async () => {
		await editor?.close();
		await claude?.close();
		project.remove();
		rmSync(worktree, { recursive: true, force: true });
	});

	/** The page of the newer run, opened from the commit the file in the editor is at. */
	async function openPage(): Promise<Page> {
		page = await editor.open(project.folder);
		const opened = page;
		await opened
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
		await opened
			.getByRole("treeitem", { name: /warm-fox-12/ })
			.first()
			.waitFor();
		await runCommand(opened, "Gamma: Open the Run of This Commit");
		await panelFrame(opened).getByRole("heading", { name: "warm-fox-12" }).waitFor();
		return opened;
	}

	/** Of the two runs, asked for one after the other. */
	async function askWhy(opened: Page) {
		await runCommand(opened, "Gamma: Why Did It Change?");
		for (const [title, name] of [
			["Which run changed?", "warm-fox-12"],
			["Compared with which run?", "calm-owl-11"],
		] as const) {
			await opened.locator(`.quick-input-widget input[placeholder="${title}"]`).waitFor();
			await opened.locator(".quick-input-list .monaco-list-row").filter({ hasText: name }).first().click();
		}
		return panelFrame(opened);
	}

	async function typeKey(opened: Page): Promise<void> {
		const field = opened
			.locator(".quick-input-widget:visible", { hasText: "From the Claude Console" })
			.locator("input:visible");
		await field.first().fill(claude.key);
		await field.first().press("Enter");
	}

	test("the run of the commit at HEAD opens; its page knows its branch, its curve and its note", async () => {
		const run = panelFrame(await openPage());
		await run.getByText("models/lr-sweep").waitFor();
		await run.getByRole("row").filter({ hasText: "val/acc" }).locator("svg path").waitFor();
		await run.locator("strong").filter({ hasText: "Better" }).waitFor();
		await run.getByRole("treeitem", { name: "notes.md" }).click();
		await run.getByRole("heading", { name: "Report" }).waitFor();
	});

	test("its commit opens as the editor's own diff of every changed file", async () => {
		const opened = await openPage();
		await panelFrame(opened).getByRole("button", { name: "Open commit" }).click();
		const tab = opened.getByRole("tab", { name: new RegExp(`${second.slice(0, 7)} Lower the rate`) });
		await tab.waitFor();
		for (const name of ["train.py", "eval.py", "old.py"]) {
			await opened.locator(".multiDiffEntry").filter({ hasText: name }).first().waitFor();
		}
	});

	test("the uncommitted changes it stored open read-only", async () => {
		const opened = await openPage();
		await panelFrame(opened).getByRole("button", { name: "Uncommitted changes" }).click();
		await opened.getByRole("tab", { name: /warm-fox-12 uncommitted\.diff/ }).waitFor();
		await opened.locator(".view-line").filter({ hasText: "+lr" }).first().waitFor();
		await opened.locator(".monaco-editor .view-lines").last().click();
		await opened.keyboard.type("x");
		await opened.getByText("Cannot edit in read-only editor").first().waitFor();
	});

	test("its commit is checked out where the person says, and the work tree stays as it is", async () => {
		const opened = await openPage();
		await panelFrame(opened).getByRole("button", { name: "Check out…" }).click();
		await opened
			.locator(".quick-input-list .monaco-list-row")
			.filter({ hasText: second.slice(0, 7) })
			.first()
			.click();
		await opened
			.getByText(/The code of warm-fox-12 .* is in/)
			.first()
			.waitFor();
		expect(existsSync(join(worktree, "eval.py"))).toBe(true);
		expect(readFileSync(join(project.folder, "train.py"), "utf8")).toBe("lr = 0.01\n");
		expect(project.git("status", "--porcelain")).toBe("");
	});

	test("why two runs differ is said without a model; one change is tested on a branch of its own, and Claude ranks when asked", async () => {
		const opened = await openPage();
		const why = await askWhy(opened);
		await why.getByRole("heading", { name: "Why did it change?" }).waitFor();
		await why.getByText("3 files differ between").waitFor();
		const first = why.getByRole("listitem").first();
		await expect
			.poll(() => first.getAttribute("aria-label"))
			.toMatch(/^train\.py:1, likely: .*lr = 0\.1 → lr = 0\.01; the param lr/);
		await why.getByText("uncommitted, of the second run").waitFor();

		await why.getByRole("button", { name: "Rank with Claude" }).click();
		await why
			.getByRole("alert")
			.getByText(/There is no key for Claude/)
			.waitFor();
		expect(claude.seen).toEqual([]);
		await why.getByRole("button", { name: "Set Key…" }).click();
		await typeKey(opened);
		claude.script({ blocks: [{ text: "3 | 99 | It prints.\n1 | 40 | A lower rate.\n" }] });
		await why.getByRole("button", { name: "Try Again" }).click();
		await why.getByText(/^Ranked by claude-haiku/).waitFor();
		await expect.poll(() => first.getAttribute("aria-label")).toMatch(/, likely: It prints\.$/);

		await why.getByRole("button", { name: "Test train.py:1" }).click();
		await opened.getByRole("tab", { name: /train\.py at .* ↔ without the change/ }).waitFor();
		const branch = opened
			.locator(".quick-input-widget:visible", { hasText: "Test This Change" })
			.locator("input:visible");
		await expect.poll(() => branch.first().inputValue()).toBe("models/without-train-1");
		expect(project.git("branch", "--list", "models/without*")).toBe("");
		await branch.first().press("Enter");
		await expect
			.poll(() => project.git("branch", "--list", "models/without*"), { timeout: 30_000 })
			.toContain("models/without-train-1");
		expect(project.git("show", "models/without-train-1:train.py")).toBe("lr = 0.1");
		expect(project.git("diff", "--name-only", second, "models/without-train-1")).toBe("train.py");
		expect([project.git("rev-parse", "HEAD"), project.git("status", "--porcelain")]).toEqual([second, ""]);
		await expectNotice(opened, /models\/without-train-1 is \w{7} without that change/);
		project.git("branch", "-D", "models/without-train-1");
	});

	test("what a commit changes is written once, and stands on its job's page, its row, its files and wherever its id is read", async () => {
		const opened = await openPage();
		await (await askWhy(opened)).getByRole("button", { name: "Open eval.py:1" }).click();
		const lens = opened.locator(".codelens-decoration a");
		const words = "It lowers the learning rate tenfold, which may slow the training down. An evaluation is new.";
		const asks = lens.filter({ hasText: `Generate Summary of ${second.slice(0, 7)}` });
		await asks.first().click();
		const job = panelFrame(opened);
		await job
			.getByRole("alert")
			.getByText(/There is no key for Claude: set one/)
			.waitFor();
		expect(claude.left).toBe(0);
		await job.getByRole("button", { name: "Set Key…" }).click();
		await typeKey(opened);
		claude.script({ blocks: [{ text: words }] });
		await expect
			.poll(
				async () => {
					const again = job.getByRole("button", { name: "Try Again" });
					if (await again.isVisible()) await again.click();
					return job.getByText(words).isVisible();
				},
				{ timeout: 60_000, interval: 1_000 },
			)
			.toBe(true);
		await job.getByText("claude-haiku-4-5").waitFor();
		const asked = claude.asked.length;
		await opened
			.getByRole("tab", { name: /^eval\.py/ })
			.first()
			.click();
		await lens
			.filter({ hasText: "It lowers the learning rate tenfold, which may slow the training down." })
			.first()
			.waitFor();
		await opened
			.locator(".view-line")
			.filter({ hasText: "print" })
			.first()
			.hover({ position: { x: 12, y: 8 } });
		await opened.locator(".monaco-hover").filter({ hasText: "An evaluation is new." }).first().waitFor();
		const row = opened.getByRole("treeitem", { name: /Lower the rate/ }).first();
		await row.hover();
		await opened
			.locator(".workbench-hover, .monaco-hover")
			.filter({ hasText: "which may slow the training down" })
			.last()
			.waitFor();
		expect(claude.asked.length).toBe(asked);
	});

	test("an artifact is downloaded to the file the person names", async () => {
		const opened = await openPage();
		await panelFrame(opened).getByRole("treeitem", { name: "notes.md" }).click();
		await panelFrame(opened).getByRole("button", { name: "Download", exact: true }).click();
		const target = join(project.folder, ".git", "report of the run.md");
		// The editor shows no toast while it is driven: the file itself says that it is there.
		await saveTo(opened, target);
		await expect.poll(() => readFileSync(target, "utf8"), { timeout: 30_000 }).toBe("# Report\n");
	});

	test("the page is there again after the window was reloaded, with what was open in it", async () => {
		const opened = await openPage();
		await panelFrame(opened).getByRole("treeitem", { name: "model" }).click();
		await panelFrame(opened)
			.getByRole("treeitem", { name: /MLmodel/ })
			.click();
		await panelFrame(opened).getByText("flavors: {}").waitFor();
		await runCommand(opened, "Developer: Reload Window");
		// The old window is still there for a moment, its page too.
		await opened.waitForTimeout(3000);
		await panelFrame(opened).getByRole("heading", { name: "warm-fox-12" }).waitFor({ timeout: 60_000 });
		await panelFrame(opened).getByText("flavors: {}").waitFor();
	});
});
