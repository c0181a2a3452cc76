import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GammaError } from "../../../src/shared/errors";
import { type JobPageStep, type JobPageWorkflow, jobPageKept } from "../../../src/shared/panels/jobPanel";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { faintTexts } from "../../support/contrast";
import { aFailedJob, aJobState, type JobPageUnderTest, nowMs, openJobPage } from "./jobPageHost";

let browser: Browser;
let opened: JobPageUnderTest | undefined;
beforeAll(async () => {
	if (chromiumPath) browser = await launchChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
	const complaints = opened?.complaints ?? [];
	await opened?.close();
	opened = undefined;
	expect(complaints).toEqual([]);
});

async function open(...args: Parameters<typeof openJobPage> extends [unknown, ...infer Rest] ? Rest : never) {
	const page = await openJobPage(browser, ...args);
	opened = page;
	await expect.poll(() => textOf(page.page.locator("body"))).not.toBe("");
	return page;
}
/** As a person sees it: without what is hidden. */
const textOf = async (shown: Locator) => (await shown.allInnerTexts()).join("\n");
const acts = (asked: readonly string[]) =>
	asked.filter((call) => call.startsWith("act")).map((call) => /"action":"(\w+)"/.exec(call)?.[1]);

describe.skipIf(!chromiumPath)("the job page in Chromium (needs a Chromium)", () => {
	test("says how the job went, where it came from, what it left and what people say of it", async () => {
		const { page } = await open(aJobState());
		expect(await textOf(page.getByRole("heading", { level: 1 }))).toBe("Double the warmup");
		const text = await textOf(page.locator("main"));
		for (const words of [
			...["Completed 3 min ago, after 47 min", "models/lr-sweep", "a1b2c3d", "The peak came too soon.", "ada"],
			...["47 min 0 s", "a runner", "Final metrics", "0.9132", "newest 41 min ago", "12.0 MB", "4,000"],
			...["warm-fox-12", "mlflow.db", "Bo retried it.", "Looks better than the last."],
		]) {
			expect(text).toContain(words);
		}
		expect(await page.getByRole("alert").count()).toBe(0);
	});

	test("offers what can be done with a job that has ended, each by its button", async () => {
		const { page, asked } = await open(aJobState());
		const names = [
			"Log",
			"Charts",
			"Retry",
			"Re-run with Params…",
			"Compare to Baseline",
			"Open on GitHub",
			"Open commit",
		];
		for (const name of names) await page.getByRole("button", { name, exact: true }).click();
		expect(acts(asked)).toEqual([
			...["openLog", "openCharts", "retry", "rerun", "compareToBaseline", "openOnForge", "openCommit"],
		]);
		expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
		await page.getByRole("button", { name: "warm-fox-12" }).click();
		await page.getByRole("button", { name: "Attempt 1, failed" }).click();
		await expect.poll(() => asked.slice(-2)).toEqual(['openRun {"key":"store/run1"}', 'openJob {"id":"job1"}']);
		for (const name of ["Copy job id", "Copy commit", "Copy branch"]) {
			await page.getByRole("button", { name, exact: true }).click();
		}
		await expect.poll(() => textOf(page.locator("#said"))).toBe("Copied: branch");
	});

	test("one that runs can be stopped, and tells its progress; nothing that cannot be done is offered", async () => {
		const going = { state: "running", sentence: "Running for 6 min", completedMs: null, progress: 0.999 } as const;
		const { page, asked, show } = await open(aJobState({ ...going, attempt: 1, attempts: [] }));
		expect(await page.getByRole("progressbar", { name: "Progress of the training" }).getAttribute("value")).toBe("99");
		await page.getByText("step 4,000").waitFor();
		await page.getByRole("button", { name: "Stop", exact: true }).click();
		expect(acts(asked)).toEqual(["stop"]);
		for (const name of ["Retry", "Re-run with Params…"]) {
			expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
		}
		const told = { isManaged: false, log: null, history: null, comments: null, hasGit: false, hasUrl: false };
		await show(
			aJobState({ ...going, ...told, runs: [], checkpoints: null, baseline: null, reason: "Waits for a GPU." }),
		);
		await page.getByText("No run of its commit is in an open store yet.").waitFor();
		await page.getByText("Waits for a GPU.").waitFor();
		for (const name of ["Stop", "Log", "Charts", "Open commit", "Open on GitHub", "Comment", "History"]) {
			expect([name, await page.getByRole("button", { name, exact: true }).count()]).toEqual([name, 0]);
		}
	});

	test("a push that GitHub trains has its jobs with their steps, and can be run again or cancelled there", async () => {
		const step = (name: string, state: JobPageStep["state"], words: string) => ({ name, state, words });
		const url = "https://github.com/acme/digits/actions/runs/7/job/70";
		const train = {
			...step("train", "failed", "failed after 12 s"),
			...{ url, runner: "gpu-1" },
			steps: [
				step("Set up job", "completed", "succeeded after 2 s"),
				step("Run the training", "failed", "failed after 10 s"),
			],
		};
		const lint = { ...step("lint", "completed", "succeeded after 4 s"), url: null, runner: null, steps: [] };
		const workflow = { canCancel: false, canRerun: true, canRerunFailed: true };
		const git = { isManaged: false, history: null, comments: null, attempts: [] };
		const state = (change: object) =>
			aJobState(aFailedJob({ ...git, workflow: { ...workflow, ...change } as JobPageWorkflow }));
		const { page, asked, show } = await open(
			state({ jobs: { kind: "ready", value: [train, lint] } }),
			{},
			{ width: 300 },
		);
		const steps = page.getByRole("listitem").filter({ hasText: "Run the training" });
		await steps.last().waitFor();
		// What went wrong is unfolded, what went well is not.
		expect(await page.locator("details[open]").count()).toBe(1);
		await page.getByRole("button", { name: "Open train on GitHub" }).click();
		for (const name of ["Re-run Failed", "Re-run All", "Download Log"]) {
			await page.getByRole("button", { name, exact: true }).click();
		}
		expect(acts(asked)).toEqual(["rerunFailedJobs", "rerunWorkflow", "downloadLog"]);
		expect(asked[0]).toBe(`openUrl ${JSON.stringify({ url })}`);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
		await show(
			state({ canCancel: true, canRerun: false, canRerunFailed: false, jobs: { kind: "ready", value: null } }),
		);
		await page.getByText(/Sign in to GitHub .* to see its jobs and steps/).waitFor();
		expect(await page.getByRole("button", { name: "Re-run All" }).count()).toBe(0);
		await page.getByRole("button", { name: "Cancel Run" }).click();
		await expect.poll(() => acts(asked).at(-1)).toBe("cancelWorkflow");
	});

	test("a failed one begins with why, and each place of it opens at the commit", async () => {
		const { page, asked } = await open(aJobState(aFailedJob()));
		const why = page.getByRole("region", { name: "Why it failed" });
		const text = await textOf(page.locator("main"));
		expect(text.indexOf("torch.OutOfMemoryError")).toBeLessThan(text.indexOf("Final metrics"));
		expect(await textOf(why)).toContain("The training ended with exit code 1.");
		expect(await textOf(why)).toContain("… 1,234 lines are left out …");
		const place = why.getByRole("button", { name: '/opt/ml/code/train.py", line 88' });
		await place.click();
		await why.getByRole("button", { name: "Show it in the log" }).click();
		expect(asked).toEqual(['openFrame {"path":"train.py","line":88}', 'act {"action":"openLog"}']);
		expect(await why.getByRole("button").count()).toBe(2);
	});

	test("what its commit changes is written when asked, as it comes, and says when it is stale", async () => {
		const none = {
			kind: "none",
			text: "",
			isStale: false,
			model: null,
			atMs: null,
			needsKey: false,
			canWrite: true,
		} as const;
		const page = await open(aJobState({ summary: none }));
		const region = page.page.getByRole("region", { name: "What the commit changes" });
		await region.getByRole("button", { name: "Generate Summary" }).click();
		await expect.poll(() => acts(page.asked)).toEqual(["generateSummary"]);
		await page.show(aJobState({ summary: { ...none, kind: "writing", text: "It raises" } }));
		await region.getByText("It raises").waitFor();
		await region.getByRole("button", { name: "Stop" }).click();
		await expect.poll(() => acts(page.asked).at(-1)).toBe("stopSummary");
		const ready = { ...none, kind: "ready", text: "It raises <b>lr</b>.", model: "claude-haiku", atMs: 1 } as const;
		await page.show(aJobState({ summary: ready }));
		await region.getByText("It raises <b>lr</b>.").waitFor();
		expect(await region.getByText("Stale").count()).toBe(0);
		await page.show(aJobState({ summary: { ...ready, isStale: true } }));
		await region.getByText("Stale: the diff of this commit is another one").waitFor();
		await region.getByRole("button", { name: "Write Again" }).waitFor();
		await page.show(aJobState({ summary: { ...none, kind: "failed", text: "There is no key.", needsKey: true } }));
		await region.getByRole("alert").getByText("There is no key.").waitFor();
		await region.getByRole("button", { name: "Set Key…" }).click();
		await expect.poll(() => acts(page.asked).at(-1)).toBe("setAgentKey");
		await page.show(aJobState({ summary: { ...ready, canWrite: false } }));
		await region.getByText("It raises").waitFor();
		expect(await region.getByRole("button", { name: "Write Again" }).count()).toBe(0);
		await page.show(aJobState({ summary: null }));
		await expect.poll(() => region.count()).toBe(0);
	});

	test("a failed one without a traceback says what there is", async () => {
		const { page, show } = await open(aJobState(aFailedJob({ failure: { kind: "reading" } })));
		await page.getByText("Reading the log…").waitFor();
		await show(aJobState(aFailedJob({ failure: { kind: "failed", message: "relay.test does not answer." } })));
		await page.getByText("The log could not be read: relay.test does not answer.").waitFor();
		await show(aJobState(aFailedJob({ failure: { kind: "ready", value: null }, reason: null })));
		await page.getByText("It left no log.").waitFor();
		expect(await textOf(page.getByRole("region", { name: "Why it failed" }))).toContain("It failed");
	});

	test("tells absence by its name", async () => {
		const { page, show } = await open(aJobState(null, { isReading: true }));
		await page.getByText("Reading the jobs…").waitFor();
		await show(aJobState(null));
		await page.getByText("This job is not known here.").waitFor();
		await show(aJobState({ metrics: [], checkpoints: { kind: "ready", value: [] }, runs: [] }));
		for (const words of [
			"No metric was told.",
			"It left no checkpoint.",
			"No run of its commit is in an open store.",
		]) {
			await page.getByText(words).waitFor();
		}
		await show(aJobState({ state: "running", checkpoints: { kind: "ready", value: [] } }));
		await page.getByText("It has left no checkpoint yet.").waitFor();
		await show(
			aJobState({ history: { kind: "failed", message: "The relay refused." }, checkpoints: { kind: "reading" } }),
		);
		await page.getByText("The relay refused.").waitFor();
		await page.getByText("Reading…").waitFor();
	});

	test("ages go on by themselves", async () => {
		const checkpoint = { name: "a.pt", step: 1, sizeBytes: 1, timestampMs: nowMs - 85_000 };
		const { page } = await open(aJobState({ checkpoints: { kind: "ready", value: [checkpoint] } }));
		await page.getByText("newest 2 min ago").waitFor();
	});
});

