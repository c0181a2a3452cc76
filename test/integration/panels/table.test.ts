import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { initialLayout } from "../../../src/shared/panels/tableLayout";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { projectRuns, runWith } from "../../support/memoryLibrary";
import { openTable } from "../../support/tablePage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";

describe.skipIf(!chromiumPath)(`the runs table${noBrowser}`, () => {
	let browser: Browser;
	let open: Awaited<ReturnType<typeof openTable>>;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		const complaints = [...open.complaints];
		await open.close();
		expect(complaints).toEqual([]);
	});
	afterAll(() => browser.close());

	const start = async (options: Partial<Parameters<typeof openTable>[0]> = {}) => {
		open = await openTable({ browser, runs: projectRuns(60), ...options });
		if ((options.runs?.length ?? 1) > 0) await open.page.locator(".body-row").first().waitFor();
		return open.page;
	};
	const names = () => open.page.locator(".body-row .long-name").allTextContents();
	const row = (name: RegExp | string) => open.page.getByRole("row", { name });
	const heading = (name: RegExp | string) => open.page.getByRole("columnheader", { name });

	test("a run's row is found by its name, and says how it went", async () => {
		await start();
		const failed = row(/^warm-owl-|, Failed/).first();
		expect(await failed.getAttribute("aria-label")).toMatch(/, Failed/);
		const grid = open.page.getByRole("grid", { name: "Runs" });
		expect(await grid.getAttribute("aria-rowcount")).toBe("61");
		expect(Number(await grid.getAttribute("aria-colcount"))).toBe(open.table.columns.length + 1);
	});

	test("10,000 runs scroll at the screen's pace with few rows in the page", async () => {
		const page = await start({ runs: projectRuns(10_000), width: 1200, height: 800 });
		await page.waitForTimeout(300);
		const measured = await page.evaluate(async () => {
			let drawMs = 0;
			const real = window.requestAnimationFrame.bind(window);
			window.requestAnimationFrame = (callback) =>
				real((at) => {
					const began = performance.now();
					callback(at);
					drawMs += performance.now() - began;
				});
			const grid = document.querySelector(".grid");
			if (!grid) throw new Error("no grid");
			const frames: number[] = [];
			let blank = 0;
			let before = performance.now();
			for (let i = 0; i < 150; i++) {
				grid.scrollTop += 66;
				await new Promise(real);
				const now = performance.now();
				frames.push(now - before);
				before = now;
				if (i > 5 && document.querySelectorAll(".body-row[aria-busy]").length > 25) blank++;
			}
			frames.sort((a, b) => a - b);
			return {
				median: frames[75] ?? 0,
				p95: frames[142] ?? 0,
				rows: document.querySelectorAll(".body-row").length,
				elements: document.querySelectorAll("*").length,
				blank,
				/** Own work of a frame, whatever else the machine is busy with. */
				drawMs: drawMs / 150,
			};
		});
		console.log(
			`10,000 rows, 66 px a frame: own work ${measured.drawMs.toFixed(2)} ms, median ${measured.median.toFixed(1)} ms, p95 ${measured.p95.toFixed(1)} ms`,
			measured,
		);
		expect(measured.rows).toBeLessThan(100);
		expect(measured.elements).toBeLessThan(3000);
		await page.locator(".grid").focus();
		await page.keyboard.press("End");
		await row("stark-otter-9999")
			.or(row(/-9999,/))
			.waitFor();
	});

	test("a click sorts, Shift+click sorts by another too, and each sort is a chip that can be taken away", async () => {
		const page = await start({ width: 1800 });
		await heading(/metric val\/acc, last/).click();
		await expect.poll(() => heading(/metric val\/acc, last/).getAttribute("aria-sort")).toBe("descending");
		await heading(/param lr/).click({ modifiers: ["Shift"] });
		await expect
			.poll(() => open.choices.snapshot.sorts.map((sort) => sort.by))
			.toEqual(["metrics.val/acc", "params.lr"]);
		await page.getByRole("button", { name: "Do not sort by val/acc" }).click();
		await expect.poll(() => open.choices.snapshot.sorts).toEqual([{ by: "params.lr", descending: true }]);
		await expect.poll(() => heading(/param lr/).getAttribute("aria-sort")).toBe("descending");
	});

	test("a filter tells what it finds while it is typed, stays when it is wrong, and becomes a chip on Enter", async () => {
		const page = await start();
		await page.keyboard.press("/");
		await page.keyboard.type("metrics.`val/acc` >");
		const check = page.locator("#filter-check");
		await expect.poll(() => check.textContent()).toContain("character 20");
		await page.keyboard.press("Escape");
		expect(await page.getByRole("combobox", { name: "Filter runs" }).inputValue()).toBe("metrics.`val/acc` >");
		await page.keyboard.type(" 0.9");
		await expect.poll(() => check.textContent()).toMatch(/\d+ of 60 runs/);
		await page.keyboard.press("Enter");
		await expect.poll(() => open.choices.snapshot.filters).toEqual(["metrics.`val/acc` > 0.9"]);
		await expect.poll(() => page.getByRole("status").last().textContent()).toMatch(/of 60 runs/);
		await page.getByRole("button", { name: /^Remove the filter/ }).click();
		await expect.poll(() => open.choices.snapshot.filters).toEqual([]);
	});

	test("words that are no filter are offered as a search of names", async () => {
		const page = await start();
		await page.getByRole("combobox").fill("calm-fox");
		await page.getByRole("button", { name: "Search names instead" }).click();
		await expect.poll(() => open.choices.snapshot.filters).toEqual(["attributes.run_name ILIKE '%calm-fox%'"]);
		await expect.poll(async () => (await names()).every((name) => name.startsWith("calm-fox"))).toBe(true);
	});

	test("nothing moves under the hand: new runs wait for a click", async () => {
		const page = await start();
		await page.locator(".body-row").nth(3).click();
		const before = await names();
		open.library.put([runWith("brand-new", { startTimeMs: 1_800_000_000_000 })]);
		await page.getByRole("button", { name: "1 new run: show" }).waitFor();
		expect(await names()).toEqual(before);
		await page.getByRole("button", { name: "1 new run: show" }).click();
		await expect.poll(async () => (await names())[0]).toBe("brand-new");
	});

	test("at the top and not in use, new runs come in by themselves", async () => {
		await start();
		open.library.put([runWith("brand-new", { startTimeMs: 1_800_000_000_000 })]);
		await expect.poll(async () => (await names())[0], { timeout: 5000 }).toBe("brand-new");
	});

	test("scrolled down, taking in a pinned row above leaves the rows where they are", async () => {
		const page = await start({ runs: projectRuns(500) });
		await page.evaluate(() => document.querySelector(".grid")?.scrollTo(0, 2200));
		await row(/-105,/).waitFor();
		const at = async () => (await row(/-105,/).boundingBox())?.y;
		const before = await at();
		open.library.put([runWith("brand-new", { startTimeMs: 1_800_000_000_000 })]);
		await page.getByRole("button", { name: "1 new run: show" }).waitFor();
		open.table.takeIn();
		await expect.poll(() => row(/-105,/).getAttribute("aria-rowindex")).toBe("108");
		expect(await at()).toBe(before);
	});

	test("the keyboard walks, ticks, opens, names a baseline and selects all", async () => {
		const page = await start();
		await page.locator(".grid").focus();
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Space");
		await expect.poll(() => open.choices.snapshot.checked).toEqual(["s/r00001"]);
		await page.keyboard.press("Enter");
		await expect.poll(() => open.acted).toEqual(["open s/r00001"]);
		await page.keyboard.press("b");
		await expect.poll(() => open.choices.snapshot.baseline).toBe("s/r00001");
		await row(/warm-fox-1, .*baseline/).waitFor();
		await page.keyboard.press("Shift+ArrowDown");
		await page.getByText("2 rows selected").waitFor();
		await page.keyboard.press("c");
		await expect.poll(() => open.acted.at(-1)).toMatch(/^compare s\/\S+ s\/\S+$/);
		await page.keyboard.press("Shift+F10");
		await page.getByRole("menuitem", { name: "Why Did It Change?" }).click();
		await expect.poll(() => open.acted.at(-1)).toMatch(/^why s\/r00001 s\/\S+$/);
		await page.locator(".grid").focus();
		await page.keyboard.press("Control+a");
		await page.getByText("60 rows selected").waitFor();
		expect(await page.getByRole("button", { name: "Compare 60" }).isDisabled()).toBe(true);
		await page.keyboard.press("Escape");
		await page.getByText("60 runs", { exact: true }).waitFor();
	});

	test("a baseline stands on top and every metric says better, worse or within noise in words", async () => {
		const page = await start({ choices: { baseline: "s/r00004" }, width: 1400 });
		expect((await names())[0]).toBe("calm-fox-4");
		await heading(/change of metric val\/acc/).waitFor();
		expect(
			await page
				.locator(".cell.change")
				.filter({ hasText: /better|worse|within noise/ })
				.count(),
		).toBeGreaterThan(20);
	});

	test("seeds become one row with n, which opens; ticking it ticks all of them", async () => {
		const page = await start();
		await page.getByRole("button", { name: "More" }).click();
		await page.getByRole("menuitemcheckbox", { name: /Everything but the Seed/ }).click();
		const group = row(/3 seeds/).first();
		await group.waitFor();
		expect(await group.textContent()).toContain("n = 3");
		expect(await group.textContent()).toContain("±");
		await group.getByRole("button", { name: /Expand/ }).click();
		await expect.poll(() => page.locator('.body-row[aria-level="2"]').count()).toBe(3);
		await group.getByRole("checkbox").click();
		await expect.poll(() => open.choices.snapshot.checked.length).toBe(3);
	});

	test("columns are chosen, also by minimum and maximum, whose histories are read for the rows on screen only", async () => {
		const runs = projectRuns(500);
		const page = await start({ runs });
		for (const run of runs) open.library.setHistory(run.key, "val/acc", [0.1, 0.9, 0.5]);
		await page.getByRole("button", { name: "Columns" }).click();
		await page.getByRole("searchbox", { name: "Search columns" }).fill("val/acc");
		await page.getByRole("button", { name: "max of val/acc" }).click();
		await heading("metric val/acc, maximum").waitFor();
		await page.keyboard.press("Escape");
		await expect.poll(() => page.locator('[role=gridcell][title="at step 1"]').count()).toBeGreaterThan(5);
		expect(open.library.asked.length).toBeLessThan(120);
	});

	test("columns are moved, widened and hidden, by key and by pointer, and stay so", async () => {
		const page = await start();
		const ids = () => open.choices.snapshot.table?.columns?.map((column) => column.by).slice(0, 3);
		await heading("attribute status").focus();
		await page.keyboard.press("Alt+ArrowRight");
		await expect.poll(ids).toEqual(["attributes.start_time", "attributes.status", "attributes.duration"]);
		await expect.poll(() => heading("attribute started").getAttribute("aria-colindex")).toBe("2");
		await heading("attribute started").focus();
		await page.keyboard.press("Shift+ArrowRight");
		await expect.poll(() => open.choices.snapshot.table?.columns?.[0]?.width).toBe(146);
		await expect.poll(async () => (await heading("attribute started").boundingBox())?.width).toBe(146);
		await page.waitForTimeout(200);
		await page.keyboard.press("Delete");
		await expect.poll(ids).toEqual(["attributes.status", "attributes.duration", "metrics.val/acc"]);
		await heading("attribute started").waitFor({ state: "detached" });
		const from = await heading("attribute duration").boundingBox();
		const to = await heading("attribute status").boundingBox();
		if (!from || !to) throw new Error("headings are not on screen");
		await page.mouse.move(from.x + 20, from.y + 10);
		await page.mouse.down();
		await page.mouse.move(to.x + 5, to.y + 10, { steps: 5 });
		await page.mouse.up();
		await expect.poll(ids).toEqual(["attributes.duration", "attributes.status", "metrics.val/acc"]);
		await expect.poll(() => heading("attribute duration").getAttribute("aria-colindex")).toBe("2");
		const grip = await heading("attribute duration").boundingBox();
		if (!grip) throw new Error("no heading");
		await page.mouse.move(grip.x + grip.width - 2, grip.y + 10);
		await page.mouse.down();
		await page.mouse.move(grip.x + grip.width + 58, grip.y + 10, { steps: 4 });
		await page.mouse.up();
		await expect.poll(() => open.choices.snapshot.table?.columns?.[0]?.width).toBe(160);
	});

	test("a damaged run says why on its row, and a hostile name is only text", async () => {
		const name = "<img src=x onerror=alert(1)>";
		const page = await start({ runs: [runWith("x", { name, problem: "/demo/x/meta.yaml is empty." }), runWith("y")] });
		await page.getByText("/demo/x/meta.yaml is empty.").waitFor();
		expect(await names()).toContain(name);
		expect(await page.locator("img").count()).toBe(0);
	});

	test.each([
		[{ runs: [] }, "No run has been logged yet", "Look Again"],
		[{ choices: { filters: ["params.lr = 'none'"] } }, "None of 60 runs fits the filters.", "Remove All Filters"],
		[{ runs: [runWith("a", { lifecycleStage: "deleted" as const })] }, "1 run, all deleted.", "Show Deleted Runs"],
	])("an empty table has one sentence and one remedy: %#", async (options, sentence, remedy) => {
		open = await openTable({ browser, runs: projectRuns(60), ...options });
		await open.page.getByText(sentence).waitFor();
		await open.page.getByRole("button", { name: remedy }).click();
		if (remedy !== "Look Again") await open.page.locator(".body-row").first().waitFor();
	});

	test("after a reload the place, the typed filter and the keyboard's row are as they were", async () => {
		const page = await start({ runs: projectRuns(500) });
		await page.evaluate(() => document.querySelector(".grid")?.scrollTo(0, 4400));
		await row(/-205,/).click();
		await page.getByRole("combobox").fill("metrics.x >");
		await expect.poll(() => JSON.stringify(open.kept())).toContain("metrics.x >");
		const kept = open.kept();
		await open.close();
		await start({ runs: projectRuns(500), kept });
		await row(/-205,/).waitFor();
		expect(await open.page.getByRole("combobox").inputValue()).toBe("metrics.x >");
		expect(await open.page.getByRole("grid").getAttribute("aria-activedescendant")).toBe("row-205");
	});

	test("a thousand columns draw no more cells than fit", async () => {
		const metrics = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, i]));
		const columns = Object.keys(metrics).map((key) => ({
			by: `metrics.${key}`,
			statistic: "last" as const,
			width: 100,
		}));
		const page = await start({
			runs: [runWith("wide", { metrics })],
			choices: { table: { ...initialLayout, columns } },
		});
		expect(await page.getByRole("gridcell").count()).toBeLessThan(20);
		await page.evaluate(() => document.querySelector(".grid")?.scrollTo(90_000, 0));
		await heading(/metric m90\d, last/)
			.first()
			.waitFor();
	});
});
