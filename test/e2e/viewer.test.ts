import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trainCartpole } from "../../tools/demoCartpole.mjs";
import {
	chooseFromMenu,
	type Editor,
	editorFolder,
	frameWith,
	panelFrame,
	runCommand,
	saveTo,
	startEditor,
} from "../support/editor";

const root = resolve(import.meta.dirname, "../..");
const patience = { timeout: 90_000 };

/** A robot's model, and the run that learned to move it: the steps build on each other, in order. */
describe.skipIf(!editorFolder)("a robot in the real editor (needs the editor)", () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-robot-"));
	const model = join(folder, "cartpole.xml");
	let editor: Editor;
	let page: Page;
	beforeAll(async () => {
		cpSync(join(root, "examples/cartpole/cartpole.xml"), model);
		writeFileSync(join(folder, "pom.xml"), "<project><name>no robot</name></project>\n");
		await trainCartpole(folder);
		// A tooltip would lie over the row below.
		editor = await startEditor({ settings: { "workbench.hover.delay": 600_000 } });
		page = await editor.open(folder);
	}, 180_000);
	afterAll(async () => {
		await editor?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const picture = (frame: FrameLocator = panelFrame(page)) => frame.locator("canvas#picture");
	const told = async () =>
		(await (await frameWith(page, "canvas#picture"))?.getAttribute("canvas#picture", "aria-label")) ?? "";
	const tab = (name: RegExp) => page.getByRole("tab", { name });
	const openFromExplorer = async (name: string) => {
		await page.getByRole("treeitem", { name: new RegExp(`^${name.replace(".", "\\.")}`) }).dblclick();
		await tab(new RegExp(`^${name.replace(".", "\\.")}`)).waitFor();
	};

	test("an XML file that is a model is offered as one, once; no other is", async () => {
		await openFromExplorer("pom.xml");
		await openFromExplorer("cartpole.xml");
		const offer = page.locator(".notification-list-item", { hasText: "cartpole.xml is a MuJoCo model" }).first();
		// It goes by itself after some seconds; then it is in the list.
		await expect
			.poll(async () => {
				if (!(await offer.isVisible())) await runCommand(page, "Notifications: Show Notifications");
				return offer.isVisible();
			}, patience)
			.toBe(true);
		await offer.getByText("Open Viewer").click();
		await expect.poll(told, patience).toMatch(/^cartpole\.xml, (playing|paused) at [\d.]+ seconds/);
		await runCommand(page, "View: Close All Editors");
		await openFromExplorer("cartpole.xml");
		// Asked anew it would be there by the time that a command of Gamma's has run.
		await runCommand(page, "Gamma: Open Robot Model in Viewer");
		await expect.poll(told, patience).toMatch(/^cartpole\.xml/);
		expect(await page.locator(".notification-list-item", { hasText: "is a MuJoCo model" }).count()).toBe(0);
	});

	test("it plays, and is an editor that is only read: nothing of it is to be saved", async () => {
		const before = await told();
		await picture().press("Space");
		await expect.poll(told, patience).not.toBe(before);
		expect(await page.locator(".tab.active.dirty").count()).toBe(0);
		expect(readFileSync(model, "utf8")).toBe(readFileSync(join(root, "examples/cartpole/cartpole.xml"), "utf8"));
	});

	test("takes up what is saved, and says where what is broken is broken", async () => {
		const text = readFileSync(model, "utf8");
		writeFileSync(model, text.replace("<worldbody>", "<worldbody><geom type='nonsense'/>"));
		const frame = panelFrame(page);
		await frame
			.getByText(/line \d+/i)
			.first()
			.waitFor(patience);
		writeFileSync(model, text);
		await frame.getByRole("alert").waitFor({ state: "detached", ...patience });
		await expect.poll(told, patience).toMatch(/cart/i);
	});

	test("a picture and a video are saved where the person says", async () => {
		const png = join(folder, "seen.png");
		await panelFrame(page).getByRole("button", { name: "Save picture" }).click();
		await saveTo(page, png);
		expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
		const webm = join(folder, "moving.webm");
		await panelFrame(page).getByRole("button", { name: "Record video" }).click();
		await panelFrame(page).getByText("Recording…").waitFor(patience);
		await picture().press(".");
		await panelFrame(page).getByRole("button", { name: "Stop recording" }).click();
		await saveTo(page, webm);
		expect([...readFileSync(webm).subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
	});

	test("from a point of the reward's curve to the policy of that step, and to another's in the same panel", async () => {
		await runCommand(page, "View: Close All Editors");
		await page.getByRole("tab", { name: "Gamma" }).first().click();
		await page
			.getByRole("treeitem", { name: /^cart-pole-es,/ })
			.getByRole("checkbox")
			.click(patience);
		await runCommand(page, "Gamma: Open Charts");
		const curve = panelFrame(page).getByRole("img", { name: "eval/return of cart-pole-es" });
		await curve.waitFor(patience);
		const press = async (...keys: readonly string[]) => {
			const charts = await frameWith(page, "gamma-metric-card");
			const drawn = charts?.getByRole("img", { name: "eval/return of cart-pole-es" });
			for (const key of keys) await drawn?.press(key);
			return (await charts?.locator(".value-tip").textContent()) ?? "";
		};
		await expect.poll(() => press("Home"), patience).toContain("the policy at step 0");
		await press("p");
		await tab(/^cart-pole-es/).waitFor(patience);
		await expect.poll(told, patience).toMatch(/^cart-pole-es · .*cartpole\.xml, step 0, /);
		await expect.poll(() => press("End"), patience).toContain("the policy at step 30");
		await press("p");
		await expect.poll(told, patience).toMatch(/, step 30, /);
		// What it learned: the pole stays up to the episode's last step, and there the playing ends.
		const actor = async () => (await (await frameWith(page, "canvas#picture"))?.locator(".actor").textContent()) ?? "";
		await expect.poll(actor, patience).toMatch(/step 30\s+return 2\d\d.*, ended by steps/s);
		await expect.poll(told, patience).toMatch(/, paused at /);
		expect(await tab(/^cart-pole-es/).count()).toBe(1);
	});

	test("another checkpoint of the run is put beside it, from the same seed, on one timeline", async () => {
		const panel = async () => (await frameWith(page, "canvas#picture")) ?? panelFrame(page);
		await (await panel()).getByRole("button", { name: "Compare with a policy…" }).click();
		await page.locator(".quick-input-list").getByText("step 5", { exact: true }).click(patience);
		await expect.poll(told, patience).toMatch(/, step 30 beside step 5, /);
		// What was learned between the two: each of them falls, or not, by itself.
		const ends = async () =>
			(await (await panel()).locator(".actor").allTextContents()).join(" ").replaceAll(/\s+/g, " ");
		await expect
			.poll(ends, patience)
			.toMatch(/step 30 return 2\d\d.*, ended by steps step 5 return \d\d[.\d]*, ended by qpos/);
		await (await panel()).getByRole("button", { name: "Remove step 5" }).click();
		await expect.poll(told, patience).toMatch(/, step 30, /);
	});

	test("the policy's panel is there again after the window is reloaded", async () => {
		await page.reload();
		await page.locator(".monaco-workbench .part.activitybar").waitFor(patience);
		await tab(/^cart-pole-es/).click(patience);
		// The editor writes what a window keeps a moment later: a reload at once may bring back what was just taken away.
		await expect.poll(told, patience).toMatch(/^cart-pole-es · .*cartpole\.xml, step 30(?: beside step 5)?, /);
	});

	test("a checkpoint's row opens its policy, and a model's row the model", async () => {
		await runCommand(page, "View: Close All Editors");
		await runCommand(page, "Gamma: Focus on Artifacts & Checkpoints View");
		const tree = page.getByRole("tree", { name: "Artifacts & Checkpoints" });
		const row = (name: RegExp) => tree.getByRole("treeitem", { name });
		for (const name of [/^cart-pole-es, cart-pole/, /^checkpoints, folder/]) {
			await row(name).waitFor(patience);
			if ((await row(name).getAttribute("aria-expanded")) !== "true") await row(name).click();
		}
		const choose = (name: RegExp) => chooseFromMenu(row(name), "Open in Robot Viewer");
		// Those further below are not in sight.
		await choose(/^policy-step-0\.onnx/);
		await expect.poll(told, patience).toMatch(/^cart-pole-es · checkpoints\/cartpole\.xml, step 0, /);
		await runCommand(page, "View: Close All Editors");
		await choose(/^cartpole\.xml/);
		await expect.poll(told, patience).toMatch(/^cart-pole-es · checkpoints\/cartpole\.xml, (playing|paused) /);
	});
});