describe.skipIf(!chromiumPath)("comments", () => {
	test("are sent by keyboard; the field is empty once the relay has one, and only then", async () => {
		const sent: string[] = [];
		let answer: () => void = () => {};
		const comment = async ({ text }: { text: string }) => {
			sent.push(text);
			await new Promise<void>((done) => {
				answer = done;
			});
		};
		const { page } = await open(aJobState(), { comment });
		const field = page.getByRole("textbox", { name: "New comment" });
		expect(await page.getByRole("button", { name: "Comment", exact: true }).isDisabled()).toBe(true);
		await field.fill("  good one \n");
		await field.press("Control+Enter");
		await expect.poll(() => sent).toEqual(["good one"]);
		expect(await field.inputValue()).toBe("  good one \n");
		expect(await field.isDisabled()).toBe(true);
		answer();
		await expect.poll(() => field.inputValue()).toBe("");
	});

	test("one that could not be sent stays, with the reason", async () => {
		const comment = () => {
			throw new GammaError("relay.unreachable", "relay.test does not answer: try again.");
		};
		const { page, kept } = await open(aJobState(), { comment });
		const field = page.getByRole("textbox", { name: "New comment" });
		await field.fill("keep me");
		await page.getByRole("button", { name: "Comment", exact: true }).click();
		await page.getByRole("alert").filter({ hasText: "relay.test does not answer: try again." }).waitFor();
		expect(await field.inputValue()).toBe("keep me");
		await expect.poll(() => jobPageKept.parse(kept()).draft).toBe("keep me");
	});

	test("news do not take away what is being typed, nor the focus", async () => {
		const { page, show } = await open(aJobState());
		const field = page.getByRole("textbox", { name: "New comment" });
		await field.pressSequentially("half a th");
		const more = { id: "c2", author: "cy", text: "Mine too", atMs: nowMs };
		await show(aJobState({ comments: { kind: "ready", value: [more] } }));
		await page.getByText("Mine too").waitFor();
		await page.keyboard.type("ought");
		expect(await field.inputValue()).toBe("half a thought");
	});
});

