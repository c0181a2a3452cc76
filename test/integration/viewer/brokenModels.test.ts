import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readModel } from "../../../src/adapters/mujoco/openModel";
import type { CollectedModel } from "../../../src/core/mujoco/collectModelFiles";
import { problemOfModel } from "../../../src/core/viewer/problemOfModel";
import { chromiumPath, launchChromium } from "../../support/chromium";
import { cartpole } from "../../support/viewer/models";
import { modelOf, openViewer, type ViewerPage } from "../../support/viewer/viewerPage";

const noBrowser = chromiumPath ? "" : " (skipped: no Chromium on this machine)";
const patient = { timeout: 30_000 };

const files: Readonly<Record<string, string>> = {
	"missing.xml": '<mujoco>\n<asset>\n<mesh name="leg" file="leg.stl"/></asset></mujoco>',
	"loop.xml": '<mujoco>\n<include file="loop.xml"/></mujoco>',
	"round.xml": '<mujoco><include file="parts/round.xml"/></mujoco>',
	"parts/round.xml": '<mujocoinclude>\n\n<include file="round.xml"/></mujocoinclude>',
	"upwards.xml": '<mujoco>\n<include file="../../etc/passwd"/></mujoco>',
	"absolute.xml": '<mujoco><asset>\n\n\n<mesh file="/etc/passwd"/></asset></mujoco>',
	"linked.xml": '<mujoco><asset>\n<mesh file="outside/passwd"/></asset></mujoco>',
	"huge.xml": '<mujoco><asset>\n<mesh file="huge.stl"/></asset></mujoco>',
	"noMesh.xml":
		'<mujoco><asset><mesh name="m" file="text.stl"/></asset><worldbody><geom type="mesh" mesh="m"/></worldbody></mujoco>',
	"text.stl": "this is no mesh at all",
	"unclosed.xml": "<mujoco>\n<worldbody>\n<geom size='1'></worldbody></mujoco>",
	"unknown.xml": "<mujoco>\n<worldbody>\n\n<geom type='blob'/></worldbody></mujoco>",
	"greedy.xml": '<mujoco><size memory="60G"/><worldbody><geom size="1"/></worldbody></mujoco>',
	"weightless.xml": "<mujoco>\n<worldbody>\n<body><joint/></body></worldbody></mujoco>",
	"other.xml": "<project/>",
	"empty.xml": "",
	"lost.urdf":
		'<robot name="r">\n<link name="l"><visual><geometry><mesh filename="package://nobody/l.stl"/></geometry></visual></link></robot>',
	"escape.urdf":
		'<robot name="r"><link name="l"><visual><geometry>\n<mesh filename="package://../../../etc/passwd"/></geometry></visual></link></robot>',
	"wild.xml":
		'<mujoco><option timestep="0.1"/><worldbody><body><joint name="spring" type="slide" axis="1 0 0" stiffness="-1e5"/><geom size="0.1"/></body></worldbody><keyframe><key qpos="1"/></keyframe></mujoco>',
};

