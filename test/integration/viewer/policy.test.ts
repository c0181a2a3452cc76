import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MujocoSimulation } from "../../../src/adapters/mujoco/mujocoSimulation";
import { OnnxNetwork } from "../../../src/adapters/mujoco/onnxNetwork";
import { Episode } from "../../../src/shared/policy/episode";
import { policyFileSchema } from "../../../src/shared/policy/policyFile";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { linearNetwork } from "../../support/viewer/linearNetwork";
import { cartpole } from "../../support/viewer/models";
import { modelOf, openViewer, type ViewerPage } from "../../support/viewer/viewerPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";
const patient = { timeout: 30_000 };

const spec = {
	model: "model.xml",
	onnx: "policy.onnx",
	observation: { parts: [{ from: "qpos" }, { from: "qvel" }] },
	// Not tanh: Node and Chromium round Math.tanh differently once in a thousand times.
	action: { squash: "clip", noise: 0.1 },
	frameSkip: 2,
	maxSteps: 60,
	reward: [{ term: "alive" }],
	reset: { qposNoise: 0.05, qvelNoise: 0.05 },
	seed: 3,
};
const steady = linearNetwork([0.5, 4, 0.8, 1.2]);
const lazy = linearNetwork([0, 0, 0, 0]);

describe.skipIf(!chromiumPath)(`policies in the viewer${noBrowser}`, () => {
	let browser: Browser;
	let viewer: ViewerPage;
	beforeAll(async () => {
		browser = await launchChromium();
		viewer = await openViewer({ browser, model: modelOf(cartpole), kept: { seed: 3 } });
		await viewer.ready();
	});
	afterAll(async () => {
		const { complaints } = viewer;
		await viewer.close();
		await browser.close();
		expect(complaints).toEqual([]);
	});

	/** The end of the same episode in Node. */
	const inNode = async (onnx: Uint8Array, seed: number) => {
		const simulation = await MujocoSimulation.open(modelOf(cartpole));
		const network = await OnnxNetwork.open("policy.onnx", onnx);
		const episode = new Episode(policyFileSchema.parse(spec), simulation, network, seed);
		for (let step = 0; step < 60; step++) await episode.step();
		const qpos = [...simulation.state.qpos];
		simulation.dispose();
		await network.dispose();
		return qpos;
	};
	const ended = () => viewer.page.getByText(/ended by steps/);

	test("a seed gives the same bytes in the page as in Node", async () => {
		await viewer.setActors([{ kind: "policy", name: "steady", policy: { spec, onnx: steady } }]);
		await viewer.page.getByRole("button", { name: "Play", exact: true }).click();
		await ended().waitFor(patient);
		expect((await viewer.now()).qpos).toEqual(await inNode(steady, 3));
		// Nothing moves any more; Play begins the same episode again.
		await expect.poll(async () => (await viewer.now()).isPlaying, patient).toBe(false);
		await viewer.page.getByRole("button", { name: "Play", exact: true }).click();
		await ended().waitFor({ state: "detached", ...patient });
		await ended().waitFor(patient);
		expect((await viewer.now()).qpos).toEqual(await inNode(steady, 3));
		await viewer.page.getByRole("spinbutton", { name: "Seed" }).fill("4");
		await viewer.page.getByRole("spinbutton", { name: "Seed" }).press("Tab");
		await ended().waitFor({ state: "detached" });
		await viewer.page.locator("#picture").focus();
		if (!(await viewer.now()).isPlaying) await viewer.page.keyboard.press(" ");
		await ended().waitFor(patient);
		const { qpos } = await viewer.now();
		expect(qpos).toEqual(await inNode(steady, 4));
		expect(qpos).not.toEqual(await inNode(steady, 3));
	});

	test("two policies begin alike, and each earns its own return", async () => {
		await viewer.setActors([
			{ kind: "policy", name: "steady", policy: { spec, onnx: steady } },
			{ kind: "policy", name: "lazy", policy: { spec, onnx: lazy } },
		]);
		const states = () =>
			viewer.page.evaluate(() => {
				const { viewing } = document.querySelector("gamma-viewer") as unknown as {
					viewing: {
						player: { actors: readonly { name: string; state: { timeS: number; now: { qpos: Float64Array } } }[] };
					};
				};
				return viewing.player.actors.map(({ name, state }) => ({
					name,
					timeS: state.timeS,
					qpos: [...state.now.qpos],
				}));
			});
		await expect.poll(async () => (await states()).length, patient).toBe(2);
		await viewer.page.locator("#picture").focus();
		if (!(await viewer.now()).isPlaying) await viewer.page.keyboard.press(" ");
		await expect.poll(async () => (await states())[0]?.timeS, patient).toBeGreaterThan(0.1);
		await expect.poll(() => ended().count(), patient).toBe(2);
		const [first, second] = await states();
		expect(first?.qpos).toEqual(await inNode(steady, 4));
		expect(second?.qpos).toEqual(await inNode(lazy, 4));
	});

	test("a policy of another model is refused with what it lacks", async () => {
		const wrong = { ...spec, observation: { parts: [{ from: "qpos", names: ["knee"] }] } };
		await viewer.setActors([{ kind: "policy", name: "wrong", policy: { spec: wrong, onnx: steady } }]);
		await expect
			.poll(() => viewer.page.getByRole("alert").textContent(), patient)
			.toMatch(/no "knee" in this model; it has "slide", "hinge"/);
	});
});
