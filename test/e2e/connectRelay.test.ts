import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { type RelayUnderTest, startTestRelay } from "../support/relay";

/** A relay without sign-in, by its address and token. */
describe.skipIf(!editorFolder)("connecting to a relay by its token (needs the editor)", () => {
	const project = new GitProject();
	let relay: RelayUnderTest;
	let editor: Editor;
	let page: Page;

	beforeAll(async () => {
		project.commit("Start", { "train.py": "lr = 0.1\n" });
		relay = await startTestRelay();
		editor = await startEditor();
		page = await editor.open(project.folder);
		await page
			.getByRole("tab", { name: /^Gamma/ })
			.first()
			.click();
	});
	afterAll(async () => {
		await editor?.close();
		await relay?.close();
		project.remove();
	});

	const jobs = (text: string): Locator =>
		page.locator(".pane", { has: page.getByRole("button", { name: /Jobs Section$/ }) }).getByText(text);
	const input = () => page.locator(".quick-input-widget input:visible").first();

	async function step(place: string, text: string): Promise<void> {
		await page.locator(".quick-input-widget", { hasText: place }).waitFor();
		await input().fill(text);
		await page.keyboard.press("Enter");
	}

	async function chooseToken(): Promise<void> {
		await page
			.locator(".quick-input-list")
			.getByRole("option", { name: /^Token/ })
			.click();
	}

	test("an address to which a token would go in the open is refused as it is typed", async () => {
		await runCommand(page, "Gamma: Connect to a Relay");
		await step("(1/2)", "http://relay.example.org");
		await page.getByText("a token must not be read on its way").waitFor();
	});

	test("a token that is not the relay's is said to be none, with the way back", async () => {
		await step("(1/2)", `${relay.url}/`);
		await chooseToken();
		await step("(3/3)", "not-the-token");
		await runCommand(page, "Notifications: Show Notifications");
		await page.getByRole("button", { name: "Change…" }).click({ timeout: 20_000 });
		await page.locator(".quick-input-widget", { hasText: "(1/2)" }).waitFor();
		expect(await input().inputValue()).toBe(relay.url);
	});

	test("with the right one the relay answers, and signing out forgets it", async () => {
		await step("(1/2)", relay.url);
		await chooseToken();
		await step("(3/3)", relay.token ?? "");
		await expectNotice(page, /Connected to 127\.0\.0\.1:\d+\./);
		await jobs("The relay has no project of this repository yet").waitFor({ timeout: 60_000 });
		await runCommand(page, "Gamma: Sign Out");
		await expectNotice(page, /Signed out of Gamma\./);
		await jobs("You are signed out of the relay.").waitFor({ timeout: 60_000 });
	});
});
