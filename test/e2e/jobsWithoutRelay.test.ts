import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";
import { GithubActions } from "../support/githubActions";
import { GitProject } from "../support/gitProject";

const cleaning: (() => void)[] = [];

function projectWith(prepare: (project: GitProject) => void): GitProject {
	const project = new GitProject();
	cleaning.push(() => project.remove());
	project.commit("Start", { "train.py": "lr = 0.1\n", ".gitignore": "mlruns\n" });
	prepare(project);
	return project;
}

/** A clone of GitHub as git sees it, whose pushes go to a folder: one push was trained, one was not. */
function pushedProject(): { project: GitProject; waiting: string } {
	let [trained, waiting] = ["", ""];
	const project = projectWith((at) => {
		const bare = join(at.folder, ".git", "there");
		at.git("init", "-q", "--bare", bare);
		at.git("remote", "add", "origin", "https://github.com/acme/digits.git");
		at.git("config", `url.${bare}.pushInsteadOf`, "https://github.com/acme/digits.git");
		at.git("checkout", "-q", "-b", "models/lr-sweep");
		trained = at.commit("Cosine schedule");
		at.git("push", "-q", "origin", "models/lr-sweep");
		waiting = at.commit("Bigger batch");
		at.git("push", "-q", "origin", "models/lr-sweep");
	});
	const store = join(project.folder, "mlruns");
	writeExperiment(store, "1", "digits");
	writeRun(store, "1", "a".repeat(32), {
		name: "calm-owl-11",
		tags: { "mlflow.source.git.commit": trained },
		metrics: { "val/acc": "1 0.913 0\n" },
	});
	return { project, waiting };
}

describe.skipIf(!editorFolder)("jobs without a relay in the real editor (needs the editor)", () => {
	let editor: Editor;
	let github: GithubActions;
	let page: Page;
	beforeAll(async () => {
		github = await GithubActions.start();
		editor = await startEditor({
			extensions: ["github-authentication"],
			env: { GAMMA_GITHUB_API_URL: github.url, GAMMA_TEST_GITHUB_TOKEN: github.token },
		});
	});
	afterEach(() => page?.close());
	afterAll(async () => {
		await editor?.close();
		await github?.close();
		for (const clean of cleaning) clean();
	});

	const jobs = (): Locator => page.getByRole("tree", { name: "Jobs" });
	const row = (name: RegExp): Locator => jobs().getByRole("treeitem", { name });
	/** A text with its buttons, in place of the rows. */
	const welcome = (text: RegExp): Locator => page.locator(".welcome-view-content", { hasText: text });

	async function open(folder: string): Promise<void> {
		page = await editor.open(folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	}

	test("a push that was trained and one that was not stand below their branch, and what is missing below them", async () => {
		const { project, waiting } = pushedProject();
		github.runs = [{ id: 7, branch: "models/lr-sweep", sha: waiting, conclusion: "failure" }];
		await open(project.folder);
		await row(/models\/lr-sweep/)
			.first()
			.waitFor();
		await row(/^Cosine schedule, completed/).waitFor();
		await row(/^Bigger batch, pending/).waitFor();
		await row(/^Add a relay/).waitFor();
		// Nobody was asked before the person said so.
		expect(github.asked).toEqual([]);

		// Who says no is asked nothing more, and told nothing.
		await row(/^Sign in to GitHub…, to see its workflow runs/).click();
		await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
		await runCommand(page, "Notifications: Show Notifications");
		await page.getByText("No new notifications").first().waitFor();
		await page.keyboard.press("Escape");
		expect(github.asked).toEqual([]);

		await row(/^Sign in to GitHub…, to see its workflow runs/).click();
		await page.getByRole("dialog").getByRole("button", { name: "Allow" }).click();
		await row(/^Bigger batch, failed/).waitFor();
		await expect.poll(() => row(/^Sign in to GitHub/).count()).toBe(0);
		expect(github.asked[0]).toMatchObject({ token: github.token, status: 200 });
		expect(await row(/^Add a relay/).count()).toBe(1);
	});

	test("the way to a relay names three, and each is a command", async () => {
		await open(pushedProject().project.folder);
		await row(/^Add a relay/).click();
		const options = page.locator(".quick-input-list").getByRole("option");
		await expect.poll(() => options.count()).toBe(3);
		expect(await options.allInnerTexts()).toEqual([
			expect.stringContaining("Start a local relay"),
			expect.stringContaining("Connect to your team's relay"),
			expect.stringContaining("Set up MMP in this repository"),
		]);
		await page.keyboard.press("Escape");
	});

	test("no repository: a sentence, and git at hand", async () => {
		const folder = mkdtempSync(join(tmpdir(), "gamma-plain-"));
		cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
		await open(folder);
		await welcome(/in no git repository/)
			.getByRole("button", { name: "Initialize Repository" })
			.waitFor();
	});

	test("no models branch: what a push would be, and the ways to begin", async () => {
		await open(projectWith(() => {}).folder);
		const text = welcome(/there is none yet/);
		for (const name of ["Set Up MMP in This Repository", "Start Local Relay", "Connect to a Relay…"]) {
			await text.getByRole("button", { name }).waitFor();
		}
	});

	test("a folder that is not trusted: git is not run for it, and a button", async () => {
		const untrusted = await startEditor({
			trust: true,
			settings: { "security.workspace.trust.startupPrompt": "never" },
		});
		try {
			page = await untrusted.open(pushedProject().project.folder);
			await page
				.getByRole("tab", { name: /^Gamma/ })
				.first()
				.click();
			const text = welcome(/in a folder you do not trust/);
			await text.getByRole("button", { name: "Manage Workspace Trust" }).waitFor();
			expect(await row(/models\/lr-sweep/).count()).toBe(0);
		} finally {
			await untrusted.close();
		}
	});

	test("a repository at another host says why there are no workflow runs", async () => {
		const project = projectWith((at) => {
			at.git("remote", "add", "origin", "git@git.example.com:acme/digits.git");
			at.git("checkout", "-q", "-b", "models/a");
			at.commit("Try");
		});
		await open(project.folder);
		await row(/^No workflow runs from here.*git\.example\.com/).waitFor();
		await row(/^Try, pending/).waitFor();
	});
});
