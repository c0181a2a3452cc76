import { describe, expect, test } from "vitest";
import { collectModelFiles } from "../../../../src/core/mujoco/collectModelFiles";
import { toModelProblem } from "../../../../src/core/mujoco/modelProblem";
import { modelReferences } from "../../../../src/core/mujoco/modelReferences";

const folder = (files: Readonly<Record<string, string | number>>) => ({
	read: async (path: string) => new TextEncoder().encode(String(files[path] ?? "")),
	sizeOf: async (path: string) => {
		const found = files[path];
		return found === undefined ? null : typeof found === "number" ? found : found.length;
	},
});
const collect = async (main: string, files: Readonly<Record<string, string | number>>) =>
	(await collectModelFiles(main, folder(files))).files.map(({ path }) => path).sort();

describe("the files of a model", () => {
	test("an included file's meshes are found by the meshdir that the model says, wherever it says it", async () => {
		const files = {
			"robot/scene.xml":
				'<mujoco><include file="robot.xml"/><compiler meshdir="../assets" texturedir="skins"/></mujoco>',
			"robot/robot.xml":
				'<mujocoinclude><asset><mesh file="a.stl"/><texture fileright="sky.png"/><hfield file="hills.png"/></asset></mujocoinclude>',
			...{ "assets/a.stl": "x", "assets/hills.png": "x", "robot/skins/sky.png": "x" },
		};
		expect(await collect("robot/scene.xml", files)).toEqual(Object.keys(files).sort());
	});

	test("a URDF's package is a folder above, and MuJoCo asks for the file's name alone", async () => {
		const files = {
			"arm/urdf/arm.urdf": '<robot name="a"><mesh filename="package://arm/meshes/x.stl"/></robot>',
			"arm/meshes/x.stl": "x",
		};
		expect(await collect("arm/urdf/arm.urdf", files)).toEqual(["arm/urdf/arm.urdf", "arm/urdf/x.stl"]);
	});

	test("what is commented out, or no file at all, is not asked for", async () => {
		const text =
			'<mujoco><!-- <mesh file="gone.stl"/> --><asset><texture builtin="checker"/><mesh vertex="0 0 0"/></asset></mujoco>';
		expect(await collect("a.xml", { "a.xml": text })).toEqual(["a.xml"]);
	});

	test.each<[Readonly<Record<string, string | number>>, string]>([
		[{ "a.xml": '<mujoco>\n\n<include file="a.xml"/></mujoco>' }, "a.xml, line 3: a.xml includes itself."],
		[{ "a.xml": '<mujoco>\n<mesh file="b.stl"/></mujoco>' }, 'a.xml, line 2: there is no file "b.stl" (b.stl).'],
		[{ "a.xml": '<mujoco><mesh file="..\\\\..\\\\b.stl"/></mujoco>' }, "is outside of the model's folder"],
		[{ "a.xml": '<mujoco><mesh file="C:/b.stl"/></mujoco>' }, '"C:/b.stl" is outside of the model\'s folder'],
		[
			{ "a.xml": '<mujoco>\n<mesh file="b.stl"/></mujoco>', "b.stl": 2e8 },
			"a.xml, line 2: b.stl is too large: 200.0 MB",
		],
		[{ "a.xml": 5e7 }, "a.xml is too large: 50.0 MB, and 10.0 MB at most are read."],
		[{ "a.xml": "no xml" }, "a.xml, line 1: it is neither MJCF"],
	])("%j is refused in one sentence", async (files, sentence) => {
		await expect(collect("a.xml", files)).rejects.toThrow(sentence);
	});

	test("hostile text takes no longer than its length", () => {
		for (const text of [
			"<".repeat(2e5),
			"<a ".repeat(1e5),
			`<a b="${"<".repeat(2e5)}`,
			"<!--".repeat(1e5),
			`<a ${"b=".repeat(1e5)}>`,
		]) {
			expect(modelReferences(text).references).toEqual([]);
		}
	});
});

describe("MuJoCo's own words, as a sentence", () => {
	test.each([
		[
			"MuJoCo Error: Loading error: XML Error: invalid keyword: 'nope'\nElement 'geom', line 4\n",
			"m.xml, line 4: invalid keyword: 'nope' (in <geom>).",
		],
		[
			"MuJoCo Error: Loading error: XML parse error 14:\nError=XML_ERROR_MISMATCHED_ELEMENT ErrorID=14 (0xe) Line number=3: XMLElement name=geom\n",
			"m.xml, line 3: the XML does not parse: mismatched element XMLElement name=geom.",
		],
		[
			"MuJoCo Error: Loading error: Error: engine error: Could not allocate memory\n",
			"m.xml: Could not allocate memory.",
		],
		["", "m.xml: MuJoCo does not take it."],
	])("%j", (text, sentence) => expect(toModelProblem("m.xml", text).message).toBe(sentence));
});
