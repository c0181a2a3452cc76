import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { GammaError } from "../../../src/shared/errors";
import { runPageKept } from "../../../src/shared/panels/runPanel";
import type { Preview } from "../../../src/shared/preview";
import { chromiumPath, launchChromium } from "../../support/chromium";
import {
	aCurve,
	aPageRun,
	aState,
	file,
	folder,
	nowMs,
	openRunPage,
	type RunPageUnderTest,
	value,
} from "./runPageHost";

let browser: Browser;
let opened: RunPageUnderTest | undefined;
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

async function open(...args: Parameters<typeof openRunPage> extends [unknown, ...infer Rest] ? Rest : never) {
	const page = await openRunPage(browser, ...args);
	opened = page;
	// The page has drawn its first state.
	await expect.poll(() => textOf(page.page.locator("body"))).not.toBe("");
	return page;
}
/** As a person sees it: without what is hidden. */
const textOf = async (shown: Locator) => (await shown.allInnerTexts()).join("\n");

describe.skipIf(!chromiumPath)("the run page in Chromium (needs a Chromium)", () => {
	test("says how the run went, where it came from, and offers what can be done", async () => {
		const { page, asked } = await open(aState());
		expect(await textOf(page.getByRole("heading", { level: 1 }))).toBe("warm-fox-12");
		const text = await textOf(page.locator("main"));
		for (const words of [
			"FINISHED 2 min ago",
			"took 1 h 5 min",
			"models/lr-sweep",
			"a1b2c3d",
			"digits/lr-sweep",
			"mlflow.db",
		]) {
			expect(text).toContain(words);
		}
		for (const name of [
			"Charts",
			"Compare to Baseline",
			"Set Baseline",
			"Open commit",
			"Diff to baseline",
			"Check out…",
		]) {
			await page.getByRole("button", { name, exact: true }).click();
		}
		expect(asked.filter((call) => call.startsWith("act"))).toEqual(
			["openCharts", "compareToBaseline", "setBaseline", "openCommit", "diffToBaseline", "checkOutCommit"].map(
				(action) => `act ${JSON.stringify({ action })}`,
			),
		);
		for (const name of ["Copy run id", "Copy commit", "Copy artifact URI", "Copy runs:/ URI"]) {
			await page.getByRole("button", { name, exact: true }).click();
		}
		await expect.poll(() => textOf(page.locator("#said"))).toBe("Copied: runs:/ URI");
	});

	test("offers nothing that cannot be done: no baseline to compare with, no repository, no commit", async () => {
		const { page, show } = await open(aState({ baseline: null, hasGit: false }));
		await page.getByText("a1b2c3d").waitFor();
		for (const name of [
			"Compare to Baseline",
			"Open commit",
			"Diff to baseline",
			"Check out…",
			"Uncommitted changes",
		]) {
			expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
		}
		await show(aState({ commit: null, branch: null, hasUncommittedDiff: true, isBaseline: true }));
		await page.getByRole("button", { name: "Uncommitted changes" }).click();
		await page.getByRole("button", { name: "Clear Baseline" }).click();
		expect(await page.getByRole("button", { name: "Copy commit" }).count()).toBe(0);
	});

	test("counts the silence of a run that says it is running, by itself", async () => {
		const running = { status: "RUNNING", endTimeMs: null } as const;
		const { page, show } = await open(aState({ ...running, lastSignMs: nowMs - 100_000 }));
		const status = page.locator(".status-words");
		expect(await textOf(status)).toMatch(/^RUNNING, last sign of life 2 min ago$/);
		await show(aState({ ...running, lastSignMs: nowMs - 119_000 }));
		await expect.poll(() => textOf(status)).toMatch(/^RUNNING, silent for 2 min$/);
		await show(aState({ ...running, lastSignMs: nowMs - 360_000 }));
		await expect.poll(() => textOf(status)).toBe("RUNNING, silent for 6 min");
		await show(aState({ ...running, lastSignMs: null }));
		await expect.poll(() => textOf(status)).toBe("RUNNING");
	});

	test("begins with what is wrong", async () => {
		const { page } = await open(
			aState({
				status: "FAILED",
				problem: "metrics/loss line 3 is damaged.",
				failure: { source: "error", text: "CUDA out of memory" },
			}),
		);
		await page.getByText("metrics/loss line 3 is damaged.").waitFor();
		const text = await textOf(page.locator("main"));
		expect(text.indexOf("metrics/loss line 3 is damaged.")).toBeLessThan(text.indexOf("warm-fox-12"));
		expect(text.indexOf("CUDA out of memory")).toBeLessThan(text.indexOf("Metrics"));
		expect(await page.getByRole("alert").count()).toBe(1);
	});

	test("tells absence by its name", async () => {
		const { page, show } = await open(aState({}, { run: null, isReading: true }));
		await page.getByText("Reading the stores…").waitFor();
		await show(aState({}, { run: null }));
		await page.getByText("no longer in any open store").waitFor();
		await show(aState({ metrics: [], params: [], tags: [] }));
		await page.getByText("No metric was logged.").waitFor();
		await page.getByText("No param was logged.").waitFor();
	});
});

