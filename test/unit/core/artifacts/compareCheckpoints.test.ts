import { describe, expect, test } from "vitest";
import {
	type CheckpointContents,
	type CheckpointTensor,
	countCheckpoint,
	tensorBytes,
} from "../../../../src/core/artifacts/checkpointContents";
import { checkpointText } from "../../../../src/core/artifacts/checkpointText";
import { compareCheckpoints, diffTensors } from "../../../../src/core/artifacts/compareCheckpoints";

const tensor = (name: string, shape: readonly number[], dtype = "float32"): CheckpointTensor => ({
	...{ name, dtype, shape },
	...{ sizeBytes: tensorBytes(dtype, shape), place: null },
});
const contents = (
	tensors: readonly CheckpointTensor[],
	facts: CheckpointContents["facts"] = [],
): CheckpointContents => ({ format: "PyTorch", tensors, facts, isCut: false });

describe("two checkpoints", () => {
	const before = contents(
		[tensor("bias", [10]), tensor("old", [2]), tensor("weight", [10, 64])],
		[
			["epoch", "3"],
			["lr", "0.1"],
		],
	);
	const after = contents(
		[tensor("bias", [10]), tensor("new", []), tensor("weight", [12, 64], "bfloat16")],
		[
			["epoch", "4"],
			["lr", "0.1"],
		],
	);

	test("differ by names, shapes and types", () => {
		const { added, removed, changed, same } = diffTensors(before.tensors, after.tensors);
		expect(added.map(({ name }) => name)).toEqual(["new"]);
		expect(removed.map(({ name }) => name)).toEqual(["old"]);
		expect(changed.map(({ after: { name } }) => name)).toEqual(["weight"]);
		expect(same).toBe(1);
	});

	test("are the same where one was only saved inside its wrapper", () => {
		const names = (...all: readonly string[]) => contents(all.map((name) => tensor(name, [10])));
		const side = { metrics: {}, step: null };
		const compare = (a: CheckpointContents, b: CheckpointContents) =>
			compareCheckpoints({ ...side, name: "a", contents: a }, { ...side, name: "b", contents: b });
		const bare = names("state_dict.bias", "state_dict.weight");
		for (const wrapper of ["module.", "_orig_mod.", "_orig_mod.module."]) {
			const text = compare(bare, names(`state_dict.${wrapper}bias`, `state_dict.${wrapper}weight`));
			expect(text).toContain("The same tensors, by name, type and shape.\nOne was saved inside its wrapper");
		}
		// A part of a model may be called so.
		const parts = compare(names("module.a"), names("module.b"));
		expect(parts).toContain("Tensors: 1 added, 1 removed.");
		expect(parts).not.toContain("wrapper");
	});

	test("are told with the answer first, then figures, tensors and what they say of themselves", () => {
		const side = { metrics: { "val/acc": 0.5 }, step: 100 };
		const text = compareCheckpoints(
			{ ...side, name: "a.pt", contents: before },
			{ name: "b.pt", contents: after, metrics: { "val/acc": 0.75, "val/loss": Number.NaN }, step: 1200 },
		);
		const [title, sentence] = text.split("\n");
		expect(title).toBe("a.pt  →  b.pt");
		expect(sentence).toBe("Tensors: 1 changed, 1 added, 1 removed.");
		const cells = text.split("\n").map((line) => line.trim().split(/ {2,}/));
		expect(cells).toContainEqual(["step", "100", "1,200", "+1,100"]);
		expect(cells).toContainEqual(["parameters", "652", "779", "+127"]);
		expect(cells).toContainEqual(["val/acc", "0.5", "0.75", "+0.25"]);
		expect(cells).toContainEqual(["val/loss", "–", "NaN"]);
		expect(cells).toContainEqual(["weight", "float32 [10, 64]", "→", "bfloat16 [12, 64]"]);
		expect(cells).toContainEqual(["epoch", "3", "→", "4"]);
		expect(text).not.toContain("lr");
	});

	test("that are alike say so", () => {
		const side = { name: "a.pt", contents: before, metrics: {}, step: null };
		expect(compareCheckpoints(side, side)).toContain("The same tensors, by name, type and shape.");
	});
});

describe("one checkpoint", () => {
	test("counts what an optimizer keeps apart, and tied weights once", () => {
		const tied = { ...tensor("a", [5]), place: "0:0:5" };
		const tensors = [tied, { ...tied, name: "b" }, tensor("optimizer.state.0", [3])];
		expect(countCheckpoint({ tensors })).toEqual({ parameters: 5, optimizerValues: 3, sizeBytes: 32 });
	});

	test("is a text in which a name with a line break stays one row", () => {
		const text = checkpointText("x.pt", contents([tensor("evil\nTensors: none", [1])]));
		expect(text).toContain("PyTorch: 1 tensors, 1 parameters, 4 bytes.");
		expect(text.split("\n").filter((line) => line.includes("evil"))).toHaveLength(1);
	});
});
