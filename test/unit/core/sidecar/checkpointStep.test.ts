import { expect, test } from "vitest";
import { stepOfPath } from "../../../../src/core/sidecar/checkpointStep";

test.each([
	["epoch=3-step=1200.ckpt", 1200],
	["checkpoint-500/model.safetensors", 500],
	["epoch_7.pt", 7],
	["ckpt-00040.index", 40],
	["model-12.pth", 12],
	["iter_000100.pth", 100],
	["resnet50.pt", null],
	["model_v2.pt", null],
	["last.pt", null],
	["best.h5", null],
])("%s is of step %s", (path, step) => expect(stepOfPath(path)).toBe(step));