describe.skipIf(!chromiumPath)("metrics", () => {
	test("have last, min and max with their steps, and a curve once it is read", async () => {
		const { page } = await open(aState());
		const row = page.getByRole("row").filter({ hasText: "val/loss" });
		await row.locator("svg path").waitFor();
		const { min, max } = aCurve("val/loss");
		const cells = await row.getByRole("cell").allInnerTexts();
		expect(cells[1]).toBe("0.2817");
		expect(cells[2]).toContain(`@${min?.step.toLocaleString("en")}`);
		expect(cells[3]).toContain(`@${max?.step.toLocaleString("en")}`);
		expect(await row.locator("svg path").getAttribute("d")).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){119}$/);
	});

	test("one that cannot be read says why, and the others stand", async () => {
		const problem = "val/loss has 3 lines that are no numbers.";
		const metrics = ({ names }: { names: string[] }) =>
			names.map((name) => (name === "val/loss" ? { ...aCurve(name), min: null, max: null, problem } : aCurve(name)));
		const { page } = await open(aState(), { handlers: { metrics } });
		const broken = page.getByRole("row").filter({ hasText: "val/loss" });
		await broken.getByTitle(problem).waitFor();
		await page.getByRole("row").filter({ hasText: "val/acc" }).locator("svg path").waitFor();
	});

	test("of 12,000 only those on screen are drawn and asked for; a filter finds the rest", async () => {
		const metrics = Array.from({ length: 12_000 }, (_, i) => [`layer${i}/norm`, i] as const);
		const { page, asked } = await open(aState({ metrics }), {}, { height: 500 });
		await page.locator("svg.sparkline").first().waitFor();
		expect(await page.getByRole("row").count()).toBe(61);
		const named = asked.filter((call) => call.startsWith("metrics")).flatMap((call) => call.match(/layer\d+/g) ?? []);
		expect(new Set(named).size).toBeLessThan(61);
		await page.getByRole("searchbox", { name: "Filter metrics" }).fill("layer11999");
		await page.getByRole("row").filter({ hasText: "layer11999/norm" }).locator("svg").waitFor();
	});

	test("grow while the run goes on, and nothing else moves", async () => {
		const many = Array.from({ length: 40 }, (_, i) => value(`param${i}`, String(i)));
		const before = aState({ status: "RUNNING", endTimeMs: null, lastSignMs: nowMs, params: many });
		const folders = { "": [folder("model")], model: [file("model/a.txt")] };
		const previews = { "model/a.txt": { kind: "text", text: "hello", truncated: false, language: null } as const };
		const { page, asked, show } = await open(before, { folders, previews }, { height: 400 });
		await page.getByRole("treeitem", { name: "model" }).click();
		await page.getByRole("treeitem", { name: "a.txt" }).click();
		await page.getByText("hello").waitFor();
		await page.getByRole("searchbox", { name: "Filter params" }).fill("param1");
		await page.getByRole("searchbox", { name: "Filter params" }).focus();
		const scrolled = await page.evaluate(() => window.scrollY);
		const callsBefore = asked.filter((call) => call.startsWith("metrics")).length;
		await page.waitForTimeout(1100);
		for (let growth = 1; growth <= 5; growth++) {
			await show(
				aState({
					...before.run,
					growth,
					metrics: [
						["val/acc", growth],
						["val/loss", 0.1],
					],
				}),
			);
		}
		await expect
			.poll(() => textOf(page.getByRole("row").filter({ hasText: "val/acc" }).getByRole("cell").nth(1)))
			.toBe("5");
		expect(await page.evaluate(() => [window.scrollY, document.activeElement?.getAttribute("aria-label")])).toEqual([
			scrolled,
			"Filter params",
		]);
		expect(await page.getByRole("treeitem", { name: "model" }).getAttribute("aria-expanded")).toBe("true");
		expect(await page.getByText("hello").count()).toBe(1);
		await page.evaluate(() => window.scrollTo({ top: 0 }));
		await expect.poll(() => asked.filter((call) => call.startsWith("metrics")).length).toBeGreaterThan(callsBefore);
		// Five snapshots in a moment are one question, or two.
		expect(asked.filter((call) => call.startsWith("metrics")).length).toBeLessThan(callsBefore + 4);
	});
});

