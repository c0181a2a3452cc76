import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../src/shared/relay/job";
import { chooseFromMenu, type Editor, editorFolder, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { type RelayUnderTest, startTestRelay } from "../support/relay";
import { makeProject, RunnerOfOne } from "../support/relayRunner";
import { commit } from "../support/webhooks";

/** Ada in a team whose relay has two repositories, one of which is her clone's. The steps build on each other, in order. */
describe.skipIf(!editorFolder)("a team's jobs in one person's editor (needs the editor)", () => {
	const project = new GitProject();
	let ownCommit: string;
	let relay: RelayUnderTest;
	let projectId: string;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		project.git("config", "user.email", "ada@example.org");
		project.git("remote", "add", "origin", "git@github.com:Ada/Digits.git");
		ownCommit = project.commit("Double the warmup", { "train.py": "print('loss=1')\n" });
		relay = await startTestRelay();
		projectId = await makeProject(relay, "ada/digits");
		editor = await startEditor();
		page = await editor.open(project.folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		project.remove();
	});

	const row = (name: RegExp): Locator => page.getByRole("treeitem", { name });
	const entry = (words: RegExp): Locator => page.locator(".statusbar-item", { hasText: words });

	/** A job under way, in the hands of a runner. */
	async function training(branch: string, commitSha: string, message: string, of = projectId): Promise<RunnerOfOne> {
		const body = { projectId: of, branch, commitSha, message };
		const made = await relay.ask<Job>("POST", "/api/jobs", { body });
		expect(made.status).toBe(201);
		return RunnerOfOne.claim(relay, made.body.id);
	}

	/** What the list of notices holds, once it holds something of this. */
	async function notices(words: RegExp): Promise<readonly string[]> {
		const found = page.locator(".notifications-list-container .notification-list-item");
		await expect
			.poll(
				async () => {
					await runCommand(page, "Notifications: Show Notifications");
					await page.waitForTimeout(2_000);
					return (await found.allTextContents()).some((text) => words.test(text));
				},
				{ timeout: 90_000 },
			)
			.toBe(true);
		return found.allTextContents();
	}

	test("they are those of the clone's own repository, once the relay is connected to", async () => {
		await runCommand(page, "Gamma: Connect to a Relay");
		const input = page.locator(".quick-input-widget input:visible").first();
		await page.getByText("The relay's address").waitFor();
		await input.fill(relay.url);
		await page.keyboard.press("Enter");
		await page.locator(".quick-input-list").getByText("Token", { exact: true }).click();
		await page.locator(".quick-input-widget input[type=password]:visible").fill(relay.token ?? "");
		await page.keyboard.press("Enter");
		const other = await makeProject(relay, "ada/words");
		await training("models/elsewhere", commit(9), "In another repository", other);
		const theirs = await training("models/theirs", commit(1), "Bob's idea");
		await theirs.heartbeat({ progress: 0.2 });
		await row(/^Bob's idea, running, 20 %/).waitFor({ timeout: 60_000 });
		expect(await row(/In another repository/).count()).toBe(0);
		// Nothing of hers goes on: the status bar follows the team's.
		await entry(/models\/theirs 20 %/).waitFor();
		await theirs.complete();
		await row(/^Bob's idea, completed/).waitFor();
	});

	test("only her own end with a notice, and are what the status bar follows", async () => {
		const theirs = await training("models/theirs", commit(2), "Bob's second idea");
		const own = await training("models/own", ownCommit, "Double the warmup");
		await own.heartbeat({ progress: 0.5 });
		await row(/^Bob's second idea, running/).waitFor();
		await entry(/models\/own 50 %/).waitFor();
		await theirs.complete({ status: "failed", exitCode: 1 });
		await own.complete();
		await row(/^Bob's second idea, failed/).waitFor();
		const told = await notices(/models\/own completed/);
		expect(told.filter((text) => /theirs/.test(text))).toEqual([]);
		expect(await entry(/failed/).count()).toBe(0);
		await runCommand(page, "Notifications: Clear All Notifications");
	});

	test("one that she asks to be told of is told, and red until it is opened", async () => {
		const theirs = await training("models/theirs", commit(3), "Bob's last idea");
		await chooseFromMenu(row(/^Bob's last idea, running/), "Tell Me When It Ends");
		await row(/^Bob's last idea, running.*, pinned/).waitFor();
		await theirs.complete({ status: "failed", exitCode: 1 });
		await entry(/models\/theirs failed: exit code 1/).waitFor();
		await notices(/models\/theirs failed: exit code 1/);
	});
});
