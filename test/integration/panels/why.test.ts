import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AnthropicClaude } from "../../../src/adapters/anthropic/anthropicClaude";
import { findRepository } from "../../../src/adapters/git/gitCli";
import { askOnce } from "../../../src/core/agent/askOnce";
import { shortModel } from "../../../src/core/agent/shortModel";
import type { GitRepository } from "../../../src/core/git/gitRepository";
import { WhyModel } from "../../../src/core/why/whyModel";
import { GammaError } from "../../../src/shared/errors";
import { whyCalls } from "../../../src/shared/panels/whyPanel";
import type { Run } from "../../../src/shared/run";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { ClaudeServer } from "../../support/claudeServer";
import { faintTexts } from "../../support/contrast";
import { GitProject } from "../../support/gitProject";
import { memorySources, runWith } from "../../support/memoryLibrary";
import { openPanelPage, type PanelPage, type Theme } from "../../support/panelPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";

describe.skipIf(!chromiumPath)(`“Why did it change?”, over a real repository${noBrowser}`, () => {
	const project = new GitProject();
	let browser: Browser;
	let claude: ClaudeServer;
	let git: GitRepository | null;
	let runs: { readonly base: Run; readonly other: Run; readonly seeds: readonly Run[] };
	let open: PanelPage | undefined;
	let model: WhyModel;
	const asked: string[] = [];

	beforeAll(async () => {
		const train = (lr: string, home: string) =>
			`import torch\n\n\ndef fit(model, data):\n    lr = ${lr}\n    opt = torch.optim.SGD(model.parameters(), lr)\n    for x, y in data:\n        step(opt, x, y)\n\n\nhome = "${home}"\n`;
		const from = project.commit("Begin", {
			"train.py": train("0.1", "a"),
			"README.md": "# Digits\n",
			"old.py": "x = 1\n",
		});
		project.git("rm", "-q", "old.py");
		const to = project.commit("Tune", {
			"train.py": train("0.5", "b"),
			"README.md": "# Digits\n\nFaster.\n",
			"aug.py": "def augment(x):\n    return x.flip(0)\n",
		});
		const params = (lr: string, seed: number) => ({ lr, seed: String(seed), data_path: lr === "0.1" ? "v1" : "v2" });
		const made = (id: string, lr: string, seed: number, acc: number, commit: string, change: Partial<Run> = {}) =>
			runWith(id, {
				name: id,
				params: params(lr, seed),
				metrics: { "val/acc": acc, "val/loss": 1 - acc },
				commit,
				...change,
			});
		const patch =
			"diff --git a/train.py b/train.py\n--- a/train.py\n+++ b/train.py\n@@ -5 +5 @@\n-    lr = 0.5\n+    lr = 0.6\n";
		runs = {
			base: made("warm-fox", "0.1", 1, 0.91, from, { tags: { cuda: "12.1" } }),
			other: made("calm-owl", "0.5", 1, 0.72, to, { tags: { cuda: "12.4", "mlflow.git.diff": patch } }),
			seeds: [made("warm-fox-2", "0.1", 2, 0.905, from), made("calm-owl-2", "0.5", 2, 0.71, to)],
		};
		[browser, claude, git] = await Promise.all([
			launchChromium(),
			ClaudeServer.start(),
			findRepository(project.folder, "git"),
		]);
	});
	afterEach(async () => {
		const complaints = [...(open?.complaints ?? [])];
		await open?.close();
		model.dispose();
		asked.length = 0;
		expect(complaints).toEqual([]);
	});
	afterAll(async () => {
		await Promise.all([browser?.close(), claude?.close()]);
		project.remove();
	});

	async function start(
		options: { hasKey?: boolean; theme?: Theme; width?: number; kept?: unknown; isAsked?: boolean } = {},
	) {
		const { hasKey = true, theme = "dark", width = 900, kept, isAsked = true } = options;
		const sources = memorySources();
		sources.library.put([runs.base, runs.other, ...runs.seeds]);
		model = new WhyModel({
			...sources,
			git: () => git,
			uncommitted: async (run) => run.tags["mlflow.git.diff"] ?? null,
			ask: async (question, how) => {
				if (!hasKey) throw new GammaError("agent.noKey", "There is no key for Claude: set one.");
				const service = new AnthropicClaude({ apiKey: claude.key, baseUrl: claude.url });
				return askOnce(service, shortModel("", await service.models()), question, how);
			},
		});
		if (isAsked) model.setRuns(runs.base.key, runs.other.key);
		const note = (name: string) => (given: unknown) => void asked.push(`${name} ${JSON.stringify(given ?? null)}`);
		const page = await openPanelPage({
			...{ browser, panel: "why", calls: whyCalls, theme, width, kept, height: 900, reducedMotion: true },
			state: model.state(0),
			handlers: {
				setRuns: ({ base, other }) => model.setRuns(base, other),
				chooseMetric: ({ metric }) => model.chooseMetric(metric),
				rank: () => void model.rank(),
				stopRanking: () => model.stopRanking(),
				...{ openRun: note("openRun"), openCodeDiff: note("openCodeDiff"), openHunk: note("openHunk") },
				...{ testHunk: note("testHunk"), setAgentKey: note("setAgentKey") },
			},
		});
		open = page;
		const show = () => void page.show(model.state(0)).catch(() => {});
		model.onDidChange(show);
		show();
		return page.page;
	}

	const places = async (page: Awaited<ReturnType<typeof start>>) =>
		(await page.locator(".hunk").all()).length === 0 ? [] : page.locator(".hunk .place").allTextContents();

	test("says whether it is chance, what differs, and the suspicious code first, without asking anybody", async () => {
		const page = await start();
		await page.getByText("More than chance").waitFor();
		await page
			.getByText(/val\/acc: 0\.91 → 0\.72 \(-0\.19, worse\)\. The means of their seeds differ by -0\.193; seeds alone/)
			.waitFor();
		await expect
			.poll(() => places(page))
			.toEqual(["train.py:5", "train.py:5", "aug.py:1", "old.py:1", "train.py:11", "README.md:2"]);
		await page.getByText("4 files differ between").waitFor();
		const first = page.getByRole("listitem", {
			name: /^train\.py:5, likely: It touches the learning rate or its schedule: lr = 0\.1 → lr = 0\.5; the param lr differs too \(0\.1 → 0\.5\)\./,
		});
		await first.waitFor();
		await page.getByRole("listitem", { name: /^README\.md:2, unlikely: No training reads it/ }).waitFor();
		await page.getByText("uncommitted, of the second run").waitFor();
		const table = (name: string) => page.getByRole("table", { name }).getByRole("row").allInnerTexts();
		expect((await table("Params that differ")).slice(1).map((row) => row.split(/\s+/))).toEqual([["lr", "0.1", "0.5"]]);
		expect((await table("Data that differ"))[1]).toMatch(/data_path\s+v1\s+v2/);
		expect((await table("Environment that differ"))[1]).toMatch(/cuda\s+12\.1\s+12\.4/);
		expect(claude.seen).toEqual([]);
		await page.getByRole("combobox", { name: "Metric" }).selectOption("val/loss");
		await page.getByText(/val\/loss: 0\.09 → 0\.28 \(\+0\.19, worse\)/).waitFor();
	});

	test("each change is opened or tested by keyboard; one that was not committed cannot be tested", async () => {
		const page = await start();
		const test = page.getByRole("button", { name: "Test train.py:5" });
		await test.waitFor();
		expect(await test.count()).toBe(1);
		await test.focus();
		await page.keyboard.press("Enter");
		await expect.poll(() => asked).toEqual([expect.stringMatching(/^testHunk \{"id":"train\.py#/)]);
		await page.keyboard.press("Shift+Tab");
		await page.keyboard.press("Enter");
		await expect.poll(() => asked.at(-1)).toMatch(/^openHunk \{"id":"train\.py#/);
		await page.getByRole("button", { name: "All Files" }).click();
		await expect.poll(() => asked.at(-1)).toBe("openCodeDiff null");
	});

	test("Claude's ranking takes the place of the rules as it comes, line by line", async () => {
		const page = await start();
		await page.getByRole("button", { name: "Rank with Claude" }).waitFor();
		let go = () => {};
		const held = new Promise<void>((resolve) => {
			go = resolve;
		});
		const isReached = { now: false };
		claude.script({
			blocks: [{ text: "3 | 95 | Flipping digits changes what they are.\n1 | 20 | It was tuned before.\n" }],
			// After the first line, before the second has ended.
			gate: (event) => {
				if (event < 8) return;
				isReached.now = true;
				return held;
			},
		});
		await page.getByRole("button", { name: "Rank with Claude" }).click();
		await page.getByRole("listitem", { name: /^aug\.py:1, likely: Flipping digits changes what they are\./ }).waitFor();
		await page.getByRole("button", { name: "Stop" }).waitFor();
		expect((await places(page))[0]).toBe("aug.py:1");
		expect(isReached.now).toBe(true);
		go();
		await page.getByText("Ranked by claude-haiku-4-5").waitFor();
		await page.getByRole("listitem", { name: /^train\.py:5, unlikely: It was tuned before\./ }).waitFor();
		expect(claude.asked.at(-1)?.text).toContain("params lr: 0.1 → 0.5");
	});

	test("without a key it says so with the button, and what rules say stays", async () => {
		const page = await start({ hasKey: false });
		await page.getByRole("button", { name: "Rank with Claude" }).click();
		await page.getByRole("alert").getByText("There is no key for Claude: set one.").waitFor();
		await page.getByRole("button", { name: "Set Key…" }).click();
		await expect.poll(() => asked).toEqual(["setAgentKey null"]);
		expect((await places(page))[0]).toBe("train.py:5");
	});

	test("comes back after a reload with its runs and its metric", async () => {
		const page = await start({
			isAsked: false,
			kept: { base: runs.base.key, other: runs.other.key, metric: "val/loss" },
		});
		await page.getByText(/val\/loss: 0\.09/).waitFor();
		await page.getByRole("button", { name: "Swap" }).click();
		await page.getByText(/val\/acc: 0\.72 → 0\.91|val\/loss: 0\.28 → 0\.09/).waitFor();
	});

	test.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
		"can be read in %s, 300 pixels wide too",
		async (theme) => {
			const page = await start({ theme });
			await page.getByText("More than chance").waitFor();
			await expect.poll(async () => (await places(page)).length).toBe(6);
			expect(await faintTexts(page)).toEqual([]);
			if (process.env.GAMMA_SHOTS)
				await page.screenshot({ path: `${process.env.GAMMA_SHOTS}/why-${theme}.png`, fullPage: true });
			await page.setViewportSize({ width: 300, height: 900 });
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
			if (process.env.GAMMA_SHOTS)
				await page.screenshot({ path: `${process.env.GAMMA_SHOTS}/why-${theme}-300.png`, fullPage: true });
		},
	);
});
