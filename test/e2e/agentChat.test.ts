import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeServer } from "../support/claudeServer";
import { type Editor, editorFolder, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";

describe.skipIf(!editorFolder)("the agent's chat in the real editor (needs the editor)", () => {
	const project = new GitProject();
	let claude: ClaudeServer;
	let editor: Editor;
	let page: Page;
	let chat: FrameLocator;
	const patience = { timeout: 60_000 };

	/** The one webview of the secondary side bar. */
	async function openChat(): Promise<void> {
		await runCommand(page, "Gamma: Open the Agent");
		chat = page.frameLocator("iframe.webview").frameLocator("iframe");
		await chat.locator("textarea").waitFor(patience);
	}
	const log = () => chat.locator(".log").textContent();
	const ask = async (text: string) => {
		await chat.locator("textarea").fill(text);
		await chat.locator("textarea").press("Enter");
	};

	async function giveKey(): Promise<void> {
		await chat.getByRole("button", { name: "Set API Key…" }).click(patience);
		const field = page.locator(".quick-input-widget:visible", { hasText: "Key for Claude" }).locator("input:visible");
		await field.first().fill(claude.key);
		await field.first().press("Enter");
		await expect.poll(() => chat.locator(".access-row").count(), patience).toBe(0);
	}

	beforeAll(async () => {
		claude = await ClaudeServer.start();
		project.commit("Start", { "train.py": "lr = 0.1\nwarmup = 1000\n" });
		editor = await startEditor({ settings: { "gamma.agent.baseUrl": claude.url } });
		page = await editor.open(project.folder);
	}, 180_000);
	afterAll(async () => {
		await editor?.close();
		await claude?.close();
		project.remove();
	});

	test("without a key it says so and asks for one; then it answers, with what it read on one line", async () => {
		await openChat();
		await giveKey();
		claude.script(
			{
				blocks: [{ text: "I look at the file. " }, { tool: "read_file", input: { path: "train.py" } }],
				stop: "tool_use",
			},
			{ blocks: [{ text: "The **warmup** is 1000 steps long." }] },
		);
		await ask("How long is the warmup in @file:train.py?");
		await expect.poll(log, patience).toContain("The warmup is 1000 steps long.");
		expect(await chat.locator(".words strong").textContent()).toBe("warmup");
		await expect
			.poll(() => chat.locator(".message.assistant .fold").allTextContents(), patience)
			.toEqual([expect.stringContaining("train.py")]);
		// The file went along with the prompt, and what the tool read went back.
		expect(claude.asked[0]?.text).toContain("warmup = 1000");
		expect(claude.asked.at(-1)?.text).toContain("tool_result");
		await expect.poll(() => chat.locator("header .numbers").textContent(), patience).toMatch(/\$0\.\d{4}/);
	});

	test("an answer that is stopped keeps its words, and the next prompt goes on", async () => {
		let release = () => {};
		const held = new Promise<void>((done) => {
			release = done;
		});
		claude.script({
			blocks: [{ text: "These words stay. " }, { text: "These never come." }],
			gate: (event) => (event > 3 ? held : undefined),
		});
		await ask("Tell me more");
		await expect.poll(log, patience).toContain("These words");
		await chat.getByRole("button", { name: "Stop" }).click();
		await expect.poll(() => chat.getByRole("button", { name: "Stop" }).count(), patience).toBe(0);
		release();
		claude.script({ blocks: [{ text: "Here I go on." }] });
		await ask("Go on");
		await expect.poll(log, patience).toContain("Here I go on.");
		expect(await log()).toContain("These words");
		expect(await log()).not.toContain("These never come.");
	});

	test("a window that is reloaded in mid-answer shows the words it had", async () => {
		let release = () => {};
		const held = new Promise<void>((done) => {
			release = done;
		});
		claude.script({
			blocks: [{ text: "Onehalf here, the rest" }, { text: "The rest." }],
			gate: (event) => (event > 3 ? held : undefined),
		});
		await ask("And then what?");
		await expect.poll(log, patience).toContain("Onehalf");
		// Kept every two seconds while it is written.
		await page.waitForTimeout(3_000);
		await page.reload();
		await page.locator(".monaco-workbench .part.activitybar").waitFor(patience);
		await openChat();
		await expect.poll(log, patience).toContain("Onehalf");
		expect(await log()).toContain("The warmup is 1000 steps long.");
		release();
	});
});