describe.skipIf(!chromiumPath)("params and tags", () => {
	test("filter by name and value, fold long values, and fetch the whole of a clipped one", async () => {
		const long = "x".repeat(2000);
		const params = [
			...Array.from({ length: 20 }, (_, i) => value(`p${i}`, `v${i}`)),
			value("config", long, 10_000_000),
		];
		const { page, asked } = await open(aState({ params }));
		await page.getByRole("searchbox", { name: "Filter params" }).fill("v7");
		await expect.poll(() => page.locator("gamma-named-values").first().locator("dt").allInnerTexts()).toEqual(["p7"]);
		await page.getByRole("searchbox", { name: "Filter params" }).fill("config");
		await page.getByRole("button", { name: "Show all 10,000,000 characters of config" }).click();
		await page.getByText("whole config").waitFor();
		expect(asked).toContain('value {"of":"param","name":"config"}');
		await page.getByRole("button", { name: "Show less of config" }).click();
		expect(await page.getByText("whole config").count()).toBe(0);
	});

	test("MLflow's own tags wait folded", async () => {
		const { page } = await open(aState());
		await page.getByText("vision").waitFor();
		expect(await page.getByText("train.py").count()).toBe(0);
		await page.getByRole("button", { name: /MLflow’s own tags/ }).click();
		await page.getByText("train.py").waitFor();
	});
});

describe.skipIf(!chromiumPath)("hostile text", () => {
	const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"><b>bold</b>`;

	test("in every name and value is text", async () => {
		const related = { key: "x", name: hostile, status: "FAILED" } as const;
		const { page } = await open(
			aState({
				...{
					name: hostile,
					experimentName: hostile,
					userId: hostile,
					branch: hostile,
					problem: hostile,
					artifactUri: hostile,
				},
				store: { kind: "tensorboard", label: hostile, uri: hostile, problem: hostile },
				metrics: [[hostile, 1]],
				params: [value(hostile, hostile)],
				tags: [value(hostile, hostile), value(`mlflow.${hostile}`, hostile)],
				failure: { text: hostile, source: hostile },
				parent: related,
				children: [related],
				childCount: 1,
				baseline: related,
			}),
			{
				folders: { "": [file(hostile), folder("../up")] },
				previews: { [hostile]: { kind: "text", text: hostile, truncated: true, language: "html" } },
			},
		);
		await page.getByRole("treeitem").last().click();
		await page.getByLabel(/^Text of/).waitFor();
		expect(await textOf(page.getByRole("heading", { level: 1 }))).toBe(hostile);
		expect(await textOf(page.getByLabel(/^Text of/))).toBe(hostile);
		expect(await page.locator("main img, main script, main b").count()).toBe(0);
		expect(await page.evaluate(() => "hacked" in window)).toBe(false);
	});

	const payloads = [
		hostile,
		"[link](javascript:window.hacked=1) <a href='java\nscript:window.hacked=1'>x</a> <a href='data:text/html,<script>x</script>'>y</a>",
		"![remote](https://example.invalid/track.png) <img src='//example.invalid/x.png' alt='z'>",
		"<svg><script>window.hacked=1</script><animate onbegin=window.hacked=1></svg><math><mi xlink:href='javascript:1'>",
		"<iframe srcdoc='<script>parent.hacked=1</script>'></iframe><object data='x'></object><embed src='x'>",
		"<style>body{display:none}</style><link rel=stylesheet href='https://example.invalid/x.css'><base href='https://example.invalid/'>",
		"<form action='https://example.invalid'><input name=a><button>go</button></form><meta http-equiv=refresh content='0;url=https://example.invalid'>",
		"<div id='said' style='position:fixed' onclick='window.hacked=1' class='alarm'>clobber</div><details open ontoggle=window.hacked=1>d</details>",
		'<noscript><p title="</noscript><img src=x onerror=window.hacked=1>"></noscript>',
	];
	test.each(payloads)("in a note runs nothing and asks for nothing: %s", async (note) => {
		const requests: string[] = [];
		const { page } = await open(aState({ note }));
		page.on("request", (request) => requests.push(request.url()));
		await page.getByRole("button", { name: "Notes" }).waitFor();
		await page.waitForTimeout(150);
		const drawn = page.locator("gamma-markdown");
		expect(
			await drawn
				.locator(
					"script, style, iframe, object, embed, form, input, link, base, meta, svg, [id], [style], [class], [onclick]",
				)
				.count(),
		).toBe(0);
		expect(await drawn.locator("a[href]:not([href^='http'])").count()).toBe(0);
		expect(await drawn.locator("img").count()).toBe(0);
		expect(await page.evaluate(() => "hacked" in window)).toBe(false);
		expect(requests.filter((url) => !url.startsWith(page.url()))).toEqual([]);
		expect(await page.locator("body").isVisible()).toBe(true);
	});

	test("a link of a note goes to the editor and the page stays", async () => {
		const { page } = await open(aState({ note: "see [the paper](https://example.org/x?a=1&b=2)" }));
		const before = page.url();
		await page.getByRole("link", { name: "the paper" }).click();
		await page.waitForTimeout(100);
		expect(page.url()).toBe(before);
		expect(page.context().pages()).toHaveLength(1);
	});
});