test.skipIf(!chromiumPath)("hostile text is text wherever it stands", async () => {
	const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"><b>bold</b>`;
	const { page } = await open(
		aJobState(
			aFailedJob({
				...{ subject: hostile, body: hostile, author: hostile, branch: hostile, reason: hostile, sentence: hostile },
				metrics: [[hostile, 1]],
				runs: [{ key: "x", name: hostile, status: "FAILED", colour: 1, storeLabel: hostile }],
				failure: {
					kind: "ready",
					value: { kind: "line", error: hostile, lines: [{ text: hostile, frame: null }], omitted: 0 },
				},
				history: { kind: "ready", value: [{ status: "failed", reason: hostile, atMs: null }] },
				comments: { kind: "ready", value: [{ id: "1", author: hostile, text: hostile, atMs: null }] },
				checkpoints: { kind: "ready", value: [{ name: hostile, step: null, sizeBytes: null, timestampMs: null }] },
			}),
		),
	);
	await page.getByRole("heading", { name: hostile }).waitFor();
	expect(await page.locator("main img, main script, main b").count()).toBe(0);
	expect(await page.evaluate(() => "hacked" in window)).toBe(false);
});

describe.skipIf(!chromiumPath)("after a reload", () => {
	test("the page is as it was left", async () => {
		const metrics = Array.from({ length: 60 }, (_, i) => [`layer${i}/norm`, i] as const);
		const first = await open(aJobState({ metrics }), {}, { width: 500 });
		await first.page.getByRole("button", { name: "History" }).click();
		await first.page.getByRole("searchbox", { name: "Filter metrics" }).fill("layer1");
		await first.page.getByRole("textbox", { name: "New comment" }).fill("later");
		await first.page.evaluate(() => window.scrollTo({ top: 150 }));
		await expect.poll(() => jobPageKept.parse(first.kept()).scrollTop).toBe(150);
		const kept = jobPageKept.parse(first.kept());
		expect(kept).toMatchObject({ id: "job2", draft: "later", sections: { history: false } });
		await first.close();

		const { page } = await open(aJobState({ metrics }), {}, { width: 500, kept });
		expect(await page.getByRole("button", { name: "History" }).getAttribute("aria-expanded")).toBe("false");
		expect(await page.getByRole("searchbox", { name: "Filter metrics" }).inputValue()).toBe("layer1");
		expect(await page.getByRole("textbox", { name: "New comment" }).inputValue()).toBe("later");
		await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(150);
	});

	test("what another version kept does no harm", async () => {
		const { page } = await open(aJobState(), {}, { kept: { id: 7, draft: 3, sections: "x" } });
		await page.getByRole("heading", { name: "Double the warmup" }).waitFor();
	});
});

