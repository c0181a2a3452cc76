import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeServer } from "../support/claudeServer";
import { type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { GitProject } from "../support/gitProject";
import { type RelayUnderTest, startTestRelay } from "../support/relay";

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

	test("the key is shown by its end and its place, and tested with the service's own word", async () => {
		await runCommand(page, "Gamma: Show Key for Claude");
		const input = page.locator(".quick-input-widget input:visible").first();
		await expect
			.poll(() => input.getAttribute("placeholder"), patience)
			.toMatch(/^…ests, in the editor's secret storage; asked at 127\.0\.0\.1/);
		await page.locator(".quick-input-list").getByRole("option", { name: /Test/ }).click(patience);
		await expectNotice(page, /The key works at 127\.0\.0\.1:\d+: 2 models\./);
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
		await expect.poll(() => keptWords(editor.workspaceStorage), patience).toContain("Onehalf");
		await page.reload();
		await page.locator(".monaco-workbench .part.activitybar").waitFor(patience);
		await openChat();
		await expect.poll(log, patience).toContain("Onehalf");
		expect(await log()).toContain("The warmup is 1000 steps long.");
		release();
	});

	describe("with a relay whose organisation has a key", () => {
		let relay: RelayUnderTest;
		let projectId: string;
		const other = new GitProject();
		const remote = "https://github.com/team/digits.git";
		const listed = (title: string) => chat.locator(".conversations li", { hasText: title });
		type Kept = { items: { id: string; title: string; content: string }[] };
		const kept = async (path: string) => (await relay.ask<Kept>("GET", path)).body.items;
		const conversations = () => kept(`/api/projects/${projectId}/conversations`);
		/** The words of the conversation as the relay has them. */
		const contents = async () => {
			const found = (await conversations()).find(({ title }) => title === "Why does it overfit?");
			return (await kept(`/api/conversations/${found?.id}/messages`)).map(({ content }) => content);
		};
		const notices = () => chat.locator(".notice").allTextContents();

		beforeAll(async () => {
			relay = await startTestRelay({ ANTHROPIC_API_KEY: claude.key, ANTHROPIC_BASE_URL: claude.url });
			const make = async (name: string) => {
				const body = { name, repository: `team/${name}` };
				return (await relay.ask<{ id: string }>("POST", "/api/projects", { body })).body.id;
			};
			await make("faces");
			projectId = await make("digits");
			for (const clone of [project, other]) clone.git("remote", "add", "origin", remote);
			other.commit("Start", { "train.py": "lr = 0.1\n" });
		}, 120_000);
		afterAll(async () => {
			await relay?.close();
			other.remove();
		});

		async function connect(): Promise<void> {
			const input = page.locator(".quick-input-widget input:visible").first();
			const step = async (place: string, text: string) => {
				await page.locator(".quick-input-widget", { hasText: place }).waitFor(patience);
				await input.fill(text);
				await page.keyboard.press("Enter");
			};
			await runCommand(page, "Gamma: Connect to a Relay");
			await step("(1/2)", relay.url);
			await page
				.locator(".quick-input-list")
				.getByRole("option", { name: /^Token/ })
				.click();
			await step("(3/3)", relay.token ?? "");
		}

		test("without a key of one's own answers come through it, and its refusals say what helps", async () => {
			// The editor in a browser keeps secrets no longer than its page.
			await chat.locator(".access-row").waitFor(patience);
			await connect();
			await chat.locator("header .numbers", { hasText: "through the relay" }).waitFor(patience);
			await chat.getByRole("button", { name: "New conversation" }).click();
			claude.clear();
			claude.script({ status: 402, error: { type: "billing_error", message: "no credit" } });
			await ask("Why does it overfit?");
			await expect.poll(notices, patience).toEqual([expect.stringContaining("no credit left")]);
			claude.script({ status: 429, error: { type: "rate_limit_error", message: "the month's limit" } });
			await ask("And now?");
			await expect.poll(notices, patience).toContainEqual(expect.stringContaining("the month's limit"));
			claude.script({ blocks: [{ text: "It has no regulariser." }] });
			await ask("Once more");
			await expect.poll(log, patience).toContain("It has no regulariser.");
			expect(claude.asked.every(({ headers }) => headers["x-api-key"] === claude.key)).toBe(true);
		});

		test("the conversation is kept in the project of this repository; one of before moves there when that is asked for", async () => {
			await expect
				.poll(async () => (await conversations()).map(({ title }) => title), patience)
				.toEqual(["Why does it overfit?"]);
			await expect.poll(contents, patience).toContain("It has no regulariser.");
			await chat.locator(".title-button").click();
			await expect.poll(() => listed("Why does it overfit?").textContent(), patience).toMatch(/· relay\s*$/m);
			await expect.poll(() => listed("How long is the warmup").textContent(), patience).toContain("this machine");
			await chat.getByRole("button", { name: /^Move to the relay: How long is the warmup/ }).click();
			await expect.poll(() => listed("How long is the warmup").textContent(), patience).not.toContain("this machine");
			expect(await conversations()).toHaveLength(2);
		});

		test("another clone of the repository, in a window of its own, goes on with it", async () => {
			const address = new URL(page.url());
			address.searchParams.set("folder", other.folder);
			await page.goto(address.href);
			await page.locator(".monaco-workbench .part.activitybar").waitFor(patience);
			await openChat();
			await connect();
			await chat.locator("header .numbers", { hasText: "through the relay" }).waitFor(patience);
			await chat.locator(".title-button").click(patience);
			await listed("Why does it overfit?").locator(".row").click(patience);
			await expect.poll(log, patience).toContain("It has no regulariser.");
			claude.script({ blocks: [{ text: "Add a weight decay." }] });
			await ask("So what?");
			await expect.poll(log, patience).toContain("Add a weight decay.");
			await expect.poll(contents, patience).toContain("Add a weight decay.");
			expect(await contents()).toHaveLength(8);
		});
	});
});

/** All conversations as they lie on the disk. */
function keptWords(workspaceStorage: string): string {
	const folders = readdirSync(workspaceStorage).map((name) =>
		join(workspaceStorage, name, "gamma-ml.gamma/conversations"),
	);
	const files = folders.flatMap((folder) =>
		existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
	);
	return files
		.filter((file) => file.endsWith(".json"))
		.map((file) => readFileSync(file, "utf8"))
		.join("\n");
}
