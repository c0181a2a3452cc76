import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { compareHandlers } from "../../../src/ui/panels/compareHandlers";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { openComparison } from "../../support/comparePage";
import { projectRuns, runWith } from "../../support/memoryLibrary";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";
const sha = (letter: string) => letter.repeat(40);

const base = runWith("base", {
	name: "warm-fox",
	commit: sha("a"),
	params: { lr: "0.1", depth: "3", schedule: "warmup of 500 steps, then cosine decay", seed: "1" },
	metrics: { "val/acc": 0.905, "val/loss": 0.4, only: 1 },
	tags: { team: "vision", "mlflow.source.name": "train.py" },
});
const other = runWith("other", {
	name: "calm-owl",
	commit: sha("b"),
	params: { lr: "0.01", depth: "3", schedule: "warmup of 1000 steps, then cosine decay", seed: "1" },
	metrics: { "val/acc": 0.913, "val/loss": 0.35 },
	tags: { team: "vision", "mlflow.source.name": "train.py" },
});
const seeds = [0.903, 0.907].map((acc, i) => ({
	...runWith(`seed${i}`, { params: { ...base.params, seed: String(i + 2) }, metrics: { "val/acc": acc } }),
}));
const changedFiles = async () => [
	{ path: "train.py", previousPath: null, kind: "modified" as const },
	{ path: "conf/new.yaml", previousPath: null, kind: "added" as const },
];

