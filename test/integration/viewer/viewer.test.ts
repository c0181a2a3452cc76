import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Rollout } from "../../../src/shared/policy/rollout";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { allGeoms, cartpole, humanoid, wedge } from "../../support/viewer/models";
import { memoryAfter } from "../../support/viewer/viewerMemory";
import { modelOf, openViewer, type ViewerPage, type ViewingLike } from "../../support/viewer/viewerPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";
const patient = { timeout: 30_000 };

describe.skipIf(!chromiumPath)(`the viewer of robot models${noBrowser}`, () => {
	let browser: Browser;
	let viewer: ViewerPage | undefined;
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		const complaints = viewer?.complaints ?? [];
		await viewer?.close();
		viewer = undefined;
		expect(complaints).toEqual([]);
	});
	afterAll(() => browser.close());

	const start = async (options: Omit<Parameters<typeof openViewer>[0], "browser">) => {
		viewer = await openViewer({ browser, ...options });
		await viewer.ready();
		return viewer;
	};
	const button = (name: string) => viewer?.page.getByRole("button", { name, exact: true });

	test("each type of geom is drawn in its colour where it is, and hidden with its group", async () => {
		const { page, colours } = await start({
			model: modelOf(allGeoms, { "parts/wedge.obj": wedge }),
			kept: { camera: "above", overlays: [] },
			width: 1000,
			height: 500,
		});
		// The camera is 14 above, 60° high: the picture's height is 16.17 units, and its width by its aspect.
		const box = await page.locator("#picture").boundingBox();
		const perHeight = 2 * 14 * Math.tan(Math.PI / 6);
		const aspect = (box?.width ?? 1) / (box?.height ?? 1);
		const at = (x: number) => [0.5 + x / (perHeight * aspect), 0.5] as const;
		const wanted = [
			["plane", -7, [1, 0, 0]],
			["hfield", -5, [0, 1, 0]],
			["sphere", -3, [0, 0, 1]],
			["capsule", -1, [1, 1, 0]],
			["ellipsoid", 1, [1, 0, 1]],
			["cylinder", 3, [0, 1, 1]],
			["box", 5, [1, 0.4, 0]],
			["mesh", 7, [0.4, 1, 0.4]],
		] as const;
		const seen = await colours(wanted.map(([, x]) => at(x)));
		for (const [index, [name, , rgb]] of wanted.entries()) {
			const [r = 0, g = 0, b = 0] = seen[index] ?? [];
			const most = Math.max(r, g, b);
			expect(most, `${name} is lit`).toBeGreaterThan(100);
			for (const [channel, value] of [r, g, b].entries()) {
				// Headlight at full strength may saturate; what a colour lacks stays dark.
				if ((rgb[channel] ?? 0) === 0) expect(value / most, `${name} ${channel}`).toBeLessThan(0.45);
				if ((rgb[channel] ?? 0) === 1) expect(value / most, `${name} ${channel}`).toBeGreaterThan(0.8);
			}
		}
		const [empty] = await colours([[0.5, 0.05]]);
		expect(Math.max(...(empty ?? []))).toBeLessThan(60);
		await page.getByRole("button", { name: "Show" }).click();
		await page.getByRole("checkbox", { name: "Group 0" }).click();
		const [hidden] = await colours([at(-3)]);
		expect(hidden).toEqual(empty);
	});

	test("physics runs in the page: play, pause, step, back, reset and keyframe, by button and by key", async () => {
		const { page, now } = await start({ model: modelOf(cartpole) });
		expect((await now()).isPlaying).toBe(false);
		await page.locator("#picture").focus();
		await page.keyboard.press("k");
		await expect.poll(async () => (await now()).qpos, patient).toEqual([0.5, 0.3]);
		for (let step = 0; step < 3; step++) await page.keyboard.press(".");
		await expect.poll(async () => (await now()).timeS, patient).toBeCloseTo(0.03, 9);
		const third = await now();
		expect(third.qpos[1]).toBeGreaterThan(0.3);
		await page.keyboard.press(",");
		await expect.poll(async () => (await now()).timeS, patient).toBeCloseTo(0.02, 9);
		await page.keyboard.press(".");
		await expect.poll(async () => (await now()).qpos, patient).toEqual(third.qpos);
		await page.keyboard.press(" ");
		await expect.poll(async () => (await now()).timeS, patient).toBeGreaterThan(0.2);
		await button("Pause")?.click();
		await button("Reset")?.click();
		await expect.poll(async () => (await now()).timeS, patient).toBe(0);
		expect((await now()).qpos).toEqual([0, 0]);
		expect(await page.locator("#picture").getAttribute("aria-label")).toMatch(/^model\.xml, paused at 0\.0 seconds/);
		await page.keyboard.press("?");
		expect(await page.getByRole("dialog", { name: "Keys" }).textContent()).toContain("push the picked body");
	});

	test("sliders move actuators, and what is plotted follows", async () => {
		const { page, now } = await start({ model: modelOf(cartpole), kept: { plot: "sensors" } });
		await page.getByRole("slider", { name: "push" }).focus();
		await page.keyboard.press("End");
		await page.locator("#picture").focus();
		for (let step = 0; step < 20; step++) await page.keyboard.press(".");
		await expect.poll(async () => (await now()).timeS, patient).toBeCloseTo(0.2, 9);
		const { qpos } = await now();
		expect(qpos[0]).toBeGreaterThan(0.05);
		expect(qpos[1]).toBeLessThan(-0.01);
		const shown = async () => Number((await page.locator(".legend .number").first().textContent())?.replace("−", "-"));
		// A sensor's value is that of the state before the last step: MuJoCo measures, then moves.
		await expect.poll(shown, patient).toBeLessThan(-0.2);
	});

	test("a click picks a body, and a drag with Ctrl pulls it", async () => {
		const { page, now } = await start({ model: modelOf(cartpole) });
		const box = await page.locator("#picture").boundingBox();
		if (!box) throw new Error("no picture");
		// The first view looks at the model's middle from the side: the pole is above it.
		const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.42];
		await page.mouse.click(x, y);
		await expect.poll(() => page.locator("#body").inputValue(), patient).toBe("2");
		expect(await page.getByText("Position", { exact: true }).isVisible()).toBe(true);
		await page.locator("#picture").focus();
		await page.keyboard.press(" ");
		await page.keyboard.down("Control");
		await page.mouse.move(x, y);
		await page.mouse.down();
		await page.mouse.move(x + 120, y, { steps: 5 });
		await expect.poll(async () => Math.abs((await now()).qpos[0] ?? 0), patient).toBeGreaterThan(0.1);
		await page.mouse.up();
		await page.keyboard.up("Control");
		const force = await page.evaluate(() => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			return [...(viewing.state.now as unknown as { xfrc_applied: Float64Array }).xfrc_applied].every((f) => f === 0);
		});
		expect(force).toBe(true);
	});

	test("a broken file says where, the panel lives on, and a save brings the model back as it was seen", async () => {
		const { page, save, opened, now } = await start({ model: modelOf(cartpole) });
		await page.locator("#picture").focus();
		for (const key of ["+", "+", "ArrowLeft", "."]) await page.keyboard.press(key);
		const viewpoint = () =>
			page.evaluate(
				() =>
					(document.querySelector("gamma-viewer") as unknown as { viewing: { viewpoint: unknown } }).viewing.viewpoint,
			);
		await expect.poll(async () => (await now()).timeS, patient).toBeGreaterThan(0);
		const before = await viewpoint();
		await save(modelOf("<mujoco>\n<worldbody>\n<geom typ='x'/></worldbody></mujoco>"));
		const alert = page.getByRole("alert");
		await expect.poll(() => alert.textContent(), patient).toContain("unrecognized attribute: 'typ'");
		await page.getByRole("button", { name: "model.xml, line 3" }).click();
		await expect.poll(() => opened, patient).toEqual([{ path: "model.xml", line: 3 }]);
		await save(modelOf("<mujoco><worldbody>"));
		await expect.poll(() => alert.textContent(), patient).toContain("not well-formed");
		await save({ message: "There is no file “a.stl”.", path: "model.xml", line: 7 });
		await expect.poll(() => alert.textContent(), patient).toContain("There is no file “a.stl”.");
		await save(modelOf(cartpole));
		await alert.waitFor({ state: "detached" });
		expect(await viewpoint()).toEqual(before);
		expect((await now()).isPlaying).toBe(false);
	});

	test("a state that is lost pauses with a sentence, and a reset heals it", async () => {
		const { page, now } = await start({ model: modelOf(cartpole) });
		await page.evaluate(() => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			viewing.state.now.qvel[1] = Number.NaN;
		});
		await page.locator("#picture").focus();
		await page.keyboard.press(" ");
		await expect
			.poll(() => page.getByRole("alert").textContent(), patient)
			.toMatch(/came apart at .* the state of (slide|hinge)/);
		expect((await now()).isPlaying).toBe(false);
		await page.keyboard.press("r");
		await page.getByRole("alert").waitFor({ state: "detached" });
		expect((await now()).qpos).toEqual([0, 0]);
	});

	const recorded = (name: string, slope: number): { kind: "rollout"; name: string; rollout: Rollout } => ({
		kind: "rollout",
		name,
		rollout: {
			...{ nq: 2, nv: 2, nu: 1, length: 101, dt: 0.01, qvel: null, ctrl: null, time: null },
			qpos: Float64Array.from({ length: 202 }, (_, at) => (at % 2 === 0 ? (slope * at) / 200 : 0)),
			reward: new Float64Array(101).fill(slope),
		},
	});

	test("two recordings play on one timeline: scrubbed, looped, with their returns, as ghost and side by side", async () => {
		const { page, now, setActors, colours } = await start({ model: modelOf(cartpole) });
		await setActors([recorded("first.npz", 1), recorded("second.npz", -1)]);
		const scrub = page.getByRole("slider", { name: "Time" });
		await scrub.waitFor();
		await scrub.focus();
		await scrub.evaluate((input: HTMLInputElement) => {
			input.value = "0.5";
			input.dispatchEvent(new Event("input"));
		});
		await expect.poll(async () => (await now()).qpos[0], patient).toBeCloseTo(0.5, 9);
		await expect
			.poll(() => page.locator(".actor").allTextContents(), patient)
			.toEqual([expect.stringContaining("return 50"), expect.stringContaining("return −50")]);
		// The cart of the first is at the right, the other's ghost at the left.
		const cart = async () => {
			const row = await colours(Array.from({ length: 60 }, (_, at) => [at / 60, 0.5] as const));
			return row.map(([r = 0, , b = 0]) => b - r > 40);
		};
		const overlaid = await cart();
		expect(overlaid.slice(0, 30).some(Boolean) && overlaid.slice(30).some(Boolean)).toBe(true);
		await page.getByRole("checkbox", { name: /Side by side/ }).check();
		const beside = await cart();
		expect(beside.slice(0, 30).some(Boolean) && beside.slice(30).some(Boolean)).toBe(true);
		await page.getByRole("button", { name: "To", exact: true }).click();
		await button("Play")?.click();
		await expect.poll(async () => (await now()).timeS, patient).toBeLessThan(0.5);
		await button("Pause")?.click();
		expect(await page.getByText(/^\s*Loop 0\.00–0\.50 s/).isVisible()).toBe(true);
		await setActors(
			[recorded("of another model.npz", 1)].map((one) => ({ ...one, rollout: { ...one.rollout, nq: 3 } })),
		);
		await expect.poll(() => page.getByRole("alert").textContent(), patient).toContain("recorded of another model");
	});

	test("a picture and a video go to the host", async () => {
		const { page, saved } = await start({ model: modelOf(cartpole) });
		await button("Save picture")?.click();
		await expect.poll(() => saved.length, patient).toBe(1);
		expect(
			Buffer.from(saved[0]?.base64 ?? "", "base64")
				.subarray(1, 4)
				.toString(),
		).toBe("PNG");
		await button("Record video")?.click();
		await button("Play")?.click();
		await expect.poll(async () => (await viewer?.now())?.timeS, patient).toBeGreaterThan(0.3);
		await button("Stop recording")?.click();
		await expect.poll(() => saved.length, patient).toBe(2);
		expect(saved[1]?.format).toBe("webm");
		// EBML, as every WebM begins.
		expect([...Buffer.from(saved[1]?.base64 ?? "", "base64").subarray(0, 4)]).toEqual([0x1a, 0x45, 0xdf, 0xa3]);
		await page.getByText("Saved.").waitFor();
	});

	test("fifty openings leave no memory behind", async () => {
		const open = await start({ model: modelOf(humanoid), width: 400, height: 300 });
		const early = await memoryAfter(open, modelOf(humanoid), 10);
		const late = await memoryAfter(open, modelOf(humanoid), 40);
		expect(late.wasmBytes).toBe(early.wasmBytes);
		expect(late.heapBytes).toBeLessThan(early.heapBytes + 8_000_000);
	}, 180_000);

	test("a humanoid is there soon and moves; figures are printed, a budget for its own work is held", async () => {
		const { page, now, colours } = await start({ model: modelOf(humanoid), isPaused: false, theme: "light" });
		await expect.poll(async () => (await now()).timeS, patient).toBeGreaterThan(0.3);
		const figures = await page.evaluate(async () => {
			const { viewing } = document.querySelector("gamma-viewer") as unknown as { viewing: ViewingLike };
			const before = { ...viewing.screen.drawn };
			const beganMs = performance.now();
			while (viewing.screen.drawn.count < before.count + 20) await new Promise(requestAnimationFrame);
			const frames = viewing.screen.drawn.count - before.count;
			return {
				firstMs: viewing.firstPictureMs,
				perSecond: (1000 * frames) / (performance.now() - beganMs),
				drawMs: (viewing.screen.drawn.ms - before.ms) / frames,
			};
		});
		console.log(
			`humanoid, software renderer: first picture after ${figures.firstMs?.toFixed(0)} ms, ${figures.perSecond.toFixed(1)} pictures a second, ${figures.drawMs.toFixed(2)} ms of own work each`,
		);
		// A machine under load draws slower; this is the page's own work, with room for that.
		expect(figures.drawMs).toBeLessThan(150);
		const [sky, ground] = await colours([
			[0.02, 0.02],
			[0.5, 0.95],
		]);
		expect(sky).not.toEqual(ground);
	});
});