describe.skipIf(!chromiumPath)("artifacts", () => {
	const folders = {
		"": [file("a.png"), file("b.txt"), folder("model")],
		model: [folder("model/data"), file("model/MLmodel")],
		"model/data": [file("model/data/weights.bin", 9_000_000_000)],
	};

	test("are a tree that the keyboard moves through, read folder by folder", async () => {
		const { page, asked } = await open(aState(), { folders });
		const tree = page.getByRole("tree", { name: "Artifacts" });
		const active = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
		const focusFirst = async () => {
			await tree.getByRole("treeitem").first().focus();
			return active();
		};
		await expect.poll(focusFirst).toBe("model");
		expect(asked.filter((call) => call.startsWith("artifacts"))).toHaveLength(1);
		await page.keyboard.press("ArrowRight");
		await tree.getByRole("treeitem", { name: "MLmodel" }).waitFor();
		const steps: [string, string][] = [
			["ArrowRight", "data"],
			["ArrowDown", "MLmodel, 1.2 kB"],
			["ArrowLeft", "model"],
			["End", "b.txt, 1.2 kB"],
			["Home", "model"],
			["a", "a.png, 1.2 kB"],
			["ArrowUp", "MLmodel, 1.2 kB"],
		];
		for (const [key, name] of steps) {
			await page.keyboard.press(key);
			expect([key, await active()]).toEqual([key, name]);
		}
		await page.keyboard.press("Home");
		await page.keyboard.press("ArrowLeft");
		await expect.poll(() => tree.getByRole("treeitem").count()).toBe(3);
		const item = tree.getByRole("treeitem", { name: "model" });
		expect(await item.getAttribute("aria-expanded")).toBe("false");
		expect(await item.getAttribute("aria-level")).toBe("1");
		expect(await tree.locator("[tabindex='0']").count()).toBe(1);
	});

	const previews: [string, Preview, (page: Page) => Promise<void>][] = [
		[
			"text",
			{ kind: "text", text: "line one", truncated: true, language: "python" },
			async (page) => {
				await page.getByText("line one").waitFor();
				await page.getByText("Only the beginning is shown").waitFor();
			},
		],
		[
			"HTML as its source",
			{ kind: "text", text: "<h1 onclick=x>hi</h1>", truncated: false, language: "html" },
			async (page) => {
				await page.getByText("<h1 onclick=x>hi</h1>").waitFor();
				expect(await page.locator("gamma-artifact-preview h1").count()).toBe(0);
			},
		],
		[
			"Markdown",
			{ kind: "markdown", text: "# Title\n**bold**", truncated: false },
			async (page) => {
				await page.getByRole("heading", { name: "Title" }).waitFor();
			},
		],
		[
			"JSON",
			{ kind: "json", text: '{\n  "a": 1e400\n}', truncated: false },
			async (page) => {
				await page.getByText('"a": 1e400').waitFor();
			},
		],
		[
			"a table",
			{
				kind: "table",
				columns: [{ name: "<b>x</b>", type: "number" }],
				rows: [["1"], ["<i>2</i>"]],
				totalRows: 5000,
				truncated: true,
			},
			async (page) => {
				await page.getByRole("columnheader", { name: "<b>x</b>" }).waitFor();
				await page.getByRole("cell", { name: "<i>2</i>" }).waitFor();
				await page.getByText("The first 2 of 5,000 rows, 1 columns.").waitFor();
			},
		],
		[
			"arrays",
			{
				kind: "array",
				truncated: false,
				entries: [
					{
						name: "w",
						dtype: "float32",
						shape: [128, 64],
						values: ["0.5"],
						order: "column",
						min: -1,
						max: 1,
						mean: 0,
						countedValues: 8192,
						nonFiniteValues: 2,
						note: null,
					},
				],
			},
			async (page) => {
				await page.getByText("(128, 64)").waitFor();
				await page.getByText("float32").waitFor();
				await page.getByText("−1 to 1, mean 0").waitFor();
			},
		],
		[
			"a picture",
			{ kind: "image", mimeType: "image/png", bytes: onePixel() },
			async (page) => {
				const image = page.getByRole("img", { name: "Picture b.txt" });
				await image.waitFor();
				await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1);
			},
		],
		[
			"an SVG, whose script does not run",
			{
				kind: "image",
				mimeType: "image/svg+xml",
				bytes: new TextEncoder().encode(
					`<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4" onload="parent.hacked=1"><script>parent.hacked=1</script></svg>`,
				),
			},
			async (page) => {
				const image = page.getByRole("img", { name: "Picture b.txt" });
				await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(4);
				expect(await page.evaluate(() => "hacked" in window)).toBe(false);
			},
		],
		[
			"binary",
			{ kind: "binary", hexHead: "00000000  7f 45 4c 46", sizeBytes: 12 },
			async (page) => {
				await page.getByText("7f 45 4c 46").waitFor();
			},
		],
		[
			"too large",
			{ kind: "tooLarge", sizeBytes: 9_000_000_000, limitBytes: 50_000_000 },
			async (page) => {
				await page.getByText("9.0 GB is too large for a preview (at most 50.0 MB): download it.").waitFor();
			},
		],
	];
	test.each(previews)("show %s", async (_name, preview, check) => {
		const { page } = await open(aState(), { folders, previews: { "b.txt": preview } });
		await page.getByRole("treeitem", { name: "b.txt" }).click();
		await check(page);
	});

	test("download one, a folder and all, each by its own button", async () => {
		const { page, asked } = await open(aState(), { folders });
		await page.getByRole("treeitem", { name: "model" }).click();
		await page.getByRole("button", { name: "Download folder" }).click();
		await page.getByRole("treeitem", { name: "data" }).click();
		await page.getByRole("treeitem", { name: "weights.bin" }).click();
		await page.getByRole("button", { name: "Download", exact: true }).click();
		await page.getByRole("button", { name: "Download all" }).click();
		expect(asked.filter((call) => call.startsWith("download"))).toEqual([
			'download {"path":"model","isDir":true,"sizeBytes":null}',
			'download {"path":"model/data/weights.bin","isDir":false,"sizeBytes":9000000000}',
			'download {"path":"","isDir":true,"sizeBytes":null}',
		]);
	});

	test("that cannot be listed or shown say why, and a click tries again", async () => {
		let failing = true;
		const artifacts = () => {
			if (failing) throw new GammaError("store.unreachable", "mlflow.corp does not answer: start it.");
			return [file("b.txt")];
		};
		const preview = () => {
			throw new GammaError("artifact.unreadable", "b.txt is no Parquet file.");
		};
		const { page } = await open(aState(), { handlers: { artifacts, preview } });
		await page.getByText("mlflow.corp does not answer: start it.").waitFor();
		failing = false;
		await page.getByRole("treeitem").click();
		await page.getByRole("treeitem", { name: "b.txt" }).click();
		await page.getByText("b.txt is no Parquet file.").waitFor();
	});

	test("in a folder of 100,000 come a few hundred at a time", async () => {
		const many = Array.from({ length: 100_000 }, (_, i) => file(`f${String(i).padStart(6, "0")}`));
		const { page } = await open(aState(), { folders: { "": many } });
		await page.getByText("99,800 more…").click();
		await page.getByText("98,800 more…").waitFor();
		expect(await page.getByRole("treeitem").count()).toBe(1201);
	});
});

