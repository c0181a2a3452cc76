import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FolderArtifacts } from "../../../../src/adapters/artifacts/folderArtifacts";
import { collectModelFiles } from "../../../../src/core/mujoco/collectModelFiles";
import { placedModel, placedPolicy } from "../../../../src/core/viewer/placedPolicy";
import { PlaceFiles } from "../../../../src/core/viewer/placeFiles";
import { subjectOfArtifact } from "../../../../src/core/viewer/subjectOfArtifact";
import { viewedKindOf } from "../../../../src/core/viewer/viewedPath";

const policy = JSON.stringify({ model: "../robot/robot.xml", onnx: "step-10.onnx" });

describe("an artifact that is opened in the viewer", () => {
	let root: string;
	let files: PlaceFiles;
	beforeEach(() => {
		root = mkdtempSync(join(tmpdir(), "gamma-place-"));
		for (const [path, text] of Object.entries({
			"robot/robot.xml": `<mujoco><asset><mesh file="parts/leg.stl"/></asset></mujoco>`,
			"robot/parts/leg.stl": "solid",
			"policies/policy.json": policy,
			"policies/step-10.onnx": "ten",
			"policies/late/step-20.onnx": "twenty",
			"policies/late/rollout-20.npz": "PK",
			"alone/step-5.onnx": "five",
			"alone/policy.json": JSON.stringify({ model: "../../etc/passwd" }),
			"bare/policy.json": JSON.stringify({ model: "../robot/robot.xml" }),
			"notes.txt": "nothing to see",
			"elsewhere.npy": "numbers",
		})) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		}
		files = new PlaceFiles(new FolderArtifacts(root));
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	test.each([
		["robot/robot.xml", "robot/robot.xml", []],
		["policies/policy.json", "robot/robot.xml", [{ kind: "policy", spec: "policies/policy.json", onnx: null }]],
		[
			"policies/step-10.onnx",
			"robot/robot.xml",
			[{ kind: "policy", spec: "policies/policy.json", onnx: "policies/step-10.onnx" }],
		],
		[
			"policies/late/step-20.onnx",
			"robot/robot.xml",
			[{ kind: "policy", spec: "policies/policy.json", onnx: "policies/late/step-20.onnx" }],
		],
		["policies/late/rollout-20.npz", "robot/robot.xml", [{ kind: "rollout", path: "policies/late/rollout-20.npz" }]],
	])("%s shows %s", async (path, model, actors) => {
		expect(await subjectOfArtifact(files, "folder:x", path)).toEqual({ placeId: "folder:x", model, actors });
	});

	test.each([
		["notes.txt", /shows models .* policies .* rollouts/],
		["elsewhere.npy", /Nothing says which model elsewhere\.npy belongs to: log a policy\.json/],
		["alone/step-5.onnx", /"model" leads out of the artifacts/],
	])("%s is refused with a sentence", async (path, sentence) => {
		await expect(subjectOfArtifact(files, "folder:x", path)).rejects.toThrow(sentence);
	});

	test("its policy brings the network that is meant, or the one that it names, and says where there is none", async () => {
		const text = async (onnx: string | null) =>
			new TextDecoder().decode((await placedPolicy(files, "policies/policy.json", onnx)).onnx);
		expect(await text(null)).toBe("ten");
		expect(await text("policies/late/step-20.onnx")).toBe("twenty");
		await expect(text("policies/step-99.onnx")).rejects.toThrow("There is no policies/step-99.onnx");
		await expect(placedPolicy(files, "bare/policy.json", null)).rejects.toThrow(/names no network to run/);
		await expect(placedModel(files, "nowhere/policy.json")).rejects.toThrow("There is no nowhere/policy.json");
	});

	test("its model comes with all that it names, and nothing from outside", async () => {
		const model = await collectModelFiles("robot/robot.xml", files);
		expect(model.files.map(({ path }) => path)).toEqual(["robot/robot.xml", "robot/parts/leg.stl"]);
		symlinkSync("/etc", join(root, "robot", "outside"));
		writeFileSync(join(root, "robot/robot.xml"), `<mujoco>\n<include file="outside/passwd"/></mujoco>`);
		const again = new PlaceFiles(new FolderArtifacts(root));
		await expect(collectModelFiles("robot/robot.xml", again)).rejects.toThrow(/robot\.xml, line 2|outside/);
	});
});

describe("the files of a place", () => {
	test("a file of several parts comes whole, and each folder is listed once, page by page", async () => {
		const whole = Uint8Array.from({ length: 1000 }, (_, at) => at % 251);
		const asked: string[] = [];
		const files = new PlaceFiles({
			list: async (folder, cursor) => {
				asked.push(`${folder}@${cursor}`);
				const entry = (path: string) => ({
					...{ path, isDir: false, sizeBytes: 1000, modifiedMs: null, storageClass: null },
				});
				return cursor === null ? { entries: [entry("a/x")], next: "2" } : { entries: [entry("a/y")], next: null };
			},
			// A server may give less than it was asked for.
			read: async (_path, { offset }) => ({ bytes: whole.slice(offset, offset + 300), totalBytes: 1000 }),
		});
		expect(await files.read("a/y")).toEqual(whole);
		expect(await files.read("a/z")).toBeNull();
		expect(asked).toEqual(["a@null", "a@2"]);
	});
});

test("what the viewer shows is told by the name", () => {
	const kinds = ["r.urdf", "a/b.MJCF", "p.onnx", "my-policy.json", "rollout-3.csv", "x.npz", "metrics.json", "a.pt"];
	expect(kinds.map(viewedKindOf)).toEqual([
		...["model", "model", "network", "policy", "rollout", "rollout"],
		...[null, null],
	]);
});
