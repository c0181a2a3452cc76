import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClaudeServer } from "../support/claudeServer";
import { chooseFromMenu, type Editor, editorFolder, expectNotice, runCommand, startEditor } from "../support/editor";
import { writeExperiment, writeRun } from "../support/fileStore";

describe.skipIf(!editorFolder)("a run that goes on is watched (needs the editor)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-watch-"));
	const store = join(folder, "mlruns");
	const id = "0123456789abcdef0123456789abcdef";
	const began = Date.now() - 60_000;
	const output = join(store, "1", id, "artifacts", "logs", "output.log");
	let claude: ClaudeServer;
	let editor: Editor;
	let page: Page;
	let logged = 0;

	/** As a training does: one line a step. */
	function log(...values: readonly string[]): void {
		for (const value of values) {
			appendFileSync(join(store, "1", id, "metrics", "loss"), `${began + logged * 1_000} ${value} ${logged}\n`);
			logged++;
		}
	}

	beforeAll(async () => {
		writeExperiment(store, "1", "digits");
		writeRun(store, "1", id, { name: "warm-fox", status: 1, startTimeMs: began, metrics: { loss: "" } });
		log("2", "1.5", "1.2");
		claude = await ClaudeServer.start();
		const rules = ["loss > 5 for 2 steps", "loss is odd", "Traceback in log"];
		editor = await startEditor({ settings: { "gamma.watch.rules": rules, "gamma.agent.baseUrl": claude.url } });
		page = await editor.open(folder);
		await page.getByRole("tab", { name: "Gamma" }).first().click();
		await page.getByRole("treeitem", { name: /^warm-fox,/ }).waitFor();
	});
	afterAll(async () => {
		await editor?.close();
		await claude?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const row = (name: RegExp) => page.getByRole("treeitem", { name });

	test("its rules stand in a view of their own, and one that cannot be read says what to write", async () => {
		await page.getByRole("button", { name: /^Watch Rules Section/ }).click();
		await row(/^loss > 5 for 2 steps, watched/).waitFor();
		await row(/^loss is odd, The watch rule “loss is odd” is no rule: write one like/).waitFor();
	});

	test("a rule that comes true is told once, with the step where it began", async () => {
		log("9", "9", "9", "9");
		await expectNotice(page, /warm-fox: loss is 9 at step 5, since step 3\./);
		await row(/^loss > 5 for 2 steps, came true: 1/).waitFor();
	});

	test("a loss that is no number is a row above the rules, and a notice with the way to the run", async () => {
		log("nan", "nan");
		await row(/^warm-fox: loss is NaN since step 7\./).waitFor({ timeout: 60_000 });
		await expectNotice(page, /warm-fox: loss is NaN since step 7\./);
		await row(/^warm-fox: loss is NaN since step 7\./).click();
		await page.getByRole("tab", { name: /^warm-fox/ }).waitFor();
	});

	test("a rule is added where it is checked while it is typed", async () => {
		await runCommand(page, "Gamma: Add Watch Rule");
		const input = page.locator(".quick-input-widget input:visible").first();
		await input.fill("loss > much");
		await page.locator(".quick-input-message", { hasText: "is no rule: write one like" }).waitFor();
		await input.fill("val/acc < 0.5 for 5 min then wake");
		await page.keyboard.press("Enter");
		await row(/^val\/acc < 0\.5 for 5 min then wake, watched/).waitFor();
		expect(await row(/, watched/).count()).toBe(2);
	});

	test("a traceback in the run's log is told as soon as its line has ended; until somebody asks, no model hears of anything", async () => {
		mkdirSync(join(output, ".."), { recursive: true });
		appendFileSync(output, "epoch 1\nTraceback (most recent call last):\n  File");
		await expectNotice(page, /warm-fox: The log says: Traceback \(most recent call last\):/);
		await row(/^Traceback in log, came true: 1/).waitFor();
		expect(claude.seen).toEqual([]);
		const broken = row(/^warm-fox: loss is NaN since step 7\./);
		await chooseFromMenu(broken, "Fix with the Agent");
		const chat = page.frameLocator("iframe.webview.ready:visible").last().frameLocator("iframe#active-frame");
		await chat
			.getByText("Find the cause in the code and propose an edit that fixes it: loss is NaN since step 7.")
			.first()
			.waitFor();
		// There is no key: it is said, and nothing was sent.
		expect(claude.asked).toEqual([]);
	});
});