describe.skipIf(!chromiumPath)(`models that are broken, in the viewer${noBrowser}`, () => {
	const folder = mkdtempSync(join(tmpdir(), "gamma-broken-"));
	let browser: Browser;
	let viewer: ViewerPage;
	beforeAll(async () => {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		symlinkSync("/etc", join(folder, "outside"));
		// A hole of 120 MB: nothing on the disk, and nothing that is read.
		writeFileSync(join(folder, "huge.stl"), "");
		truncateSync(join(folder, "huge.stl"), 120e6);
		cpSync(resolve(import.meta.dirname, "../../fixtures/models"), join(folder, "arm/urdf"), { recursive: true });
		browser = await launchChromium();
		viewer = await openViewer({ browser, model: modelOf(cartpole) });
		await viewer.ready();
	});
	afterAll(async () => {
		const complaints = viewer?.complaints ?? [];
		await viewer?.close();
		await browser?.close();
		rmSync(folder, { recursive: true, force: true });
		expect(complaints).toEqual([]);
	});

	/** As the panel's host does it. */
	const save = async (path: string) => {
		const read = await readModel(join(folder, path), folder).catch(problemOfModel);
		const plain = (file: CollectedModel["files"][number]) => ({ ...file, bytes: new Uint8Array(file.bytes) });
		await viewer.save("message" in read ? read : { main: read.main, files: read.files.map(plain) });
	};
	const told = async () =>
		(await viewer.page.getByRole("alert").allTextContents()).join(" ").replaceAll(/\s+/g, " ").trim();

	test.each([
		["missing.xml", /^There is no file "leg\.stl" \(leg\.stl\)\. missing\.xml, line 3$/],
		["loop.xml", /^Loop\.xml includes itself\. loop\.xml, line 2$/],
		["round.xml", /^Round\.xml includes itself by way of parts\/round\.xml\. parts\/round\.xml, line 3$/],
		["upwards.xml", /^"\.\.\/\.\.\/etc\/passwd" is outside of the model's folder\. upwards\.xml, line 2$/],
		["absolute.xml", /^"\/etc\/passwd" is outside of the model's folder\. absolute\.xml, line 4$/],
		["linked.xml", /^There is no file "outside\/passwd" \(outside\/passwd\)\. linked\.xml, line 2$/],
		["huge.xml", /^Huge\.stl is too large: 120\.0 MB, and 100\.0 MB at most are read\. huge\.xml, line 2$/],
		["noMesh.xml", /stl|mesh/i],
		["unclosed.xml", /^The XML is not well-formed: mismatched element\. unclosed\.xml, line 3$/],
		["unknown.xml", /invalid keyword: 'blob'.* unknown\.xml, line 4$/],
		["greedy.xml", /memory|allocate/i],
		["weightless.xml", /mass and inertia.*weightless\.xml, line 3$/],
		["other.xml", /^It is neither MJCF \(<mujoco>\) nor URDF \(<robot>\)\. other\.xml, line 1$/],
		["empty.xml", /^It is neither MJCF/],
		["lost.urdf", /^There is no file "package:\/\/nobody\/l\.stl".* lost\.urdf, line 2$/],
		["escape.urdf", /^There is no file "package:\/\/\.\.\/\.\.\/\.\.\/etc\/passwd"|outside of the model's folder/],
		["gone.xml", /^There is no model .*gone\.xml\.$/],
	])("%s is one sentence with its place, and the next good model is there at once", async (path, sentence) => {
		await save(path);
		await expect.poll(told, patient).toMatch(sentence);
		expect((await told()).length).toBeLessThan(400);
		await viewer.save(modelOf(cartpole));
		await expect.poll(told, patient).toBe("");
		expect((await viewer.now()).qpos).toEqual([0, 0]);
	});

	test("a URDF with a package's mesh is found in the folder above, and shown", async () => {
		await save("arm/urdf/arm.urdf");
		await expect.poll(async () => (await viewer.now()).qpos.length, patient).toBeGreaterThan(0);
		expect(await told()).toBe("");
	});

	test("a simulation that comes apart stops with a sentence, and begins again after a reset", async () => {
		await save("wild.xml");
		await expect.poll(async () => (await viewer.now()).qpos, patient).toEqual([0]);
		await viewer.page.getByRole("combobox", { name: "Keyframe" }).selectOption({ index: 1 });
		await viewer.page.getByRole("button", { name: "Play", exact: true }).click();
		await expect
			.poll(told, patient)
			.toMatch(/^The simulation came apart at [\d.]+ s: the state of spring is no longer/);
		expect((await viewer.now()).isPlaying).toBe(false);
		await viewer.page.getByRole("button", { name: "Reset", exact: true }).click();
		await expect.poll(told, patient).toBe("");
		expect((await viewer.now()).qpos).toEqual([0]);
	});
});
