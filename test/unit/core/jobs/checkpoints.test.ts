import { expect, test } from "vitest";
import { checkpointsAmong, newestFirst, readManifest } from "../../../../src/core/jobs/checkpoints";

test("the sidecar's notes name each checkpoint with its step, size and time", () => {
	const text = JSON.stringify({
		version: 1,
		checkpoints: [
			{ path: "epoch_1.pt", sizeBytes: 10, sha256: "x", step: 1, metrics: { loss: 0.5 }, timestampMs: 1000 },
			{ path: "run/epoch_2.pt", sizeBytes: 20, sha256: "y", step: null, metrics: {}, timestampMs: 2000 },
		],
	});
	expect(newestFirst(readManifest(text))).toEqual([
		{ path: "checkpoints/run/epoch_2.pt", step: null, sizeBytes: 20, timestampMs: 2000 },
		{ path: "checkpoints/epoch_1.pt", step: 1, sizeBytes: 10, timestampMs: 1000 },
	]);
});

test("notes of another shape cost what they hold, not the rest", () => {
	expect(readManifest("{")).toEqual([]);
	expect(readManifest("[]")).toEqual([]);
	expect(readManifest('{"checkpoints":[{"path":3},7,{"path":"a.pt","step":"x"}]}')).toEqual([
		{ path: "checkpoints/a.pt", step: null, sizeBytes: null, timestampMs: null },
	]);
});

test("without notes, files that look like checkpoints, by the step in their name", () => {
	const file = (path: string) => ({ path, isDir: false, sizeBytes: 5 });
	const found = checkpointsAmong([
		file("checkpoints/step=200.ckpt"),
		file("checkpoints/step=1000.ckpt"),
		file("checkpoints/best.pt"),
		file("checkpoints/readme.md"),
		{ path: "checkpoints/x.pt", isDir: true, sizeBytes: null },
	]);
	expect(newestFirst(found).map(({ path, step }) => [path, step])).toEqual([
		["checkpoints/step=1000.ckpt", 1000],
		["checkpoints/step=200.ckpt", 200],
		["checkpoints/best.pt", null],
	]);
});