function onePixel(): Uint8Array {
	return Uint8Array.from(
		Buffer.from(
			"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
			"base64",
		),
	);
}

describe.skipIf(!chromiumPath)("media", () => {
	test("show their newest sample, and the one the slider is moved to", async () => {
		const samples = [0, 100, 200].map((step) => ({ step, timestampMs: nowMs }));
		const { page, kept } = await open(aState(), {
			handlers: {
				media: () => [
					{ tag: "digits", kind: "image", samples },
					{ tag: "words", kind: "text", samples },
				],
				readMedia: ({ tag, index }) =>
					tag === "words"
						? { kind: "text", text: `<b>text ${index}</b>` }
						: { kind: "image", mimeType: "image/png", bytes: onePixel() },
			},
		});
		await page.getByText("<b>text 2</b>").waitFor();
		await page.getByRole("img", { name: "digits, step 200, 3 of 3" }).waitFor();
		const slider = page.getByRole("slider", { name: "Step of words" });
		await slider.focus();
		await page.keyboard.press("ArrowLeft");
		await page.getByText("<b>text 1</b>").waitFor();
		expect(await slider.getAttribute("aria-valuetext")).toBe("step 100, 2 of 3");
		await expect.poll(() => runPageKept.parse(kept()).samples).toEqual({ words: 1 });
	});
});

