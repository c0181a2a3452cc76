import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FolderArtifacts } from "../../../src/adapters/artifacts/folderArtifacts";
import { LocalArtifacts } from "../../../src/adapters/artifacts/localArtifacts";
import { readCheckpointContents } from "../../../src/adapters/artifacts/readCheckpointContents";
import type { ReadRange } from "../../../src/adapters/previews/rangeReader";
import { countCheckpoint } from "../../../src/core/artifacts/checkpointContents";
import { readCheckpoint } from "../../../src/ui/artifacts/readCheckpoint";

const python = process.env.GAMMA_PYTHON;

describe.skipIf(!python)("checkpoints as PyTorch and safetensors write them (needs GAMMA_PYTHON)", () => {
	const root = mkdtempSync(join(tmpdir(), "gamma-checkpoints-"));
	const artifacts = new LocalArtifacts(root);
	let readBytes = 0;
	beforeAll(async () => {
		const script = resolve(import.meta.dirname, "../../support/python/checkpointFiles.py");
		await promisify(execFile)(python ?? "", [script, root]);
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	async function contentsOf(name: string) {
		readBytes = 0;
		const read = async (range: { offset: number; length: number }) => {
			const part = await artifacts.read(name, range);
			readBytes += part.bytes.length;
			return part;
		};
		return readCheckpointContents(read, statSync(join(root, name)).size);
	}

	const tensors = [
		["optimizer_states.0.state.0.exp_avg", "float32", [1000, 64], 256_000],
		["state_dict.embed.weight", "float32", [1000, 64], 256_000],
		["state_dict.head.bias", "bfloat16", [1000], 2_000],
		["state_dict.head.weight", "float32", [1000, 64], 256_000],
		["state_dict.scale", "float32", [], 4],
	];

	test.each([
		...[1, 2, 3, 4, 5].map((protocol) => `protocol${protocol}.pt`),
		"deflated.pt",
		"many.pt",
		"zip64.pt",
		"legacy.pt",
	])("%s gives up its tensors, what lies beside them, and how many parameters there are", async (name) => {
		const contents = await contentsOf(name);
		expect(contents?.format).toBe("PyTorch");
		expect(contents?.tensors.map((each) => [each.name, each.dtype, each.shape, each.sizeBytes])).toEqual(tensors);
		expect(contents?.facts).toEqual([
			["epoch", "3"],
			["global_step", "1200"],
			["name", "größe"],
		]);
		// The embedding is the head's weight too, and counts once.
		expect(contents && countCheckpoint(contents)).toEqual({
			parameters: 65_001,
			optimizerValues: 64_000,
			sizeBytes: 514_004,
		});
	});

	test("only the header is read of what has megabytes behind it", async () => {
		await contentsOf("many.pt");
		const { size } = statSync(join(root, "many.pt"));
		expect(size).toBeGreaterThan(12_000_000);
		expect(readBytes).toBeLessThan(1_000_000);
	});

	test("a model in its wrapper, in eight bits, with its optimizer: names as they were saved", async () => {
		const contents = await contentsOf("wrapped.pt");
		expect(contents?.tensors.map((each) => [each.name, each.dtype, each.shape])).toEqual([
			["model.module.encoder.weight", "float8_e4m3fn", [64, 32]],
			["model.module.head.bias", "bfloat16", [1000]],
			["optimizer.state.0.exp_avg", "float32", [64, 32]],
		]);
		expect(contents?.facts).toEqual([["epoch", "7"]]);
		expect(contents && countCheckpoint(contents)).toMatchObject({ parameters: 3_048, optimizerValues: 2_048 });
	});

	test("several files are one checkpoint by their index, and what is gone of them is said", async () => {
		const place = new FolderArtifacts(root);
		const readers = { contents: (read: ReadRange, size: number | null) => readCheckpointContents(read, size) };
		const at = (path: string) => readCheckpoint(readers, place, { path, sizeBytes: null });
		const whole = await at("model.safetensors.index.json");
		expect(whole?.tensors.map(({ name, dtype, sizeBytes }) => [name, dtype, sizeBytes])).toEqual([
			["embed.weight", "float8_e5m2", 40],
			["head.bias", "float8_e5m2", 40],
			["head.weight", "float8_e5m2", 40],
		]);
		expect(whole?.facts).toEqual([
			["files", "2"],
			["total_size", "120"],
		]);
		const holey = await at("holey.safetensors.index.json");
		expect(holey?.tensors).toHaveLength(3);
		expect(holey?.facts).toContainEqual(["files that are missing", "model-00003-of-00002.safetensors"]);
		expect(holey?.facts).toContainEqual(["tensors that no file holds", "gone.weight"]);
	});

	test("what a pickle would run is not run, and what it holds is listed all the same", async () => {
		const contents = await contentsOf("hostile.pt");
		expect(contents?.tensors.map(({ name }) => name)).toContain("state_dict.head.bias");
		expect(existsSync(join(root, "ran"))).toBe(false);
	});

	test("lists of lists of lists, ten to the 64th of them, are each looked at once", async () => {
		expect((await contentsOf("laughs.pt"))?.tensors).toHaveLength(4);
	});

	test("safetensors says its tensors and its metadata", async () => {
		expect(await contentsOf("model.safetensors")).toEqual({
			format: "safetensors",
			tensors: [
				{ name: "head.bias", dtype: "float32", shape: [10], sizeBytes: 40, place: null },
				{ name: "head.weight", dtype: "bfloat16", shape: [10, 64], sizeBytes: 1280, place: null },
			],
			facts: [
				["format", "pt"],
				["step", "1200"],
			],
			isCut: false,
		});
	});

	test("a zip of something else and a text are no checkpoints", async () => {
		writeFileSync(join(root, "train.log"), "epoch 1, loss 0.3\n");
		expect(await contentsOf("other.zip")).toBeNull();
		expect(await contentsOf("train.log")).toBeNull();
	});

	test("a file that was cut anywhere ends in one sentence, or in less than there was", async () => {
		const whole = readFileSync(join(root, "model.safetensors"));
		for (const length of [9, 40, 200, whole.length - 1]) {
			writeFileSync(join(root, "cut.safetensors"), whole.subarray(0, length));
			const contents = await contentsOf("cut.safetensors").catch((error: Error) => error);
			if (contents !== null) expect(contents).toMatchObject({ name: "GammaError", code: "artifact.unreadable" });
		}
		const zip = readFileSync(join(root, "protocol2.pt"));
		for (const length of [100, zip.length >> 1, zip.length - 10]) {
			writeFileSync(join(root, "cut.pt"), zip.subarray(0, length));
			await expect(contentsOf("cut.pt")).rejects.toMatchObject({ code: "artifact.unreadable" });
		}
	});
});
