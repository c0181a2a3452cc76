import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { cloth, humanoid, toys } from "../../support/viewer/models";
import { differenceFromKept } from "../../support/viewer/pictures";
import { modelOf, openViewer, type ViewerPage, type ViewingLike } from "../../support/viewer/viewerPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";
const fixture = (name: string) =>
	readFileSync(join(resolve(import.meta.dirname, "../../fixtures/models"), name), "utf8");

/** What a renderer may differ by from version to version; a light, a shadow or a body less is far more. */
const most = { mean: 3, clearShare: 0.004 };

const scenes = [
	{ name: "humanoid", model: humanoid, steps: 0, overlays: ["shadows", "sites"] },
	{ name: "toys", model: toys, steps: 0, overlays: ["shadows"] },
	{ name: "contacts", model: fixture("contacts.xml"), steps: 400, overlays: ["shadows", "contacts", "forces", "com"] },
	{ name: "finger", model: fixture("tendons.xml"), steps: 80, overlays: ["sites", "tendons", "joints"] },
	{ name: "cloth", model: cloth, steps: 150, overlays: ["shadows"] },
];

describe.skipIf(!chromiumPath)(`pictures of robot models${noBrowser}`, () => {
	let browser: Browser;
	let viewer: ViewerPage;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterAll(() => browser.close());

	const show = async ({ model, steps, overlays }: Omit<(typeof scenes)[number], "name">) => {
		viewer = await openViewer({ browser, model: modelOf(model), kept: { overlays }, width: 700, height: 420 });
		await viewer.ready();
		await viewer.page.evaluate((count) => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			for (let step = 0; step < count; step++) viewing.state.step();
		}, steps);
	};
	const close = async () => {
		const { complaints } = viewer;
		await viewer.close();
		expect(complaints).toEqual([]);
	};

	test.each(scenes)("$name is drawn as it was looked at and kept", async ({ name, ...scene }) => {
		await show(scene);
		const { mean, clearShare } = await differenceFromKept(viewer, name);
		expect(mean).toBeLessThan(most.mean);
		expect(clearShare).toBeLessThan(most.clearShare);
		await close();
	});

	test.each([
		{ name: "humanoid", change: "its shadow", overlays: ["sites"], from: "", to: "" },
		{
			name: "humanoid",
			change: "its head",
			overlays: ["shadows", "sites"],
			from: '<geom type="sphere" size="0.09"/>',
			to: '<geom type="sphere" size="0.01"/>',
		},
		{
			name: "toys",
			change: "the sides of its box",
			overlays: ["shadows"],
			from: 'material="sides"',
			to: 'rgba="0.9 0.3 0.2 1"',
		},
		{ name: "toys", change: "the glass", overlays: ["shadows"], from: 'material="glass"', to: "" },
	])("$name without $change is another picture", async ({ name, overlays, from, to }) => {
		const model = scenes.find((scene) => scene.name === name)?.model ?? "";
		expect(model).toContain(from);
		await show({ model: model.replace(from, to), steps: 0, overlays });
		const { clearShare } = await differenceFromKept(viewer, name);
		expect(clearShare).toBeGreaterThan(most.clearShare);
		await close();
	});

	test("what is left out of the picture is said", async () => {
		await show({ model: toys, steps: 0, overlays: [] });
		await viewer.page.getByRole("button", { name: /^Model/ }).click();
		expect(await viewer.page.locator("dl.values", { hasText: "Not drawn" }).textContent()).toContain("reflections");
		await close();
	});
});
