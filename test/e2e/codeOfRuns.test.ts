import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, panelFrame, runCommand, saveTo, startEditor } from "../support/editor";
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
	let page: Page | undefined;
	const { project, second } = trainedProject();
	const worktree = `${project.folder}-${second.slice(0, 7)}`;
	beforeAll(async () => {
		editor = await startEditor();
	});
	afterEach(async () => {
		await page?.close();
	});
	afterAll(async () => {
		await editor?.close();
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