describe.skipIf(!chromiumPath)(`the comparison${noBrowser}`, () => {
	let browser: Browser;
	let open: Awaited<ReturnType<typeof openComparison>>;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		const complaints = [...open.complaints];
		await open.close();
		expect(complaints).toEqual([]);
	});
	afterAll(() => browser.close());

	const start = async (options: Partial<Parameters<typeof openComparison>[0]> = {}) => {
		open = await openComparison({
			browser,
			runs: [base, other, ...seeds],
			keys: [base.key, other.key],
			code: { changedFiles, hasUncommittedDiff: async (run) => run.key === other.key },
			histories: { [base.key]: [0.5, 0.93, 0.905], [other.key]: [0.6, 0.92, 0.913] },
			...options,
		});
		return open.page;
	};
	const labels = () => open.page.locator("tr.row th").allTextContents();
	const row = (name: string) => open.page.getByRole("row", { name: new RegExp(`^${name}`) });

	test("says first what differs and what came of it, against the spread of the seeds", async () => {
		const page = await start();
		await expect
			.poll(() => page.locator(".sentence").textContent())
			.toBe("lr, schedule and 2 code files differ; val/acc +0.008, better, outside the seed spread (±0.002, n = 3).");
	});

	test("shows only rows that differ, and the others on request", async () => {
		const page = await start();
		await row("lr").waitFor();
		expect(await labels()).not.toContain("depth");
		await page.getByRole("button", { name: "Show equal rows" }).click();
		await row("depth").waitFor();
		expect(await row("team").count()).toBe(1);
		expect(await page.getByRole("button", { name: /Params.*2 of 4 differ/ }).count()).toBe(1);
	});

	test("a change is a number and a word, a missing value says so", async () => {
		await start();
		expect(await row("val/acc").textContent()).toContain("+0.008 better");
		expect(await row("val/loss").textContent()).toContain("-0.05 better");
		expect(await row("only").textContent()).toContain("not logged");
	});

	test("best values come from the histories of the rows on screen", async () => {
		await start();
		await expect.poll(() => row("best val/acc").textContent()).toContain("0.93");
		expect(await row("best val/acc").textContent()).toContain("-0.01 worse");
	});

	test("long values are marked where they differ and fold open", async () => {
		const page = await start();
		await expect.poll(() => row("schedule").locator("mark").allTextContents()).toEqual(["10"]);
		await row("schedule").focus();
		await page.keyboard.press("Enter");
		await expect.poll(() => row("schedule").getAttribute("class")).toContain("unfolded");
	});

	test("n and p go from difference to difference, the focus with them", async () => {
		const page = await start();
		await row("conf/new.yaml").waitFor();
		await page.getByRole("button", { name: "Show equal rows" }).click();
		await row("depth").waitFor();
		const visited: (string | null)[] = [];
		for (let i = 0; i < 5; i++) {
			await page.keyboard.press("n");
			visited.push(await page.evaluate(() => document.activeElement?.getAttribute("data-row") ?? null));
		}
		expect(visited).toEqual([
			"code commit",
			"code file conf/new.yaml",
			"code file train.py",
			"params lr",
			"params schedule",
		]);
		await page.keyboard.press("p");
		expect(await page.evaluate(() => document.activeElement?.getAttribute("data-row"))).toBe("params lr");
	});

	test("the code opens: the files that differ, a commit, the uncommitted changes", async () => {
		const page = await start();
		await page.getByRole("button", { name: "2 files differ" }).click();
		await page.getByRole("button", { name: "uncommitted" }).click();
		await page.getByRole("button", { name: "bbbbbbbb" }).click();
		await expect
			.poll(() => open.acted)
			.toEqual([`code ${base.key} ${other.key}`, `uncommitted ${other.key}`, `commit ${other.key}`]);
	});

	test("runs are moved, made the base and taken off; the header leads to their pages", async () => {
		const page = await start({ keys: [base, other, ...seeds].map((run) => run.key) });
		await page.getByRole("button", { name: "calm-owl", exact: true }).click();
		await expect.poll(() => open.acted).toEqual([`open ${other.key}`]);
		await page.getByRole("button", { name: "calm-owl", exact: true }).press("Alt+ArrowLeft");
		await expect.poll(() => open.sheet.keys[0]).toBe(other.key);
		await page.getByRole("button", { name: "Actions of seed1" }).click();
		await page.getByRole("menuitem", { name: "Make It the Base" }).click();
		await expect.poll(() => open.sheet.keys[0]).toBe("s/seed1");
		await expect.poll(() => page.locator('[data-run="0"]').textContent()).toBe("seed1");
		await page.getByRole("button", { name: "Remove seed0 from the comparison" }).click();
		await expect.poll(() => open.sheet.keys).toEqual(["s/seed1", other.key, base.key]);
	});

	test("two runs lead to why they differ by a button, each of more by its menu", async () => {
		const page = await start();
		await page.getByRole("button", { name: "Why did it change?" }).press("Enter");
		await expect.poll(() => open.acted).toEqual([`why ${base.key} ${other.key}`]);
		open.sheet.setKeys([base, other, ...seeds].map((run) => run.key));
		await expect.poll(() => page.getByRole("button", { name: "Why did it change?" }).count()).toBe(0);
		await page.getByRole("button", { name: "Actions of seed1" }).click();
		await page.getByRole("menuitem", { name: "Why Did It Change?" }).click();
		await expect.poll(() => open.acted.at(-1)).toBe(`why ${base.key} s/seed1`);
	});

	test("with one run left it says what to do", async () => {
		const page = await start();
		await page.getByRole("button", { name: "Remove calm-owl from the comparison" }).click();
		await page.getByText("A comparison needs two runs or more.").waitFor();
		await page.getByRole("button", { name: "Choose Runs" }).click();
		await expect.poll(() => open.acted).toEqual(["table"]);
	});

	test("fifty runs scroll sideways below a first column that stays, with the extremes of each row marked", async () => {
		const page = await start({ runs: projectRuns(50), keys: null });
		open.sheet.setKeys(projectRuns(50).map((run) => run.key));
		await row("val/acc").waitFor();
		expect(await row("val/acc").locator(".extreme").filter({ hasText: "best" }).count()).toBeGreaterThan(0);
		await page.evaluate(() => document.querySelector(".sheet")?.scrollTo(3000, 0));
		const box = await row("val/acc").locator("th").boundingBox();
		expect(box?.x).toBe(0);
	});

	test("a thousand metrics come a page at a time", async () => {
		const metrics = (shift: number) => Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, i + shift]));
		const runs = [runWith("a", { metrics: metrics(0) }), runWith("b", { metrics: metrics(1) })];
		const page = await start({ runs, keys: runs.map((run) => run.key), histories: {} });
		await row("m0").waitFor();
		expect(await page.locator("tr.row").count()).toBeLessThan(220);
		await page.getByRole("button", { name: "800 more" }).click();
		await expect.poll(() => page.locator("tr.row").count()).toBeGreaterThan(390);
	});

	test("after a reload the same runs are compared in the same way", async () => {
		const page = await start();
		await page.getByRole("button", { name: "Show equal rows" }).click();
		await row("depth").waitFor();
		await expect.poll(() => JSON.stringify(open.kept())).toContain('"showEqual":true');
		const kept = open.kept();
		await open.close();
		await start({ keys: null, kept });
		await row("depth").waitFor();
		expect(open.sheet.keys).toEqual([base.key, other.key]);
	});

	const heading = (column: number) => open.page.locator(`[data-column="${column}"]`);
	/** In the page, where the name's column counts as -1. */
	const widthOf = async (column: number) => Math.round((await heading(column).boundingBox())?.width ?? 0);
	const dragGrip = async (column: number, by: number) => {
		const box = await heading(column).boundingBox();
		if (!box) throw new Error("no such heading");
		await open.page.mouse.move(box.x + box.width - 2, box.y + 10);
		await open.page.mouse.down();
		await open.page.mouse.move(box.x + box.width - 2 + by, box.y + 10, { steps: 4 });
		await open.page.mouse.up();
	};

	test("a column is as wide as its grip is pulled, its cells with it, the others as they were", async () => {
		await start();
		await row("lr").waitFor();
		const [name, first, second] = [await widthOf(-1), await widthOf(0), await widthOf(1)];
		await dragGrip(0, 70);
		await expect.poll(() => widthOf(0)).toBe(first + 70);
		expect(Math.round((await row("lr").locator("td").first().boundingBox())?.width ?? 0)).toBe(first + 70);
		await dragGrip(-1, -40);
		await expect.poll(() => widthOf(-1)).toBe(name - 40);
		expect(await widthOf(1)).toBe(second);
		await dragGrip(1, -2000);
		await expect.poll(() => widthOf(1)).toBe(40);
		expect(open.acted).toEqual([]);
		expect(open.sheet.keys).toEqual([base.key, other.key]);
	});

	test("by keys: arrows walk the headings, with Shift they resize, and a moved run takes its width along", async () => {
		const page = await start();
		await row("lr").waitFor();
		const [name, first, second] = [await widthOf(-1), await widthOf(0), await widthOf(1)];
		await heading(-1).focus();
		await page.keyboard.press("Shift+ArrowLeft");
		await expect.poll(() => widthOf(-1)).toBe(name - 16);
		await page.keyboard.press("ArrowRight");
		await page.keyboard.press("ArrowRight");
		expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("calm-owl");
		await page.keyboard.press("Shift+ArrowRight");
		await page.keyboard.press("Shift+ArrowRight");
		await expect.poll(() => widthOf(1)).toBe(second + 32);
		await page.keyboard.press("Alt+ArrowLeft");
		await expect.poll(() => page.locator('[data-run="0"]').textContent()).toBe("calm-owl");
		await expect.poll(() => widthOf(0)).toBe(second + 32);
		expect(await widthOf(1)).toBe(first);
	});

	test("a heading reached by key is not hidden below the names", async () => {
		const page = await start({ runs: projectRuns(20), keys: null });
		open.sheet.setKeys(projectRuns(20).map((run) => run.key));
		await row("val/acc").waitFor();
		await heading(-1).focus();
		await page.keyboard.press("End");
		await page.keyboard.press("Home");
		await page.keyboard.press("End");
		for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowLeft");
		const box = await page.locator(":focus").boundingBox();
		expect(box?.x).toBeGreaterThanOrEqual(await widthOf(-1));
	});

	test("widths are found after a reload as they were left, until they are reset", async () => {
		await start();
		await row("lr").waitFor();
		const [name, first] = [await widthOf(-1), await widthOf(1)];
		await dragGrip(-1, 50);
		await dragGrip(1, 44);
		await expect.poll(() => widthOf(1)).toBe(first + 44);
		await expect
			.poll(() => open.kept())
			.toMatchObject({ widths: { name: name + 50, runs: { [other.key]: first + 44 } } });
		const kept = open.kept();
		await open.close();
		const page = await start({ keys: null, kept });
		await row("lr").waitFor();
		expect(await widthOf(-1)).toBe(name + 50);
		expect(await widthOf(1)).toBe(first + 44);
		await page.getByRole("button", { name: "More" }).click();
		await page.getByRole("menuitem", { name: "Reset Column Widths" }).click();
		await expect.poll(() => widthOf(1)).toBe(first);
		expect(await widthOf(-1)).toBe(name);
	});

	test("what an older version kept still brings the runs back", async () => {
		const kept = {
			keys: [base.key, other.key],
			showEqual: true,
			metricRows: "last",
			search: "",
			folded: [],
			scrollTop: 0,
			scrollLeft: 0,
		};
		await start({ keys: null, kept });
		await row("depth").waitFor();
	});

	test("names and values that are markup are only text", async () => {
		const evil = runWith("evil", { name: "<img src=x onerror=alert(1)>", params: { lr: "<script>alert(1)</script>" } });
		const page = await start({ runs: [base, evil], keys: [base.key, evil.key] });
		await page.getByRole("columnheader", { name: "<img src=x onerror=alert(1)>" }).waitFor();
		expect(await page.locator("img, .sheet script").count()).toBe(0);
	});

	test("the sheet is copied whole, as Markdown and as CSV with every digit", async () => {
		await start();
		const handlers = compareHandlers(() => open.sheet, {} as never);
		const signal = new AbortController().signal;
		expect(await handlers.copyText({ format: "markdown" }, signal)).toContain("| Params | lr | 0.1 | 0.01 |");
		expect(await handlers.copyText({ format: "markdown" }, signal)).toContain("0.913 (+0.008 better)");
		expect(await handlers.copyText({ format: "csv" }, signal)).toContain("Metrics,val/acc,0.905,0.913\r\n");
	});
});
