import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { faintTexts } from "../../support/contrast";
import type { Theme } from "../../support/panelPage";
import { aFailedJob, aJobState, type JobPageUnderTest, nowMs, openJobPage } from "./jobPageHost";

const minute = 60_000;
const training = {
	name: "spirals-models-lr-sweep-a1b2c3d-42-1",
	arn: "arn:aws:sagemaker:us-east-1:123456789012:training-job/spirals-models-lr-sweep-a1b2c3d-42-1",
	isGuess: true,
	goesOn: false,
	facts: [
		["Phase", "Failed"],
		["Machine", "2 × ml.g5.xlarge"],
		["Spot", "spot, interrupted once"],
		["Cost", "≈ $1.41 at the list price of 2026-11-25"],
		["Checkpoints", `s3://lab/${"deep/".repeat(20)}checkpoints`],
	] as const,
	params: [["lr", "0.1"]] as const,
	phases: [
		{
			name: "Starting",
			message: "Starting the training job",
			startMs: nowMs - 60 * minute,
			endMs: nowMs - 50 * minute,
		},
		{ name: "Failed", message: "", startMs: nowMs - 3 * minute, endMs: nowMs - 3 * minute },
	],
};
const trueStatus = {
	witnesses: [
		{ name: "SageMaker", says: "Failed", atMs: nowMs - 3 * minute },
		{ name: "MLflow", says: "RUNNING", atMs: nowMs - 50 * minute },
		{ name: "Last log line", says: "", atMs: nowMs - 4 * minute },
		{ name: "Newest checkpoint", says: "", atMs: null },
	],
	disagreements: [
		{ words: "The job runs, and gave its last sign 3 h ago.", button: null, remedy: "Look at its log." },
		{ words: "MLflow says RUNNING, the job failed 3 h ago.", button: "End the Run as FAILED", remedy: null },
	],
};

describe.skipIf(!chromiumPath)("a SageMaker job's page in Chromium (needs a Chromium)", () => {
	let browser: Browser;
	let opened: JobPageUnderTest | undefined;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		const complaints = opened?.complaints ?? [];
		await opened?.close();
		opened = undefined;
		expect(complaints).toEqual([]);
	});
	afterAll(() => browser?.close());
	const open = async (view: { theme?: Theme; width?: number } = {}) => {
		opened = await openJobPage(browser, aJobState({ ...aFailedJob(), training, trueStatus }), {}, view);
		await opened.page.getByRole("heading", { name: "SageMaker" }).waitFor();
		return opened;
	};

	test("says side by side who says what, and mends what a button can", async () => {
		const { page, asked } = await open();
		const text = (await page.locator("main").allInnerTexts()).join("\n");
		for (const words of [
			...[
				"2 × ml.g5.xlarge",
				"spot, interrupted once",
				"≈ $1.41 at the list price of 2026-11-25",
				"a guess: it has no tags",
			],
			...["Last log line", "4 min ago", "nothing yet", "RUNNING", "Look at its log.", "Starting the training job"],
		])
			expect(text).toContain(words);
		await page.getByRole("button", { name: "End the Run as FAILED" }).click();
		await page.getByRole("button", { name: "Clone…" }).click();
		await page.getByRole("button", { name: "SageMaker", exact: true }).click();
		await expect
			.poll(() => asked)
			.toEqual(['mend {"index":1}', 'act {"action":"clone"}', 'act {"action":"openConsole"}']);
	});

	test.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
		"fits 300 px and stays legible in %s",
		async (theme) => {
			const { page } = await open({ theme, width: 300 });
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
			expect(await faintTexts(page as unknown as Parameters<typeof faintTexts>[0])).toEqual([]);
		},
	);
});