describe.skipIf(!chromiumPath)("at 300 px and in every theme", () => {
	test.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
		"%s: nothing sticks out sideways, every control has a name, every text can be read",
		async (theme) => {
			const long = "a_very_long_name_without_any_break_".repeat(8);
			const { page } = await open(
				aJobState(
					aFailedJob({
						...{ subject: long, branch: long, author: long, reason: long, trainedBy: long },
						metrics: [[long, 1.23456789e-12]],
						checkpoints: { kind: "ready", value: [{ name: long, step: 1e9, sizeBytes: 1e12, timestampMs: 0 }] },
					}),
				),
				{},
				{ theme, width: 300 },
			);
			await page.locator("main").waitFor();
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
			const nameless = await page.evaluate(
				() =>
					[...document.querySelectorAll("button, input, textarea, progress, pre, [role=table], section")].filter(
						(element) =>
							!(
								element.getAttribute("aria-label") ||
								element.getAttribute("aria-labelledby") ||
								element.textContent?.trim()
							),
					).length,
			);
			expect(nameless).toBe(0);
			expect(await faintTexts(page as unknown as Parameters<typeof faintTexts>[0])).toEqual([]);
		},
	);

	test("the Tab key reaches every button in the order of the page", async () => {
		const { page } = await open(aJobState(aFailedJob()));
		await page.locator("main").waitFor();
		const buttons = await page.locator("button:not(:disabled)").count();
		const reached: string[] = [];
		for (let i = 0; i < buttons + 6; i++) {
			await page.keyboard.press("Tab");
			reached.push(
				await page.evaluate(() => {
					const focused = document.activeElement;
					return (focused?.getAttribute("aria-label") ?? focused?.textContent ?? "").trim().slice(0, 40);
				}),
			);
		}
		const order = ["Attempt 1, failed", "Log", "Retry", "Open commit", "Show it in the log", "warm-fox-12, finished"];
		const places = order.map((name) => reached.indexOf(name));
		expect(places).not.toContain(-1);
		expect([...places].sort((a, b) => a - b)).toEqual(places);
	});
});