describe.skipIf(!chromiumPath)("after a reload", () => {
	test("the page is as it was left", async () => {
		const folders = { "": [folder("model")], model: [file("model/a.txt")] };
		const fake = {
			folders,
			previews: { "model/a.txt": { kind: "text", text: "hello", truncated: false, language: null } as const },
		};
		const many = Array.from({ length: 60 }, (_, i) => value(`param${i}`, String(i)));
		const first = await open(aState({ params: many }), fake, { height: 500 });
		await first.page.getByRole("treeitem", { name: "model" }).click();
		await first.page.getByRole("treeitem", { name: "a.txt" }).click();
		await first.page.getByRole("searchbox", { name: "Filter params" }).fill("param2");
		await first.page.getByRole("button", { name: "Metrics" }).click();
		await first.page.getByText("hello").waitFor();
		await first.page.evaluate(() => window.scrollTo({ top: 150 }));
		await expect.poll(() => runPageKept.parse(first.kept()).scrollTop).toBe(150);
		const kept = runPageKept.parse(first.kept());
		expect(kept.key).toBe("store/run1");
		await first.close();

		const { page } = await open(aState({ params: many }), fake, { height: 500, kept });
		await page.getByText("hello").waitFor();
		expect(await page.getByRole("searchbox", { name: "Filter params" }).inputValue()).toBe("param2");
		expect(await page.getByRole("button", { name: "Metrics" }).getAttribute("aria-expanded")).toBe("false");
		await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(150);
	});

	test("what another version kept does no harm", async () => {
		const { page } = await open(
			aState(),
			{ folders: { "": [] } },
			{ kept: { key: 7, scrollTop: "x", openFolders: [1], selected: "?" } },
		);
		await page.getByRole("heading", { name: "warm-fox-12" }).waitFor();
	});
});

describe.skipIf(!chromiumPath)("at 300 px and in every theme", () => {
	test.each(["dark", "light", "high-contrast", "high-contrast-light"] as const)(
		"%s: nothing sticks out sideways and every control has a name",
		async (theme) => {
			const long = "a_very_long_name_without_any_break_".repeat(8);
			const { page } = await open(
				aState({
					...aPageRun(),
					name: long,
					metrics: [[long, 1.23456789e-12]],
					params: [value(long, long)],
					experimentName: long,
				}),
				{ folders: { "": [file(`${long}.txt`, 123_456_789)] } },
				{ theme, width: 300 },
			);
			await page.getByRole("treeitem").waitFor();
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(300);
			const nameless = await page.evaluate(
				() =>
					[...document.querySelectorAll("button, input, [role=tree], [role=table]")].filter(
						(element) => !(element.getAttribute("aria-label") || element.textContent?.trim()),
					).length,
			);
			expect(nameless).toBe(0);
		},
	);

	test("the Tab key reaches every button, once for the whole tree", async () => {
		const { page } = await open(aState(), { folders: { "": [file("a.txt"), file("b.txt")] } });
		await page.getByRole("treeitem", { name: "a.txt" }).waitFor();
		const reached: string[] = [];
		for (let i = 0; i < 40; i++) {
			await page.keyboard.press("Tab");
			const name = await page.evaluate(
				() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim() ?? "",
			);
			if (reached.includes(name) && name === reached[0]) break;
			reached.push(name);
		}
		for (const name of ["Charts", "Open commit", "Copy run id", "a.txt, 1.2 kB", "Download all"])
			expect(reached).toContain(name);
		expect(reached).not.toContain("b.txt, 1.2 kB");
	});
});
